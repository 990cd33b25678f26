"""Where functions stand in a network: security groups, availability zones."""
