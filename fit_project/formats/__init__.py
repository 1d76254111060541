"""How the hour is written in each language: one way everywhere, as people here write it. The rest is Django's."""
