"""Fuzzers: what no input may do to lamward."""
