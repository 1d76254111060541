"""PostgreSQL, a broker and the demo on this machine, out of Python wheels: nothing to install, never for production."""


class Refusal(Exception):
    """Something that the person at the keyboard can put right; its text is one clear sentence."""
