"""Clients of the API that others' generators make from its description, driven against a running Medspil."""
