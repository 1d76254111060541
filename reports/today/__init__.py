"""The start page: everybody's place in the order of need, and a part of it at a time."""
