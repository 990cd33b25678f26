from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from loans import routes
from loans.errors import NotThere

app = APIGatewayRestResolver(enable_validation=True)
app.include_router(routes.router, prefix="/loans")

logger = Logger()
tracer = Tracer()
metrics = Metrics(namespace="Library")


@app.exception_handler(NotThere)
def not_there(error: NotThere):
    raise NotFoundError(str(error))


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict, context: LambdaContext) -> dict:
    return app.resolve(event, context)
