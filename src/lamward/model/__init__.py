"""The nouns: frozen values that every other room of lamward speaks of."""
