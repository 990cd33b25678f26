import os
from dataclasses import dataclass, field
from functools import cached_property

import boto3


@dataclass
class AwsClients:
    """All clients, each made when somebody first asks for it."""

    region: str = field(default_factory=lambda: os.environ.get("AWS_REGION", "eu-west-1"))
    profile: str | None = None

    @cached_property
    def session(self):
        return boto3.Session(region_name=self.region, profile_name=self.profile)

    @cached_property
    def tables(self):
        return self.session.resource("dynamodb")

    @cached_property
    def topics(self):
        return self.session.client("sns")

    @cached_property
    def mail(self):
        return self.session.client("ses")
