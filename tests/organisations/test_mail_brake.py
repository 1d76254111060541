"""Mails that leave by themselves: once an event and person, few a day, held where too many would leave at once."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from organisations import tasks
from organisations.models import MailState, Outbox, OutgoingMail, Practitioner
from organisations.roles import Role
from organisations.services import mail_brake
from organisations.services.people import add_practitioner
from organisations.tenancy.context import tenant

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


@pytest.fixture
def leaves(house):
    """Asks whether a mail leaves: `leaves(person, "event")`."""

    def ask(who, event, *, now=NOON, **more):
        with tenant(house.pk):
            cause = mail_brake.Cause(event, "some.task", uuid.uuid4())
            return mail_brake.may_leave(who, cause, now=now, **more)

    return ask


def states(house):
    with tenant(house.pk):
        return sorted(OutgoingMail.objects.values_list("state", flat=True))


def run(row):
    """Run an outbox row as a worker does."""
    job = getattr(tasks, row.task.rpartition(".")[2])
    job(outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id))


def test_an_event_is_told_to_a_person_once(leaves, ann, ben):
    assert [leaves(ann, "one"), leaves(ann, "one"), leaves(ben, "one"), leaves(ann, "two")] == [True, False, True, True]


def test_a_person_gets_eight_a_day_of_the_organisation(leaves, house, ann, ben):
    assert all(leaves(ann, f"event {number}") for number in range(mail_brake.A_DAY))
    assert not leaves(ann, "one more")
    assert leaves(ben, "another person's")
    before_midnight = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)  # 23:59 in Copenhagen
    assert not leaves(ann, "late", now=before_midnight)
    assert leaves(ann, "tomorrow", now=before_midnight + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("eve", "hours"),
    [(datetime(2026, 10, 24, 22, tzinfo=UTC), 25), (datetime(2027, 3, 27, 23, tzinfo=UTC), 23)],
    ids=["an hour twice", "an hour left out"],
)
def test_the_day_of_a_change_of_clocks_is_one_day(leaves, ann, eve, hours):
    """`eve` is midnight in Copenhagen; the day has 25 or 23 hours."""
    assert all(leaves(ann, f"event {number}", now=eve) for number in range(mail_brake.A_DAY))
    assert not leaves(ann, "at its end", now=eve + timedelta(hours=hours, seconds=-1))
    assert leaves(ann, "after it", now=eve + timedelta(hours=hours))


@pytest.fixture
def few(monkeypatch):
    """Three mails an hour, and none for each person."""
    monkeypatch.setattr(mail_brake, "AN_HOUR", 3)
    monkeypatch.setattr(mail_brake, "EACH", 0)


def test_too_many_in_an_hour_are_held_and_the_admins_are_told_once(leaves, few, house, ann, ben, ada):
    given = [leaves(who, f"event {number}") for number in range(3) for who in (ann, ben)]
    assert given == [True] * 3 + [False] * 3
    assert leaves(ann, "an alarm", urgent=True)
    (row,) = Outbox.objects.filter(task=mail_brake.TELL_OF_BRAKE)
    run(row)
    assert [sent.to for sent in mail.outbox] == [[ada.user.email]]
    assert reverse("held-mails") in mail.outbox[0].body
    assert "3 of them" in mail.outbox[0].body
    assert leaves(ben, "an hour later", now=NOON + timedelta(hours=1, seconds=1))


def test_the_bound_grows_with_the_house(leaves, few, monkeypatch, ann, ben):
    monkeypatch.setattr(mail_brake, "EACH", 2)
    assert [leaves(ann, f"event {number}") for number in range(5)] == [True] * 4 + [False]


@pytest.fixture
def invited(few, house, ada):
    """Five colleagues are invited at once; three mails leave."""
    with tenant(house.pk):
        for number in range(5):
            add_practitioner(
                name=f"P{number}", email=f"p{number}@example.org", role=Role.PRACTITIONER, teams=[], by=ada
            )
    for row in Outbox.objects.filter(task="organisations.tasks.send_invitation").order_by("created_at"):
        run(row)
    return house


def addresses():
    return sorted(sent.to[0] for sent in mail.outbox)


def test_held_invitations_are_let_go_by_an_admin_and_each_comes_once(invited, browser, ada):
    assert len(addresses()) == 3
    browser.force_login(ada.user)
    assert "2 mails are held" in browser.get(reverse("people")).content.decode()
    page = browser.get(reverse("held-mails")).content.decode()
    assert "Invitations" in page
    assert "2 mails leave now." in browser.post(reverse("mails-release"), follow=True).content.decode()
    for row in Outbox.objects.filter(done_at=None, task="organisations.tasks.send_invitation"):
        run(row)
        run(row)
    assert addresses() == [f"p{number}@example.org" for number in range(5)]
    assert states(invited) == [MailState.SENT] * 5
    assert "No mail is held" in browser.get(reverse("held-mails")).content.decode()


def test_held_invitations_are_dropped_and_that_can_be_taken_back(invited, browser, ada):
    browser.force_login(ada.user)
    page = browser.post(reverse("mails-drop"), follow=True).content.decode()
    assert "2 mails are dropped." in page
    assert reverse("mails-hold") in page
    assert states(invited) == [MailState.DROPPED] * 2 + [MailState.SENT] * 3
    browser.post(reverse("mails-hold"))
    assert states(invited) == [MailState.HELD] * 2 + [MailState.SENT] * 3


def test_nobody_elses_mails_are_decided(invited, browser, elsewhere, dora):
    with tenant(elsewhere.pk):
        Practitioner.objects.filter(pk=dora.pk).update(role=Role.ADMIN)
    browser.force_login(dora.user)
    browser.post(reverse("mails-release"))
    assert states(invited) == [MailState.HELD] * 2 + [MailState.SENT] * 3


def test_what_was_decided_is_forgotten_after_a_month(leaves, house, ann):
    leaves(ann, "old", now=NOON)
    assert timedelta(days=30) == mail_brake.KEPT_FOR
    with tenant(house.pk):
        assert mail_brake.forget(house, NOON + timedelta(days=30)) == 0
        assert mail_brake.forget(house, NOON + timedelta(days=31)) == 1


def test_a_new_colleague_without_a_brake_is_invited(house, ada, red_team):
    with tenant(house.pk):
        add_practitioner(name="P", email="p@example.org", role=Role.PRACTITIONER, teams=[red_team], by=ada)
    run(Outbox.objects.get(task="organisations.tasks.send_invitation"))
    assert addresses() == ["p@example.org"]
