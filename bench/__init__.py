"""What is measured for speed. Each module here has `measure()`, which yields (name, ratio, limit)."""
