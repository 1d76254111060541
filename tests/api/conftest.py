"""A client with everything that hangs on it, and systems that ask."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from organisations.models import ApiToken
from organisations.tenancy.context import tenant
from tests.api.asking import FORM, System, system_of
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


@pytest.fixture
def ask(ada, red_team, browser):
    """Ada makes a token of a system in these teams; returns (what the system asks with, the token)."""

    def made(*teams, **more):
        browser.force_login(ada.user)
        page = browser.post(reverse("tokens"), FORM | {"teams": [team.pk for team in teams or [red_team]]} | more)
        assert page.status_code == 200, page.content.decode()
        secret = re.search(r'value="(medspil_[\w-]{43})"', page.content.decode())[1]
        with tenant(ada.organisation_id):
            token = ApiToken.objects.get(prefix=secret[len("medspil_") :][:6])
        return System(secret), token

    return made
