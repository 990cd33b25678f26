"""Compute besides functions: web functions, MicroVM images, capacity providers, durable executions."""
