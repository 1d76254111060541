"""The municipalities of a country: official codes, names, and a place for each in a map of tiles."""
