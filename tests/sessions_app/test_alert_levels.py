"""An alert that gets worse is new to people; levels that an organisation chose reach tone, Today and mail."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.audit import record
from organisations.history.tracking import event_model_of
from organisations.tenancy.context import tenant
from sessions_app import periodic
from sessions_app.measures.verdict.verdict import Tone, verdict
from sessions_app.models import Alert, Notice, Session
from sessions_app.services.alerts import acknowledge_alert, evaluate_episode, follow_overdue
from sessions_app.services.courses import load_series
from sessions_app.services.sessions import finish_session
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.reports.test_pages import held
from tests.sessions_app.test_standards import choose

pytestmark = pytest.mark.django_db
FALLING = (250, 160, 150, 140, 150, 130)  # five points below the start from the second on, confirmed at the sixth


def evaluated(episode, *, mails=True):
    with tenant(episode.organisation_id):
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk, mails=mails)


def tone_of(episode):
    with tenant(episode.organisation_id):
        return verdict(load_series([episode])[episode.pk]).tone


@pytest.fixture
def seen(ann, episode):
    """An amber alert of a fall that Ann has seen and was told of."""
    with tenant(ann.organisation_id):
        held(episode, ann, *FALLING[:-1])
        evaluate_episode(episode.pk)
        alert = Alert.objects.get(rule="O1")
        assert (alert.level, alert.raised_on) == ("amber", datetime.date(2026, 8, 16))
        acknowledge_alert(alert=alert, note="We talk about it", by=ann)
        Notice.objects.filter(alert=alert).update(sent_at=timezone.now())
    return alert


def confirm(episode, ann):
    with tenant(ann.organisation_id):
        last = SessionFactory(
            organisation=episode.organisation,
            episode=episode,
            practitioner=ann,
            held_on=datetime.date(2026, 10, 11),
        )
        RatingFactory(organisation=episode.organisation, session=last, instrument="ors", marks=[33, 33, 32, 32])


def test_one_that_becomes_red_is_asked_again_and_mailed_again(ann, episode, seen):
    confirm(episode, ann)
    evaluated(episode)
    with tenant(ann.organisation_id):
        [alert] = Alert.objects.filter(rule="O1")
        assert (alert.pk, alert.level, alert.closed_on) == (seen.pk, "red", None)
        assert (alert.acknowledged_at, alert.acknowledged_by, alert.acknowledgement) == (None, None, "")
        before = event_model_of(Alert).objects.filter(pgh_obj_id=alert.pk, acknowledged_by=ann)
        assert {event.acknowledgement for event in before} == {"We talk about it"}
        assert Notice.objects.get(alert=alert).sent_at is None
    # At noon: by night nobody's hour has come.
    tomorrow = (timezone.now() + datetime.timedelta(days=1)).replace(hour=11)
    periodic.send_digests(now=tomorrow)
    assert len(mail.outbox) == 1


def test_one_that_stays_as_it_is_keeps_who_has_seen_it(ann, episode, seen):
    with tenant(ann.organisation_id):
        Session.objects.filter(held_on=datetime.date(2026, 9, 27)).update(contact_form="phone")
    evaluated(episode)
    with tenant(ann.organisation_id):
        alert = Alert.objects.get(rule="O1")
        assert (alert.acknowledged_by, alert.acknowledgement) == (ann, "We talk about it")
        assert Notice.objects.get(alert=alert).sent_at is not None


def test_a_level_changed_by_the_organisation_keeps_the_acknowledgement_and_sends_no_mail(ann, ada, episode, seen):
    choose(ada, "o1-level", 3)
    evaluated(episode, mails=False)
    with tenant(ann.organisation_id):
        alert = Alert.objects.get(rule="O1")
        assert (alert.level, alert.acknowledged_by) == ("red", ann)
        assert Notice.objects.get(alert=alert).sent_at is not None


@time_machine.travel("2026-11-22T11:00:00Z", tick=False)
def test_while_a_session_is_running_nothing_is_missing(ann, episode):
    own = ann.organisation_id
    with tenant(own), record.recorded(organisation_id=own, request_id="test"):
        session = SessionFactory(
            organisation=episode.organisation,
            episode=episode,
            practitioner=ann,
            held_on=datetime.date(2026, 11, 22),
            finished_at=None,
        )
        evaluate_episode(episode.pk)
        assert not Alert.objects.filter(rule="M1").exists()
        finish_session(
            session=session, by=ann, next_on=None, next_at=None, skipped={"ors": "no_time", "srs": "forgotten"}
        )
        evaluate_episode(episode.pk)
        assert Alert.objects.get(rule="M1").session_id == session.pk


def test_a_session_that_nobody_ended_counts_from_the_next_day_on(ann, episode):
    with tenant(ann.organisation_id), time_machine.travel("2026-11-22T11:00:00Z", tick=False):
        SessionFactory(
            organisation=episode.organisation,
            episode=episode,
            practitioner=ann,
            held_on=datetime.date(2026, 11, 22),
            finished_at=None,
        )
        evaluate_episode(episode.pk)
        assert not Alert.objects.filter(rule="M1").exists()
    with time_machine.travel("2026-11-23T04:00:00Z", tick=False):
        assert periodic.find_overdue() == 1
    with tenant(ann.organisation_id):
        assert Alert.objects.get(rule="M1").session is not None


@time_machine.travel("2026-11-22T11:00:00Z", tick=False)
def test_chosen_levels_reach_banner_today_and_mail(browser, ann, ada, nils, red_team, service):
    """Three clients with a low alliance, and one with nothing: S1 and S2 set to “act”."""
    with tenant(ann.organisation_id):
        for name, srs in (("Alma", 340), ("Bo", 350), ("Carl", 355), ("Dora", 390)):
            client = ClientFactory(organisation=ann.organisation, first_name=name, teams=[red_team], contact=ann)
            episode = EpisodeFactory(organisation=ann.organisation, client=client, service=service)
            held(episode, ann, 150, 200, 240, srs=(360, 362, srs), first=datetime.date(2026, 10, 1))
        low = {one.first_name: one for one in Client.objects.filter(first_name__in=("Alma", "Bo", "Carl"))}
        episodes = [client.episodes.get() for client in low.values()]
    assert {tone_of(episode) for episode in episodes} == {Tone.QUIET}
    choose(ada, "s1-level", 3)
    choose(ada, "s2-level", 3)
    assert {tone_of(episode) for episode in episodes} == {Tone.ACT}
    for episode in episodes:
        evaluated(episode)
    with tenant(ann.organisation_id):
        assert Alert.objects.filter(rule__in=("S1", "S2"), level="red").count() == 6
        assert set(Notice.objects.values_list("practitioner", flat=True)) == {ann.pk}
        assert Notice.objects.filter(alert__rule__in=("S1", "S2")).count() == 6
    browser.force_login(ann.user)
    today = browser.get(reverse("today")).content.decode()
    assert "3 clients need you" in today
    assert max(today.index(f"<bdi>{name}</bdi>") for name in low) < today.index("<bdi>Dora</bdi>")
    page = browser.get(reverse("client-detail", args=[low["Alma"].pk])).content.decode()
    assert '<div class="banner act">' in page
    assert "The SRS is below its cut-off. For information until it is so twice in a row." in page


def test_a_very_low_well_being_reaches_the_tone(ann, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 200, 210)
        session = Session.objects.order_by("held_on").last()
        RatingFactory(
            organisation=episode.organisation,
            session=session,
            instrument="who5",
            marks=[1, 1, 1, 1, 1],
            total=5,
            pack="who-five@1.0",
        )
    assert tone_of(episode) is Tone.WATCH


def test_a_chosen_level_holds_for_who_is_late_and_switching_it_off_ends_it(ann, ada, nils, episode):
    today = datetime.date(2026, 11, 22)
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=datetime.date(2026, 11, 10))
        assert follow_overdue(episode.pk, today=today)
        assert Alert.objects.get(rule="M2").level == "info"
        assert not Notice.objects.exists()
        Alert.objects.all().delete()
    choose(ada, "m2-level", 2)
    with tenant(ann.organisation_id):
        assert follow_overdue(episode.pk, today=today)
        assert Alert.objects.get(rule="M2").level == "amber"
        assert Notice.objects.count() == 1
        assert not follow_overdue(episode.pk, today=today)
    choose(ada, "m2-level", 0)
    with tenant(ann.organisation_id):
        assert follow_overdue(episode.pk, today=today)
        assert Alert.objects.get().closed_on == today
        assert not follow_overdue(episode.pk, today=today)


@time_machine.travel("2026-11-22T11:00:00Z", tick=False)
def test_who_is_late_reaches_banner_today_and_mail(browser, ann, ada, nils, red_team, service):
    """Overdue set to “act”: page, Today's order and headline, and the mail of the morning say the same."""
    choose(ada, "m2-level", 3)
    with tenant(ann.organisation_id):
        for name in ("Alma", "Bo"):
            client = ClientFactory(organisation=ann.organisation, first_name=name, teams=[red_team], contact=ann)
            episode = EpisodeFactory(organisation=ann.organisation, client=client, service=service)
            held(episode, ann, 150, 200, 240, srs=(390, 390, 390), first=datetime.date(2026, 10, 1))
            evaluate_episode(episode.pk)
        late = Client.objects.get(first_name="Bo")
        course = late.episodes.get()
        Client.objects.filter(pk=late.pk).update(next_on=datetime.date(2026, 11, 10))
    assert periodic.find_overdue() == 1
    with tenant(ann.organisation_id):
        alert = Alert.objects.get(session=None)
        assert (alert.level, set(alert.notices.values_list("practitioner", flat=True))) == ("red", {ann.pk})
        assert not evaluate_episode(course.pk), "no session has raised it, so none takes it away"
        course.refresh_from_db()
        assert course.tone == Tone.ACT
    assert tone_of(course) is Tone.ACT
    browser.force_login(ann.user)
    today = browser.get(reverse("today")).content.decode()
    assert "1 client needs you" in today
    assert today.index("<bdi>Bo</bdi>") < today.index("<bdi>Alma</bdi>")
    page = browser.get(reverse("client-detail", args=[late.pk])).content.decode()
    assert '<div class="banner act">' in page
    assert "Days late so far: 12." in page
    assert reverse("alert-acknowledge", args=[alert.pk]) in page
    with tenant(ann.organisation_id):
        last = Session.objects.filter(episode=course).latest("held_on")
    result = browser.get(reverse("session-result", args=[last.pk, "ors"])).content.decode()
    assert "Does what we do fit what you want?" not in result, "of a session then, not of today"
    with tenant(ann.organisation_id):
        held(course, ann, 250, srs=(390,), first=datetime.date(2026, 11, 22))
        refresh_summary(lock_episode(course.pk))
        evaluate_episode(course.pk)
        alert.refresh_from_db()
        course.refresh_from_db()
        assert (alert.closed_on, course.tone) == (datetime.date(2026, 11, 22), Tone.QUIET)
