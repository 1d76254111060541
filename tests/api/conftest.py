"""A client with everything that hangs on it, and systems that ask."""

import pytest
from django.core.cache import cache

from tests.api.asking import System, system_of
from tests.route_matrix import make_world


@pytest.fixture(autouse=True)
def _fresh_limits(settings):
    cache.clear()


@pytest.fixture
def world(db):
    """The rows and people of the route matrix."""
    return make_world()


@pytest.fixture
def system(ann):
    """Asks with Ann's rights."""
    return system_of(ann)


@pytest.fixture
def stranger(db):
    """Asks without a token."""
    return System()
