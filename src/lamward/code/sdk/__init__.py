"""What AWS's SDKs can call: services, operations, and the objects that stand for resources."""
