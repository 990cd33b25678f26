"""The SAM transform on positioned values: each derived resource points at the property that caused it."""
