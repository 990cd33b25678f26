"""GET /parcels/{id} and POST /parcels/{id}/scan."""

import json
import os
from typing import Protocol

from depot import AwsClients, ParcelStore


class Announcer(Protocol):
    def publish(self, parcel: str) -> None: ...


class TopicAnnouncer:
    def __init__(self, clients: AwsClients, topic: str) -> None:
        self.clients = clients
        self.topic = topic

    def publish(self, parcel: str) -> None:
        self.clients.topics.publish(TopicArn=self.topic, Message=json.dumps({"parcel": parcel}))


class MailAnnouncer:
    """Was used before there was a topic."""

    def __init__(self, clients: AwsClients) -> None:
        self.clients = clients

    def publish(self, parcel: str) -> None:
        self.clients.mail.send_email(
            Source="depot@example.com",
            Destination={"ToAddresses": ["yard@example.com"]},
            Message={"Subject": {"Data": parcel}, "Body": {"Text": {"Data": parcel}}},
        )


class TrackParcel:
    """The function itself; what it needs is handed to it."""

    def __init__(self, store: ParcelStore, announcer: Announcer) -> None:
        self.store = store
        self.announcer = announcer
        self.routes = {"GET": self.read, "POST": self.scan}

    def __call__(self, event, context):
        parcel = event["pathParameters"]["id"]
        route = self.routes.get(event["httpMethod"], self.refuse)
        status, body = route(parcel)
        return {"statusCode": status, "body": json.dumps(body, default=str)}

    def read(self, parcel):
        found = self.store.find(parcel)
        return (200, found) if found else (404, {"message": "no such parcel"})

    def scan(self, parcel):
        self.store.mark(parcel, "arrived")
        self.announcer.publish(parcel)
        return 202, {}

    def refuse(self, parcel):
        return 405, {}


def build() -> TrackParcel:
    clients = AwsClients()
    return TrackParcel(ParcelStore(clients), TopicAnnouncer(clients, os.environ["ARRIVAL_TOPIC"]))


handler = build()
