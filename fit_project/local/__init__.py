"""The demo on this machine: PostgreSQL and a broker out of Python wheels. Never for production."""

import importlib.util
from pathlib import Path


class StepRefused(Exception):
    """Something that the person at the keyboard can put right; its text is one clear sentence."""


def package_folder(name: str) -> Path:
    """The folder of an installed package, which is not imported. Raises StepRefused when it is missing."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise StepRefused(f"The package {name} is missing from .venv: remove the folder .venv and try again.")
    return Path(spec.submodule_search_locations[0])
