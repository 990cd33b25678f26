"""What feeds functions and where failed events go: queues, topics, buckets, streams, destinations."""
