"""Every guard removed in turn, and every second id of a request varied."""
