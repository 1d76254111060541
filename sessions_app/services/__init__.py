"""What may be done with sessions and ratings: one module a verb family."""
