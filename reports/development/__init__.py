"""A practitioner beside their own earlier self: seen by them, and by whom they show it to."""
