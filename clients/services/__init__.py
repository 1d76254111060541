"""What may be done with clients and episodes."""
