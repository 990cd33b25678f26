from os import environ

THUMBNAILS = environ["THUMBNAIL_BUCKET"]
TABLE = environ.get("MEDIA_TABLE", "media")
SIZES = {"small": 128, "large": 1024}
