"""Fixtures of the handed-over device."""

import pytest
from django.test import Client as Browser

from organisations.tenancy.context import tenant
from tests.factories import SessionFactory
from tests.kiosk import PIN, hand_over


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def with_pin(ann):
    ann.user.set_pin(PIN)
    ann.user.save()
    return ann


@pytest.fixture
def kiosk(ann, record):
    """A device that Ann has handed over; `kiosk.form` is the form's address."""
    browser = Browser()
    browser.force_login(ann.user)
    browser.form = hand_over(browser, record)
    return browser


@pytest.fixture
def staff(browser, ann):
    """A browser in which Ann is logged in."""
    browser.force_login(ann.user)
    return browser
