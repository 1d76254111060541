"""Two people change the same row: what each saw, what is merged by itself, and what somebody has to choose."""
