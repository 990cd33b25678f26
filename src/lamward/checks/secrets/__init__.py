"""Secrets in environments, parameters and outputs, and the keys that protect them."""
