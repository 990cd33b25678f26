"""What calls of the AWS SDKs need: actions, on which resources, under which conditions."""
