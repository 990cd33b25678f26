import json
import os

import boto3

agent = boto3.client("bedrock-agent-runtime")
runtime = boto3.client("bedrock-runtime")


def passages(question):
    found = agent.retrieve(
        knowledgeBaseId=os.environ["KNOWLEDGE_BASE_ID"],
        retrievalQuery={"text": question},
        retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": 5}},
    )
    return [each["content"]["text"] for each in found["retrievalResults"]]


def handler(event, context):
    question = event["question"]
    prompt = "\n\n".join([*passages(question), question])
    answer = runtime.invoke_model(
        modelId="amazon.titan-text-express-v1", body=json.dumps({"inputText": prompt}), contentType="application/json"
    )
    return json.load(answer["body"])["results"][0]["outputText"]
