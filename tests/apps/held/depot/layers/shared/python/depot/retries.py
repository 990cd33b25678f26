import functools
import random
import time

from botocore.exceptions import ClientError


def retry(times: int = 3, codes: tuple[str, ...] = ("ThrottlingException",)):
    """Try again when AWS asks to slow down."""

    def decorate(function):
        @functools.wraps(function)
        def attempt(*args, **kwargs):
            for left in range(times, 0, -1):
                try:
                    return function(*args, **kwargs)
                except ClientError as error:
                    if left == 1 or error.response["Error"]["Code"] not in codes:
                        raise
                    time.sleep(random.random() * 2 ** (times - left))

        return attempt

    return decorate
