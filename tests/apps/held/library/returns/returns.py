"""Books that come back, ten a batch."""

import io
import json
import os
from dataclasses import asdict, dataclass
from decimal import Decimal

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

processor = BatchProcessor(event_type=EventType.SQS)


@dataclass(slots=True, kw_only=True)
class Desk:
    """What a return is done with."""

    loans: "boto3.resources.base.ServiceResource"
    storage: object
    functions: object
    receipts: str

    @classmethod
    def open(cls):
        return cls(
            loans=boto3.resource("dynamodb").Table(os.environ["LOANS"]),
            storage=boto3.client("s3"),
            functions=boto3.client("lambda"),
            receipts=os.environ["RECEIPTS"],
        )

    def close(self, loan: str) -> dict:
        answer = self.loans.update_item(
            Key={"loan": loan},
            UpdateExpression="SET returned = :yes",
            ExpressionAttributeValues={":yes": True},
            ReturnValues="ALL_NEW",
        )
        return answer["Attributes"]

    def receipt(self, receipt: "Receipt") -> None:
        body = io.BytesIO(json.dumps(asdict(receipt), default=str).encode())
        self.storage.upload_fileobj(body, self.receipts, f"receipts/{receipt.loan}.json")

    def fine(self, receipt: "Receipt") -> None:
        self.functions.invoke(
            FunctionName=os.environ["FINES"],
            Qualifier="live",
            InvocationType="Event",
            Payload=json.dumps(asdict(receipt), default=str),
        )


@dataclass
class Receipt:
    loan: str
    days: int
    owed: Decimal = Decimal(0)

    def upload_file(self, *args) -> None:
        raise NotImplementedError


desk = Desk.open()


def take(record: SQSRecord) -> None:
    loan = record.json_body["loan"]
    closed = desk.close(loan)
    receipt = Receipt(loan, int(closed["days"]))
    if late := max(0, receipt.days - 21):
        receipt.owed = Decimal("0.2") * late
        desk.fine(receipt)
    desk.receipt(receipt)


def handler(event, context):
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
