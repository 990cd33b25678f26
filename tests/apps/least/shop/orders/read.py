from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths

from repository import OrderRepository

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver()
orders = OrderRepository()


@app.get("/orders/<order_id>")
@tracer.capture_method
def get_order(order_id: str):
    order = orders.find(order_id)
    if order is None:
        raise NotFoundError("no such order")
    return order


@app.get("/customers/<customer>/orders")
def list_orders(customer: str):
    return {"orders": orders.of_customer(customer)}


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
def lambda_handler(event, context):
    return app.resolve(event, context)
