"""Timings of the real command beside its peers."""
