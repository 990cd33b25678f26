"""What the measurement of least policies needs besides: a peer's reference, and the figures of the first run."""
