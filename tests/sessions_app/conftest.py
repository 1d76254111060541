"""Fixtures of the handed-over device, of files of past sessions, and of a client with alerts."""

import datetime

import pytest
from django.test import Client as Browser

from organisations.tenancy.context import tenant
from sessions_app.models import Alert, Notice
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import RatingFactory, SessionFactory
from tests.kiosk import PIN, hand_over

HEADER = "borger;forløb;fødselsår;tilbud;team;behandler;dato;fremmøde;ors_total;srs_total;afsluttet;afslutning;egne ord"


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


@pytest.fixture
def a_file(tmp_path):
    """Writes lines below the Danish header."""

    def write(*lines):
        file = tmp_path / "sessions.csv"
        file.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        return file

    return write


@pytest.fixture
def fallen(ann, episode):
    """Nils with an open red or amber alert that Ann is to be told of."""
    with tenant(ann.organisation_id):
        for week, total in enumerate((300, 300, 160, 120)):
            day = datetime.date(2026, 1, 5) + datetime.timedelta(days=7 * week)
            session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=day)
            RatingFactory(organisation=ann.organisation, session=session, marks=[total // 4] * 4)
            RatingFactory(organisation=ann.organisation, session=session, instrument="srs", marks=[95] * 4)
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk)
        assert Notice.objects.exists()
        assert Alert.objects.open().exists()
    return episode
