"""Measures after the end of an episode: planned, sent, answered, cancelled; and they count in no course."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.models import AccessEvent, Capability, Organisation
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.results.rows import load_result_rows
from sessions_app.models import FollowUpMeasure, FollowUpState, Session
from sessions_app.periodic import send_follow_ups
from sessions_app.services.follow_up_measures import due_day
from sessions_app.services.follow_up_measures import open_link as make_link
from sessions_app.standards.loading import load_standards
from tests.factories import EpisodeFactory
from tests.sessions_app.test_client_merges import all_rows, fill, worked_out
from tests.sessions_app.test_form import ORS, ORS_TENTHS, OTHER, marks
from tests.sessions_app.test_links import open_link, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(ann):
    browser = Browser()
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def ended(ann, nils, service):
    """Nils' episode, ended three months ago to the day."""
    today = today_in(nils.organisation)
    with tenant(nils.organisation_id):
        episode = fill(ann, nils, service, day=today - datetime.timedelta(days=200))
        day = next(day for day in days_before(today) if due_day(day, 3) <= today)
        type(episode).objects.filter(pk=episode.pk).update(ended_on=day, ending="planned")
    worked_out(ann)
    return again(episode)


def days_before(today):
    return (today - datetime.timedelta(days=number) for number in range(80, 130))


