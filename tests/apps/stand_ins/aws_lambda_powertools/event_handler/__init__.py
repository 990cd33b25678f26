import re


class APIGatewayRestResolver:
    def __init__(self):
        self.routes = []

    def get(self, path):
        shape = re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path))

        def register(function):
            self.routes.append((shape, function))
            return function

        return register

    def resolve(self, event, _context):
        for shape, function in self.routes:
            found = shape.fullmatch(event["path"])
            if found:
                return {"statusCode": 200, "body": function(**found.groupdict())}
        return {"statusCode": 404}
