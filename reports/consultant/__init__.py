"""A case as a consultant from outside sees it."""