def again(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def plan(staff, episode, months=("3",), **more):
    return staff.post(reverse("follow-up-plan", args=[episode.pk]), {"months": list(months), **more})


def the_measure(episode):
    with tenant(episode.organisation_id):
        return FollowUpMeasure.objects.get(cancelled_at=None)


def url_of(measure):
    return reverse("follow-up-measure", args=[measure.pk])


def link(staff, measure, **more):
    return token_in(staff.post(url_of(measure), {"form": "ors", "way": "text", "closing": "", **more}))


def mails_allowed(nils):
    Organisation.objects.filter(pk=nils.organisation_id).update(mails_follow_ups=True)


def test_a_month_without_that_day_ends_with_its_last_one():
    assert due_day(datetime.date(2026, 11, 30), 3) == datetime.date(2027, 2, 28)
    assert due_day(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert due_day(datetime.date(2026, 12, 15), 3) == datetime.date(2027, 3, 15)


def test_it_is_planned_once_due_on_today_sent_answered_and_shown(staff, ann, nils, ended):
    assert plan(staff, ended, ("3", "6")).status_code == 302
    plan(staff, ended, ("3",))
    with tenant(nils.organisation_id):
        measure, later = FollowUpMeasure.objects.order_by("months")
    assert "After the end" in staff.get(reverse("today")).content.decode()
    phone = Browser(enforce_csrf_checks=True)
    token = link(staff, measure)
    assert "After the end" not in staff.get(reverse("today")).content.decode(), "it was sent"
    assert "How are things?" in open_link(phone, token).content.decode()
    assert phone.post(reverse("rating-form", args=[token]), marks(**ORS)).status_code == 303
    stored = again(measure)
    assert (stored.marks, stored.total, stored.state_on(later.due_on)) == (ORS_TENTHS, 263, FollowUpState.ANSWERED)
    assert "26.3" in staff.get(reverse("today")).content.decode()
    assert "26.3" in staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "At the end" in staff.get(url_of(measure)).content.decode()
    with tenant(nils.organisation_id):
        assert AccessEvent.objects.filter(action="follow_up.answer", client_ids=[nils.pk]).exists()


def test_it_is_no_session_and_counts_in_no_course_and_no_result(staff, ann, nils, ended):
    def counted():
        with tenant(nils.organisation_id):
            rows = load_result_rows(ann, load_standards(nils.organisation_id), today_in(nils.organisation))
            return rows, Session.objects.count()

    plan(staff, ended)
    measure, before = the_measure(ended), counted()
    rows = all_rows(ann)
    token = link(staff, measure)
    Browser().post(reverse("rating-form", args=[token]), marks(**ORS))
    worked_out(ann)
    assert counted() == before
    after = all_rows(ann)
    assert {label for label in rows if after[label] != rows[label]} <= {
        "sessions_app.FollowUpMeasure",
        "organisations.Capability",
    }


def test_the_same_answer_again_changes_nothing_and_another_one_takes_no_ones_place(staff, nils, ended):
    plan(staff, ended)
    token, phone = link(staff, the_measure(ended)), Browser()
    address = reverse("rating-form", args=[token])
    assert phone.post(address, marks(**ORS)).status_code == 303
    assert phone.post(address, marks(**ORS)).status_code == 303
    assert phone.post(address, marks(**OTHER)).status_code == 409
    assert again(the_measure(ended)).marks == ORS_TENTHS


def test_a_new_link_closes_the_old_one_and_a_cancelled_one_opens_nothing(staff, nils, ended):
    plan(staff, ended)
    measure, phone = the_measure(ended), Browser()
    first, second = link(staff, measure), link(staff, measure)
    assert open_link(phone, first).status_code == 410
    assert open_link(phone, second).status_code == 200
    staff.post(reverse("follow-up-cancel", args=[measure.pk]))
    assert open_link(Browser(), second).status_code == 410
    assert again(measure).cancelled_at is not None
    staff.post(reverse("follow-up-resume", args=[measure.pk]))
    assert again(measure).cancelled_at is None


def test_a_lost_answer_to_a_cancelled_one_is_kept_all_the_same(staff, nils, ended):
    plan(staff, ended)
    measure = the_measure(ended)
    token = link(staff, measure)
    staff.post(reverse("follow-up-cancel", args=[measure.pk]))
    Browser().post(reverse("rating-form", args=[token]), marks(**ORS))
    assert again(measure).marks == ORS_TENTHS


def test_reopening_the_episode_cancels_what_is_open_and_keeps_an_answer(staff, ended):
    plan(staff, ended, months=["3", "6"])
    with tenant(ended.organisation_id):
        three, six = FollowUpMeasure.objects.order_by("months")
    Browser().post(reverse("rating-form", args=[link(staff, three)]), marks(**ORS))
    staff.post(reverse("episode-reopen", args=[ended.pk]))
    assert (again(three).cancelled_at, again(three).marks) == (None, ORS_TENTHS)
    assert again(six).cancelled_at is not None
    refused = staff.post(reverse("follow-up-resume", args=[six.pk]), follow=True).content.decode()
    assert "Another follow-up is planned, or the episode is open again." in refused
    assert again(six).cancelled_at is not None


def test_a_cancelled_one_stays_so_where_another_is_planned_for_that_month(staff, ended):
    plan(staff, ended)
    first = the_measure(ended)
    staff.post(reverse("follow-up-cancel", args=[first.pk]))
    plan(staff, ended)
    refused = staff.post(reverse("follow-up-resume", args=[first.pk]), follow=True).content.decode()
    assert "Another follow-up is planned, or the episode is open again." in refused
    assert again(first).cancelled_at is not None


def test_a_link_is_refused_where_the_measure_was_cancelled_meanwhile(staff, ann, ended):
    plan(staff, ended)
    measure = the_measure(ended)
    staff.post(reverse("follow-up-cancel", args=[measure.pk]))
    with tenant(ended.organisation_id), pytest.raises(ValidationError, match="answered or cancelled"):
        make_link(measure=measure, way="text", by=ann)


def test_six_weeks_later_it_is_over(staff, nils, ended):
    plan(staff, ended)
    measure = the_measure(ended)
    over = measure.due_on + datetime.timedelta(days=42)
    assert measure.state_on(over) == FollowUpState.EXPIRED
    with time_machine.travel(datetime.datetime.combine(over, datetime.time(12), datetime.UTC)):
        late = Browser()
        late.force_login(nils.contact.user)
        assert "After the end" not in late.get(reverse("today")).content.decode()


def test_a_mail_leaves_once_where_client_and_organisation_allow_it(staff, nils, ended):
    mails_allowed(nils)
    plan(staff, ended, email="nils@example.org")
    assert send_follow_ups(timezone.now()) == 1
    assert send_follow_ups(timezone.now()) == 0
    [sent] = mail.outbox
    assert sent.to == ["nils@example.org"]
    text = f"{sent.subject} {sent.body}"
    for word in ("Nils", "N-014", "Solsikke", "Ann", "Red team", "harbour", str(nils.pk), str(ended.pk)):
        assert word not in text, word
    stored = again(the_measure(ended))
    assert (stored.email, stored.sent_at is not None) == ("", True)
    token = sent.body.split("/f/")[1].split("/")[0]
    assert open_link(Browser(), token).status_code == 200


def test_no_mail_without_the_organisations_word_and_none_before_the_day(staff, nils, ended):
    mails_allowed(nils)
    plan(staff, ended, ("6",), email="nils@example.org")
    assert send_follow_ups(timezone.now()) == 0
    plan(staff, ended, ("3",), email="nils@example.org")
    Organisation.objects.filter(pk=nils.organisation_id).update(mails_follow_ups=False)
    assert send_follow_ups(timezone.now()) == 0
    assert mail.outbox == []
    assert "email" not in staff.get(reverse("follow-up-plan", args=[ended.pk])).context["form"].fields


def test_a_mail_that_did_not_leave_is_tried_again_without_a_link_left_behind(staff, nils, ended, monkeypatch):
    mails_allowed(nils)
    plan(staff, ended, email="nils@example.org")
    monkeypatch.setattr("sessions_app.services.follow_up_mail.send_by_mail", lambda **_mail: False)
    assert send_follow_ups(timezone.now()) == 0
    stored = again(the_measure(ended))
    assert (stored.email, stored.sent_at) == ("nils@example.org", None)
    assert not Capability.objects.filter(object_id=stored.pk).exists()
    monkeypatch.undo()
    assert send_follow_ups(timezone.now()) == 1


def test_an_address_is_forgotten_once_it_is_not_needed(staff, nils, ended):
    mails_allowed(nils)
    plan(staff, ended, email="nils@example.org")
    staff.post(reverse("follow-up-cancel", args=[the_measure(ended).pk]))
    with tenant(nils.organisation_id):
        assert not FollowUpMeasure.objects.exclude(email="").exists()


def test_an_open_episode_has_none_and_an_archived_client_keeps_theirs(staff, ann, nils, ended):
    plan(staff, ended)
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(archived_at=timezone.now())
    assert "After the end" in staff.get(reverse("today")).content.decode()
    with tenant(nils.organisation_id):
        running = EpisodeFactory(organisation=nils.organisation, client=nils)
    assert plan(staff, running).status_code == 422
