import os
import uuid
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from pydantic import BaseModel

from .errors import NotThere
from .tables import loans, transact

router = Router()
once = DynamoDBPersistenceLayer(table_name=os.environ["SEEN"])


class Wish(BaseModel):
    isbn: str
    reader: str


@router.post("/")
def lend(wish: Wish) -> dict:
    return place(wish=wish)


@idempotent_function(
    data_keyword_argument="wish",
    persistence_store=once,
    config=IdempotencyConfig(event_key_jmespath="[isbn, reader]", expires_after_seconds=600),
)
def place(wish: Wish) -> dict:
    loan = str(uuid.uuid4())
    transact(loan, wish.isbn, wish.reader)
    return {"loan": loan}


@router.get("/<loan>")
def read(loan: Annotated[str, Path()]) -> dict:
    if not (found := loans.get_item(Key={"loan": loan}, ConsistentRead=True).get("Item")):
        raise NotThere(loan)
    return found


@router.delete("/<loan>")
def forget(loan: str) -> Response:
    loans.delete_item(Key={"loan": loan})
    return Response(status_code=204)


def everything() -> list:
    return loans.scan()["Items"]
