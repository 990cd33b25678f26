"""What the roles of functions may do, and who may take them."""
