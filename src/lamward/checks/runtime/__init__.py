"""What functions run on: runtimes, their settings, and whose code they accept."""
