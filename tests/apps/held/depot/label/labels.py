"""Makes a label for each parcel of a list and has it printed."""

import itertools
import json
import os
from functools import partial, reduce
from operator import itemgetter

import boto3
from boto3 import Session

session = Session()
clients = {name: session.client(name) for name in ("s3", "sqs", "translate")}

store_label = partial(clients["s3"].put_object, Bucket=os.environ["LABEL_BUCKET"], ContentType="text/plain")
enqueue = partial(clients["sqs"].send_message_batch, QueueUrl=os.environ["PRINT_QUEUE"])
in_language = lambda text, to="de": clients["translate"].translate_text(  # noqa: E731
    Text=text, SourceLanguageCode="en", TargetLanguageCode=to
)["TranslatedText"]


def parcels(event):
    """Give the parcels of an event, heaviest first."""
    yield from sorted(event["parcels"], key=itemgetter("weight"), reverse=True)


def labels(found):
    for parcel in found:
        note = in_language(parcel["note"]) if parcel.get("abroad") else parcel["note"]
        yield parcel["id"], f"{parcel['address']}\n{note}"


def stored(made):
    for parcel, text in made:
        key = f"labels/{parcel}.txt"
        store_label(Key=key, Body=text.encode())
        yield {"Id": parcel, "MessageBody": json.dumps({"key": key})}


def by(size, rows):
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def handler(event, context):
    pipeline = reduce(lambda rows, step: step(rows), (labels, stored), parcels(event))
    return sum(len(enqueue(Entries=chunk)["Successful"]) for chunk in by(10, pipeline))
