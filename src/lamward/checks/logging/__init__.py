"""What functions write down: traces, logs and how long they are kept."""
