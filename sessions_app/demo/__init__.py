"""The demo's made-up people: who they are, what they said, and how their weeks went."""
