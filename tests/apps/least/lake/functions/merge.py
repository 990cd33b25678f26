import os
import tempfile

from lakelib import Lake

lake = Lake()


def handler(event, context):
    day = event["day"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "merged.jsonl")
        with open(path, "wb") as merged:
            for key in lake.names("validated"):
                zone, name = key.split("/", 1)
                merged.write(lake.get(zone, name))
        lake.s3.upload_file(path, lake.bucket, f"merged/{day}.jsonl")
    return {"day": day}
