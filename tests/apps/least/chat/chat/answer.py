from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import boto3

from .history import History

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

bedrock: BedrockRuntimeClient = boto3.client("bedrock-runtime")
sockets = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["SOCKET_ENDPOINT"])


def stream(messages: list[dict], system: str):
    answer = bedrock.converse_stream(
        modelId=os.environ["MODEL_ID"],
        messages=messages,
        system=[{"text": system}],
        inferenceConfig={"maxTokens": 1024},
    )
    for part in answer["stream"]:
        if delta := part.get("contentBlockDelta"):
            yield delta["delta"]["text"]


def say(connection: str, text: str) -> None:
    try:
        sockets.post_to_connection(ConnectionId=connection, Data=json.dumps({"text": text}).encode())
    except sockets.exceptions.GoneException:
        print("gone", connection)


def handler(event, context):
    body = json.loads(event["body"])
    history = History(body["chat"])
    turns = [{"role": turn["role"], "content": [{"text": turn["text"]}]} for turn in history.last()]
    turns.append({"role": "user", "content": [{"text": body["text"]}]})
    said = []
    for piece in stream(turns, "Be brief."):
        said.append(piece)
        say(event["requestContext"]["connectionId"], piece)
    history.add(("user", body["text"]), ("assistant", "".join(said)))
    return {"statusCode": 200}
