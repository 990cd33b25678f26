"""The IAM engine: pure and exact, releasable alone."""
