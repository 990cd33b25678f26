"""Lets readers in: each way to say who one is has a class."""

import os
from abc import ABC, ABCMeta, abstractmethod

import boto3

cognito = boto3.client("cognito-idp")


class Registered(ABCMeta):
    known: dict = {}

    def __new__(mcs, name, bases, body, scheme=None, **rest):
        made = super().__new__(mcs, name, bases, body, **rest)
        if scheme:
            mcs.known[scheme] = made
        return made


class Scheme(ABC, metaclass=Registered):
    @abstractmethod
    def groups(self, credentials): ...


class Token(Scheme, scheme="Bearer"):
    def groups(self, credentials):
        user = cognito.get_user(AccessToken=credentials)["Username"]
        answer = cognito.admin_list_groups_for_user(UserPoolId=os.environ["POOL"], Username=user)
        return [each["GroupName"] for each in answer["Groups"]]


class Card(Scheme, scheme="Card"):
    def groups(self, credentials):
        answer = boto3.client("secretsmanager").get_secret_value(SecretId="library/cards")
        return ["reader"] if credentials in answer["SecretString"].split() else []


def policy(effect, resource):
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def authorize(event, context):
    scheme, _, credentials = event["authorizationToken"].partition(" ")
    try:
        groups = Registered.known[scheme]().groups(credentials)
    except (KeyError, cognito.exceptions.NotAuthorizedException):
        groups = []
    effect = "Allow" if groups else "Deny"
    return {"principalId": credentials[:8], "policyDocument": policy(effect, event["methodArn"])}
