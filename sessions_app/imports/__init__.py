"""A file of past sessions: read, judged line by line, decided as a whole, written."""
