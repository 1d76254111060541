"""Sessions, ratings, notes and alerts for other systems."""
