"""A leave or the end of an access on a day to come: written down, and carried out in the night before that day."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.models import AccessEvent, Membership, Practitioner
from organisations.periodic import end_accounts, end_leaves
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import SessionDecision, TeamMeeting
from tests.factories import ClientFactory, SessionFactory

DAY = datetime.timedelta(days=1)


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    browser.force_login(ada.user)
    return browser


@pytest.fixture
def bo(ann, red_team):
    """Another client of Ann's."""
    with tenant(ann.organisation_id):
        return ClientFactory(organisation=ann.organisation, reference="B-1", teams=[red_team], contact=ann)


@pytest.fixture
def today(house):
    with tenant(house.pk):
        return today_in(house)


def again(row):
    """The row as it is stored now."""
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def send(browser, name, person, **given):
    return browser.post(reverse(name, args=[person.pk]), given)


def leave(browser, person, since, until, **given):
    return send(browser, "practitioner-leave", person, since=since.isoformat(), until=until.isoformat(), **given)


def in_days(monkeypatch, number):
    """The clock goes on by so many days, for jobs and pages."""
    later = timezone.now() + number * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_a_leave_begins_in_the_night_before_its_first_day_and_ends_by_itself(
    admin, ann, ben, lea, nils, bo, today, monkeypatch
):
    given = {"successor": ben.pk, "message": "Ring first", f"taker-{bo.pk}": lea.pk, f"note-{bo.pk}": "In the morning"}
    assert leave(admin, ann, today + 2 * DAY, today + 9 * DAY, **given).status_code == 302
    assert (again(ann).away_until, again(ann).leave_from) == (None, today + 2 * DAY)
    assert [again(one).contact_id for one in (nils, bo)] == [ann.pk, ann.pk]
    page = admin.get(reverse("practitioner-leave", args=[ann.pk])).content.decode()
    assert "goes to <bdi>Lea Vang</bdi>" in page
    assert "leave from" in admin.get(reverse("people")).content.decode()
    end_leaves()
    assert again(nils).contact_id == ann.pk

    in_days(monkeypatch, 2)
    end_leaves()
    end_leaves()
    assert [again(one).contact_id for one in (nils, bo)] == [ben.pk, lea.pk]
    assert [again(one).contact_note for one in (nils, bo)] == ["Ring first", "In the morning"]
    assert [again(one).returns_to_id for one in (nils, bo)] == [ann.pk, ann.pk]
    assert (again(ann).away_until, again(ann).leave_from, again(ann).leave_until) == (today + 9 * DAY, None, None)
    assert (again(bo).planned_contact_id, again(bo).planned_for_id, again(bo).planned_note) == (None, None, "")

    in_days(monkeypatch, 8)  # on top of the two
    end_leaves()
    assert [again(one).contact_id for one in (nils, bo)] == [ann.pk, ann.pk]


def test_a_leave_to_come_is_planned_anew_and_called_off(admin, ann, ben, lea, nils, today, monkeypatch):
    leave(admin, ann, today + 2 * DAY, today + 9 * DAY, successor=ben.pk)
    leave(admin, ann, today + 3 * DAY, today + 9 * DAY, successor=lea.pk)
    assert (again(nils).planned_contact_id, again(ann).leave_from) == (lea.pk, today + 3 * DAY)
    assert send(admin, "practitioner-return", ann).status_code == 302
    assert (again(nils).planned_contact_id, again(ann).leave_from, again(ann).leave_until) == (None, None, None)
    in_days(monkeypatch, 3)
    end_leaves()
    assert (again(nils).contact_id, again(ann).away_until) == (ann.pk, None)


def test_a_taker_who_cannot_see_the_client_any_more_takes_nothing(admin, ann, ben, nils, today, monkeypatch):
    leave(admin, ann, today + DAY, today + 9 * DAY, successor=ben.pk)
    with tenant(ann.organisation_id):
        Membership.objects.filter(practitioner=ben).delete()
    in_days(monkeypatch, 1)
    end_leaves()
    assert (again(nils).contact_id, again(nils).planned_for_id) == (ann.pk, None)
    assert again(ann).away_until == today + 9 * DAY  # away all the same


@pytest.mark.parametrize(
    ("since", "until", "sentence"), [(3, 1, "The last day comes before the first."), (-3, -1, "That day is past.")]
)
def test_days_that_do_not_fit_are_refused_beside_the_field(admin, ann, ben, nils, today, since, until, sentence):
    page = leave(admin, ann, today + since * DAY, today + until * DAY, successor=ben.pk)
    assert (page.status_code, page.context["form"].errors) == (422, {"until": [sentence]})
    assert (again(nils).planned_contact_id, again(ann).leave_from, again(ann).away_until) == (None, None, None)


