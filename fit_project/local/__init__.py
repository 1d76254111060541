"""The demo on this machine: PostgreSQL and a broker out of Python wheels. Never for production."""


class StepRefused(Exception):
    """Something that the person at the keyboard can put right; its text is one clear sentence."""
