"""How far people are with FIT: steps of new colleagues, for themselves and for those who see to it."""
