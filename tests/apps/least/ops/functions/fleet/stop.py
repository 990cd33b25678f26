"""Stops machines that say they are idle."""
import logging

import boto3

LOGGER = logging.getLogger(__name__)
LOGGER.setLevel(logging.INFO)


def idle(ec2):
    paginator = ec2.get_paginator("describe_instances")
    filters = [{"Name": "tag:idle", "Values": ["true"]}, {"Name": "instance-state-name", "Values": ["running"]}]
    for page in paginator.paginate(Filters=filters):
        for reservation in page["Reservations"]:
            for instance in reservation["Instances"]:
                yield instance["InstanceId"]


def handler(event, context):
    regions = event.get("regions", ["eu-west-1"])
    for region in regions:
        ec2 = boto3.client("ec2", region_name=region)
        ids = list(idle(ec2))
        if ids:
            LOGGER.info("stopping %s", ids)
            ec2.stop_instances(InstanceIds=ids)
            ec2.create_tags(Resources=ids, Tags=[{"Key": "stopped-by", "Value": "chores"}])


def terminate(ids):
    boto3.resource("ec2").instances.filter(InstanceIds=ids).terminate()
