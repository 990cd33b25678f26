"""What is measured: templates of the corpus, one small template, and generated ones of growing size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"

SMALL = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs18.x
    Timeout: 10
Resources:
  Table:
    Type: AWS::Serverless::SimpleTable
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Handler: save.handler
      CodeUri: src/
      Environment: {Variables: {TABLE: !Ref Table}}
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
        - Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]
      Events:
        Post: {Type: Api, Properties: {Path: /orders, Method: post}}
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Handler: hook.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: NONE}
"""

FUNCTION = """\
  Function{number}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Environment: {{Variables: {{TABLE: !Ref Table}}}}
      Policies:
        - DynamoDBReadPolicy: {{TableName: !Ref Table}}
      Events:
        Get: {{Type: Api, Properties: {{Path: /things/{number}, Method: get}}}}
        Queue: {{Type: SQS, Properties: {{Queue: !GetAtt Queue{number}.Arn}}}}
  Queue{number}:
    Type: AWS::SQS::Queue
    Properties: {{VisibilityTimeout: 60}}
"""


def small(folder: Path) -> Path:
    """Write the small template."""
    folder.mkdir(parents=True)
    path = folder / "template.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def generated(folder: Path, functions: int) -> Path:
    """Write one template with so many functions."""
    folder.mkdir(parents=True)
    path = folder / "template.yaml"
    head = 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n'
    table = "  Table:\n    Type: AWS::Serverless::SimpleTable\n"
    body = "".join(FUNCTION.format(number=number) for number in range(functions))
    path.write_text(head + table + body, encoding="utf-8")
    return path


def serverless(folder: Path, count: int) -> list[Path]:
    """Copy the first so many SAM templates of the corpus that have functions."""
    return [_copied(folder, path) for path in list(_serverless())[:count]]


def _serverless() -> Iterator[Path]:
    for line in (CORPUS / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        path, kind, functions, _ = line.split("\t")
        if kind == "sam" and functions != "0":
            yield CORPUS / path


def _copied(folder: Path, path: Path) -> Path:
    target = folder / path.relative_to(CORPUS / "templates")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    return target


PYTHON = """
def f{number}(event, key, *, bucket="b{number}"):
    name = f"in/{{key}}/{number}" if event.get("x") else key + "/y"
    for row in s3.get_object(**{{"Bucket": bucket, "Key": name}})["Rows"]:
        table.put_item(Item={{"id": row["id"], "v": [x for x in row["v"] if x]}})
    return {{k: v for k, v in event.items()}}
"""

JAVASCRIPT = """
async function step{number}(event, client) {{
  const params = {{ TableName: process.env.TABLE, Key: {{ id: event.id, part: `p-${{event.part}}-{number}` }} }};
  try {{
    const {{ Item = {{}} }} = await client.send(new GetCommand(params));
    for (const each of Item.list ?? []) {{
      if (each.kind === "a" && each.size > {number}) await save{number}(each);
    }}
    return Item;
  }} catch (error) {{
    console.error(`failed ${{error.message}}`);
  }}
}}
const save{number} = async ({{ id, ...rest }}) =>
  db.send(new PutCommand({{ TableName: "t{number}", Item: {{ id, ...rest }} }}));
"""


def python(functions: int) -> str:
    """Write a program whose handler calls so many functions, each of which calls AWS twice."""
    numbers = range(1000, 1000 + functions)
    head = "import boto3\ns3 = boto3.client('s3')\ntable = boto3.resource('dynamodb').Table('t')\n"
    body = "".join(PYTHON.format(number=number) for number in numbers)
    steps = "".join(f"    f{number}(event, event['k{number}'])\n" for number in numbers)
    return f"{head}{body}def handler(event, context):\n{steps}"


def javascript(functions: int) -> str:
    """Write the same in JavaScript."""
    numbers = range(1000, 1000 + functions)
    head = (
        "import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';\n"
        "const db = DynamoDBDocumentClient.from({});\n"
    )
    body = "".join(JAVASCRIPT.format(number=number) for number in numbers)
    steps = "".join(f"  await step{number}(event, db);\n" for number in numbers)
    return f"{head}{body}export const handler = async (event) => {{\n{steps}}};\n"
