"""Mails of the day that the brake holds: they leave when an administrator lets them go, or with the next day's."""

import pytest
from django.core import mail
from django.urls import reverse

from organisations.models import MailState, Outbox, OutgoingMail
from organisations.services import mail_brake
from organisations.tenancy.context import tenant
from sessions_app import periodic, tasks
from sessions_app.models import Notice
from sessions_app.services.alert_mail import SEND_DIGEST
from tests.sessions_app.test_periodic import alarmed, at

__all__ = ["alarmed"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def held(alarmed, monkeypatch):
    """Ann's mail of 11 November is held: none may leave."""
    monkeypatch.setattr(mail_brake, "AN_HOUR", 0)
    monkeypatch.setattr(mail_brake, "EACH", 0)
    assert periodic.send_digests(at(11, 7)) == 0
    monkeypatch.undo()
    return alarmed


def state(alarmed):
    with tenant(alarmed.organisation_id):
        return [
            list(OutgoingMail.objects.values_list("state", flat=True)),
            Notice.objects.exclude(sent_at=None).count(),
        ]


def run():
    for row in Outbox.objects.filter(task=SEND_DIGEST):
        about = {"organisation_id": str(row.organisation_id), "object_id": str(row.object_id)}
        tasks.send_digest(outbox_id=str(row.pk), **about)


def test_a_held_mail_marks_nothing_as_told_and_leaves_once_when_it_is_let_go(held, browser, ada):
    assert state(held) == [[MailState.HELD], 0]
    assert periodic.send_digests(at(11, 8)) == 0
    browser.force_login(ada.user)
    assert "Mails of the day" in browser.get(reverse("held-mails")).content.decode()
    browser.post(reverse("mails-release"))
    run()
    run()
    assert len(mail.outbox) == 1
    assert state(held)[0] == [MailState.SENT]
    assert periodic.send_digests(at(11, 9)) == 0
    assert len(mail.outbox) == 1


def test_what_nobody_decides_about_leaves_with_the_next_days(held):
    assert periodic.send_digests(at(12, 7)) == 1
    assert sorted(state(held)[0]) == [MailState.DROPPED, MailState.SENT]
    assert periodic.send_digests(at(12, 8)) == 0


def test_what_was_dropped_is_not_sent_that_day(held, browser, ada):
    browser.force_login(ada.user)
    browser.post(reverse("mails-drop"))
    assert periodic.send_digests(at(11, 9)) == 0
    assert mail.outbox == []
