"""Olga runs the installation and Otto too; each has shown a second factor at this log-in."""

import pytest
from django.test import Client as Browser

from tests.factories import UserFactory
from tests.route_matrix import show_second_factor


def entered(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    show_second_factor(browser)
    return browser


@pytest.fixture
def olga(db):
    return UserFactory(email="olga@example.org", is_operator=True)


@pytest.fixture
def otto(db):
    return UserFactory(email="otto@example.org", is_operator=True)


@pytest.fixture
def as_olga(olga):
    return entered(olga)


@pytest.fixture
def as_otto(otto):
    return entered(otto)
