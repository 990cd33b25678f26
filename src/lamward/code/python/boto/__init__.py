"""What AWS's SDK for Python does: sessions, clients, and the resources above them."""
