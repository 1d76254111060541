"""What holds in one organisation: its own values where sources disagree, and the expected course learnt from it."""
