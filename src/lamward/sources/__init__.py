"""From text to the model: one room a dialect, all of them made of positioned nodes and values."""
