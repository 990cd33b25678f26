class correlation_paths:
    API_GATEWAY_REST = "requestContext.requestId"
