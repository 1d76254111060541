"""One meeting with several clients: each has a session of their own, all start and end together."""
