"""Invite many people from a file: looked at first, then sent."""
