"""What is measured and what it means: pure functions on integers in tenths of a point, without Django.

A mark is 0-100, an ORS or SRS total 0-400. Nothing here reads a clock, a database or a setting.
"""
