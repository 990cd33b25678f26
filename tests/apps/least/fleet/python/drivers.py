import os

import boto3

idp = boto3.client("cognito-idp")


class Pool:
    def __init__(self, pool_id):
        self.arguments = {"UserPoolId": pool_id}

    def enrol(self, email, group):
        user = idp.admin_create_user(
            Username=email, UserAttributes=[{"Name": "email", "Value": email}], MessageAction="SUPPRESS", **self.arguments
        )["User"]
        idp.admin_add_user_to_group(Username=user["Username"], GroupName=group, **self.arguments)
        return user["Username"]

    def expel(self, email):
        idp.admin_delete_user(Username=email, **self.arguments)


def enrol(event, context):
    return {"driver": Pool(os.environ["DEVICE_POOL"]).enrol(event["email"], "drivers")}
