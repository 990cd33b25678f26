"""Least-privilege roles of functions: told in words, as data, and as templates write them."""
