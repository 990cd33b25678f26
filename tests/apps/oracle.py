"""Run the functions of one application under moto with policies that are enforced, and say what was asked and denied.

A program: `python -m tests.apps.oracle FOLDER` reads the policies by function from its input, as JSON in template form,
and writes by function what happened: with the whole policy, and again without each statement that the run needed. Every
run is a process of its own, so that nothing is kept from one to the next. Only our own fixtures are ever run.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import botocore.client
from botocore.exceptions import ClientError
from moto import mock_aws

from lamward.iam import documents
from lamward.iam.evaluate import prepare
from lamward.model.access import Policies, Request
from tests.apps.asked import asked
from tests.apps.deployment import ACCOUNT, REGION, Deployment
from tests.apps.exercises import EVENTS, create
from tests.apps.truth import granted, within

# Keys and roles leave it to the account who may use them: without a policy of their own nobody may.
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": ["kms:*", "sts:*"],
            "Resource": "*",
        }
    ],
}

STAND_INS: Final = Path(__file__).parent / "stand_ins"
OWN_KEY: Final = "AKIAOWNROLEOFFUNCTION"

_OWN_CREDENTIALS: Final[Any] = {"core": {"mock_credentials": False}}

# What moto has not, or has only with packages that are not installed here: whether the call is allowed is asked all the
# same, the answer is ours.
_ANSWERS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "athena.GetQueryExecution": lambda: {"QueryExecution": {"Status": {"State": "SUCCEEDED"}}},
    "athena.GetQueryResults": lambda: {"ResultSet": {"Rows": []}},
    "bedrock-agent-runtime.Retrieve": lambda: {"retrievalResults": []},
    "bedrock-runtime.ConverseStream": lambda: {"stream": [{"contentBlockDelta": {"delta": {"text": "hi"}}}]},
    "bedrock-runtime.InvokeModel": lambda: {"body": io.BytesIO(b'{"results": [{"outputText": "so"}]}')},
    "apigatewaymanagementapi.PostToConnection": dict,
    "cognito-idp.AdminAddUserToGroup": dict,
    "cognito-idp.AdminCreateUser": lambda: {"User": {"Username": "d"}},
    "dynamodb.ExecuteStatement": lambda: {"Items": [{"id": {"S": "v"}}]},
    "ecs.RunTask": lambda: {"failures": [], "tasks": [{"taskArn": "task"}]},
    "glue.GetJobRuns": lambda: {"JobRuns": []},
    "glue.StartJobRun": lambda: {"JobRunId": "1"},
    "iot-data.Publish": dict,
    "lambda.Invoke": lambda: {"StatusCode": 202},
    "mediaconvert.CreateJob": lambda: {"Job": {"Id": "1"}},
    "rekognition.DetectLabels": lambda: {"Labels": [{"Name": "Cat"}]},
    "secretsmanager.UpdateSecretVersionStage": dict,
    "ssm.ListCommandInvocations": lambda: {"CommandInvocations": []},
}


class Gate:
    """Asks the policy about each request before it is sent, and refuses as AWS would."""

    def __init__(self, policy: dict[str, Any]) -> None:
        identity = (documents.policy(policy),)
        self.evaluator = prepare(Policies(identity=identity))
        self.trusting = prepare(Policies(identity=identity, resource=documents.policy(_TRUST)))
        self.caller = documents.caller(f"arn:aws:iam::{ACCOUNT}:role/function")
        self.asked: list[list[str]] = []
        self.denied: list[list[str]] = []
        self.remote: list[str] = []

    def passes(self, client: Any, operation: str, given: dict[str, Any]) -> bool:
        service = client.meta.service_model.service_name
        if client._request_signer._credentials.access_key != OWN_KEY:
            self.remote.append(f"{service}.{operation}")  # another role's, whose policy this is not
            return True
        for action, resource, context in asked(
            service, operation, given, client.meta.region_name, client.meta.endpoint_url
        ):
            self.asked.append([action, resource])
            request = Request(self.caller, action, resource, context)
            evaluator = self.trusting if action.startswith(("kms:", "sts:")) else self.evaluator
            if not evaluator.decide(request).allowed:
                self.denied.append([action, resource])
                return False
        return True


def _enforce(gate: Gate) -> None:
    original = botocore.client.BaseClient._make_api_call

    def call(client: Any, operation: str, given: dict[str, Any]) -> Any:
        if not gate.passes(client, operation, given):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": str(gate.denied[-1])}}, operation)
        answer = _ANSWERS.get(f"{client.meta.service_model.service_name}.{operation}")
        return answer() if answer else original(client, operation, given)

    botocore.client.BaseClient._make_api_call = call


def tried(deployment: Deployment, function: str, policy: dict[str, Any]) -> dict[str, Any]:
    """Run a function under its policy in template form, and without each of the statements that the run needed."""
    properties = deployment.functions[function]
    code = deployment.folder / (properties["CodeUri"] if "CodeUri" in properties else properties["Code"])
    sys.path[:0] = [str(code), str(deployment.folder / "layer" / "python"), str(STAND_INS)]
    with mock_aws(config=_OWN_CREDENTIALS):
        deployment.made = create(deployment)
        event = EVENTS[function](deployment)
        variables = properties["Environment"]["Variables"]
        os.environ.update({name: deployment.text(value) for name, value in variables.items()})
        events = event.get("both", [event])

        def once(statements: list[Any]) -> dict[str, Any]:
            gate = Gate(_concrete(deployment, {**policy, "Statement": statements}))
            _enforce(gate)
            error = _called(properties["Handler"], function, events)
            return {"asked": gate.asked, "denied": gate.denied, "remote": gate.remote, "error": error}

        statements = policy["Statement"]
        whole = _apart(partial(once, statements))
        needed = _needed(deployment, statements, whole.get("asked", ()))
        less = [_apart(partial(once, _without(statements, number))) for number in needed]
    return {"whole": whole, "without": less}


def _called(handler: str, function: str, events: list[dict[str, Any]]) -> str:
    module, _, name = handler.rpartition(".")
    context = SimpleNamespace(
        function_name=function, invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
    )
    try:
        called = getattr(importlib.import_module(module), name)
        for event in events:
            called(event, context)
    except Exception:  # noqa: BLE001 (whatever it is, the test shows it)
        return traceback.format_exc(limit=-3)
    return ""


def _concrete(deployment: Deployment, policy: dict[str, Any]) -> dict[str, Any]:
    """Put what is deployed in the places of references, everywhere in a policy."""

    def put(value: Any) -> Any:
        if (
            isinstance(value, dict)
            and len(value) == 1
            and next(iter(value)) in {"Ref", "Fn::GetAtt", "Fn::Sub"}
        ):
            return deployment.text(value)
        if isinstance(value, dict):
            return {key: put(each) for key, each in value.items()}
        return [put(each) for each in value] if isinstance(value, list) else value

    concrete: dict[str, Any] = put(policy)
    return concrete


def _apart(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do work in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = json.dumps(work())
        except BaseException:  # noqa: BLE001 (likewise)
            told = json.dumps({"failed": traceback.format_exc()})
        with os.fdopen(writing, "w") as out:
            out.write(told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    os.waitpid(child, 0)
    return found


def _needed(deployment: Deployment, statements: list[Any], requests: Iterable[list[str]]) -> list[int]:
    """Number the statements without which something that was asked would be denied, by actions and resources alone."""
    found = []
    for number in range(len(statements)):
        others = granted(deployment, [{"Statement": _without(statements, number)}])
        if any(not within((action, resource), others) for action, resource in requests):
            found.append(number)
    return found


def _without(statements: list[Any], number: int) -> list[Any]:
    return [each for at, each in enumerate(statements) if at != number]


def main() -> int:
    """Run every function of the input."""
    deployment = Deployment(Path(sys.argv[1]))
    os.environ.update(
        AWS_ACCESS_KEY_ID=OWN_KEY, AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION=REGION, AWS_REGION=REGION,
        MOTO_ACCOUNT_ID=ACCOUNT, AWS_LAMBDA_FUNCTION_NAME="function",
    )  # fmt: skip
    policies = json.load(sys.stdin)
    sys.stdout, out = io.StringIO(), sys.stdout
    with mock_aws(config=_OWN_CREDENTIALS):  # so that what is slow to load is there for all
        deployment.made = create(deployment)
        for function in policies:
            EVENTS[function](deployment)
    deployment.made = {}
    told = {name: _apart(partial(tried, deployment, name, policy)) for name, policy in policies.items()}
    json.dump(told, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
