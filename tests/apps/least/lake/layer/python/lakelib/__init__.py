"""What all functions of the lake share."""
from .store import Lake, split_url

__all__ = ["Lake", "split_url"]
