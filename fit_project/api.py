"""The API's wiring."""

from organisations.problems import is_api, problem

__all__ = ["is_api", "problem"]
