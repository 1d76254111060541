"""Drills: the real processes are killed and cut off while people answer forms, and what is left is counted."""