def test_an_access_ends_on_the_day_with_everything_handed_over(
    admin, ann, ben, lea, nils, bo, episode, red_team, today, monkeypatch
):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=today)
        about = {"responsible": ann, "follow_up_on": today + 9 * DAY}
        follow_up = SessionDecision.objects.create(**own, session=session, text="Ring the school", **about)
        plan = {"team": red_team, "starts_at": datetime.time(9), "planned_by": ann}
        before, after = (TeamMeeting.objects.create(**own, held_on=today + days * DAY, **plan) for days in (1, 6))
    given = {"successor": ben.pk, f"note-{bo.pk}": "In the morning", "on": (today + 4 * DAY).isoformat()}
    given |= {f"meeting-{one.pk}": lea.pk for one in (before, after)}
    page = admin.post(reverse("practitioner-deactivate", args=[ann.pk]), given, follow=True).content.decode()
    assert "Ann Holm has access until" in page
    assert (again(ann).is_active, again(ann).access_until, again(nils).contact_id) == (True, today + 3 * DAY, ann.pk)
    assert [again(one).planned_by_id for one in (before, after)] == [ann.pk, lea.pk]
    anns = Browser()
    anns.force_login(ann.user)
    assert anns.get(reverse("today")).status_code == 200
    end_accounts()
    assert again(nils).contact_id == ann.pk
    assert "Planned: the access ends" in admin.get(reverse("practitioner-deactivate", args=[ann.pk])).content.decode()

    in_days(monkeypatch, 4)
    end_accounts()
    end_accounts()
    assert [again(one).contact_id for one in (nils, bo)] == [ben.pk, ben.pk]
    assert (again(bo).contact_note, again(follow_up).responsible_id) == ("In the morning", ben.pk)
    assert not again(ann).is_active
    with tenant(ann.organisation_id):
        assert not Client.objects.exclude(planned_for=None).exists()
        assert {"client.plan_hand_over", "client.hand_over"} <= set(
            AccessEvent.objects.values_list("action", flat=True)
        )


def test_what_came_after_the_plan_waits_among_what_is_left(admin, ada, ann, ben, nils, red_team, today, monkeypatch):
    send(admin, "practitioner-deactivate", ann, successor=ben.pk, on=(today + DAY).isoformat())
    with tenant(ann.organisation_id):
        late = ClientFactory(organisation=ann.organisation, reference="L-1", teams=[red_team], contact=ann)
    in_days(monkeypatch, 1)
    end_accounts()
    assert [again(one).contact_id for one in (nils, late)] == [ben.pk, ann.pk]
    admin.force_login(ada.user)  # her log-in of the day before is over
    page = admin.get(reverse("practitioner-hand-over", args=[ann.pk])).content.decode()
    assert "L-1" in page
    assert "N-014" not in page


def test_nobody_is_planned_who_could_not_see_the_client_and_a_client_is_not_forgotten(admin, ann, cleo, nils, today):
    day = (today + DAY).isoformat()
    assert send(admin, "practitioner-deactivate", ann, successor=cleo.pk, on=day).status_code == 422
    assert send(admin, "practitioner-deactivate", ann, on=day).status_code == 422
    assert (again(ann).access_until, again(nils).planned_contact_id) == (None, None)


def test_the_last_administrator_leaves_on_no_day(admin, ada, today):
    page = send(admin, "practitioner-deactivate", ada, on=(today + DAY).isoformat())
    assert page.status_code == 422
    assert again(ada).access_until is None


@pytest.mark.parametrize("many", [1, 5])
def test_the_page_of_a_plan_costs_the_same_for_many_clients(
    admin, ann, ben, red_team, today, many, django_assert_max_num_queries
):
    with tenant(ann.organisation_id):
        for number in range(many):
            ClientFactory(organisation=ann.organisation, reference=f"Q-{number}", teams=[red_team], contact=ann)
    leave(admin, ann, today + DAY, today + 9 * DAY, successor=ben.pk)
    with django_assert_max_num_queries(45):
        admin.get(reverse("practitioner-leave", args=[ann.pk]))
    with tenant(ann.organisation_id):
        assert Practitioner.objects.get(pk=ann.pk).leave_from == today + DAY
