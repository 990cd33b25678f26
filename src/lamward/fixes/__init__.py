"""Repairs: from a check's symbolic edits to verified, atomically written text."""
