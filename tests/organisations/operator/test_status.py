"""The page that anybody reads: which parts answer, since when; and what is announced."""

import datetime
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.models import MaintenanceNotice
from organisations.monitoring import outgoing_mails, parts
from organisations.periodic import look_at_parts
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
STATUS, JSON = reverse("status"), reverse("status-json")


@pytest.fixture(autouse=True)
def _broker(monkeypatch):
    """There is none here; that one which is away is seen is a test of its own."""
    monkeypatch.setattr(parts, "broker_answers", lambda: True)


def told():
    cache.clear()
    return {part["name"]: part for part in Browser().get(JSON).json()["parts"]}


def test_all_is_well_after_the_clock_has_looked():
    with time_machine.travel(NOON, tick=False):
        look_at_parts()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        look_at_parts()
        assert {name: part["answers"] for name, part in told().items()} == dict.fromkeys(parts.NAMES, True)
        assert {part["since"] for part in told().values()} == {"2026-11-30T12:00:00Z"}
        page = Browser().get(STATUS).content.decode()
    assert "Everything works" in page


def test_a_worker_that_stopped_is_seen_since_its_last_look():
    with time_machine.travel(NOON, tick=False):
        look_at_parts()
    with time_machine.travel(NOON + timedelta(minutes=4), tick=False):
        assert (told()["worker"]["answers"], told()["worker"]["since"]) == (False, "2026-11-30T12:00:00Z")
        page = Browser().get(STATUS).content.decode()
    assert "Something does not work just now" in page
    assert "keeps its marks" in page
    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        look_at_parts()
        assert (told()["worker"]["answers"], told()["worker"]["since"]) == (True, "2026-11-30T12:09:00Z")


def test_the_page_answers_without_the_database_and_without_the_broker(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(parts, "database_answers", away)
    monkeypatch.setattr(parts, "broker_answers", away)
    monkeypatch.setattr(parts.connection, "close", lambda: None)
    found, said = statements_of(told)
    assert {name for name, part in found.items() if part["answers"]} == {"web"}
    assert said == ()
    assert Browser().get(STATUS).status_code == 200


def test_a_broker_that_is_away_is_seen(monkeypatch, settings):
    monkeypatch.undo()
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    look_at_parts()
    found = told()
    assert {name: part["answers"] for name, part in found.items() if name != "broker"} == {
        "web": True,
        "database": True,
        "worker": True,
    }
    assert (found["broker"]["answers"], found["broker"]["since"] is not None) == (False, True)


def test_it_asks_once_in_twenty_seconds_whoever_reads():
    cache.clear()
    _answer, first = statements_of(lambda: Browser().get(STATUS))
    _answer, second = statements_of(lambda: Browser().get(STATUS))
    assert len(first) > 0
    assert second == ()


def test_mail_and_backup_are_told_where_they_are_known(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert Browser().get(STATUS).content.decode().count("not known") == 2
    cache.clear()
    (tmp_path / "last-backup").touch()
    parts.note_mail()
    assert "not known" not in Browser().get(STATUS).content.decode()


@pytest.mark.parametrize(("language", "words"), [("da", "Alt virker"), ("sv", "Allt fungerar"), ("nb", "Alt virker")])
def test_it_speaks_the_browsers_language(language, words):
    look_at_parts()
    answer = Browser(headers={"accept-language": language}).get(STATUS)
    assert words in answer.content.decode()
    assert answer["Content-Language"] == language


# Announcements


def announce(as_olga, **given):
    now = timezone.now()
    times = {"shown_from": now - timedelta(hours=1), "starts_at": now + timedelta(hours=1)}
    times |= {"ends_at": now + timedelta(hours=2)} | given.pop("times", {})
    words = {"text_en": "Medspil rests tonight.", "text_da": "Medspil hviler i nat."} | given
    sent = {name: f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" for name, at in times.items()} | words
    return as_olga.post(reverse("maintenance"), sent)


def test_the_staff_are_told_beforehand_in_their_language_and_until_it_is_taken_back(
    as_olga, ann, django_capture_on_commit_callbacks
):
    ours = Browser()
    ours.force_login(ann.user)
    with django_capture_on_commit_callbacks(execute=True):
        assert announce(as_olga).status_code == 302
    assert "Medspil rests tonight." in ours.get(reverse("today")).content.decode()
    assert "Medspil rests tonight." in Browser().get(STATUS).content.decode()
    ann.user.language = "da"
    ann.user.save()
    assert "Medspil hviler i nat." in ours.get(reverse("today")).content.decode()
    notice = MaintenanceNotice.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        as_olga.post(reverse("maintenance-withdraw", args=[notice.pk]))
    assert "hviler" not in ours.get(reverse("today")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        as_olga.post(reverse("maintenance-restore", args=[notice.pk]))
    assert "hviler" in ours.get(reverse("today")).content.decode()


def test_it_is_shown_from_its_day_on_and_no_longer_than_the_work(as_olga, ann, django_capture_on_commit_callbacks):
    ours = Browser()
    now = timezone.now().replace(second=0, microsecond=0)
    given = {"shown_from": now + timedelta(days=1), "starts_at": now + timedelta(days=2)}
    with django_capture_on_commit_callbacks(execute=True):
        announce(as_olga, times=given | {"ends_at": now + timedelta(days=3)})
    for days, shown in ((0, False), (1.5, True), (2.5, True), (3.5, False)):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            ours.force_login(ann.user)
            assert ("rests" in ours.get(reverse("today")).content.decode()) is shown, days


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"ends_at": timedelta(minutes=30)}, "ends after it begins"),
        ({"shown_from": timedelta(minutes=90)}, "before it begins"),
        ({"starts_at": -timedelta(hours=3), "ends_at": -timedelta(hours=2)}, "over already"),
    ],
)
def test_times_out_of_order_are_said_beside_their_field(as_olga, times, words):
    answer = announce(as_olga, times={name: timezone.now() + later for name, later in times.items()})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not MaintenanceNotice.objects.exists()


def test_a_mail_that_the_server_took_is_noted_and_one_that_it_did_not_is_not(monkeypatch):
    smtp = outgoing_mails.EmailBackend
    for taken in (0, 1):
        cache.clear()
        monkeypatch.setattr(smtp, "send_messages", lambda self, messages, taken=taken: taken)
        outgoing_mails.NotedSmtp().send_messages([])
        assert (parts.look().mail_at is not None) is bool(taken)
