"""Clients and episodes for other systems."""
