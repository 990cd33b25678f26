"""Checks of the stores of data around functions, and of the keys that protect them."""
