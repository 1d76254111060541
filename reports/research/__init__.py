"""Data of a study for researchers: what goes out, how it is made safe, and the page where it is asked for."""
