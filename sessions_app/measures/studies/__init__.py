"""The arithmetic of studies: lots, and how many people a study needs."""
