"""What the functions of the depot share."""

from .clients import AwsClients
from .retries import retry
from .store import ParcelStore

__all__ = ["AwsClients", "ParcelStore", "retry"]
