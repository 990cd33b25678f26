class NotThere(Exception):
    pass
