"""Leave: colleagues look after the clients meanwhile, who come back by a press or on the day."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.models import AccessEvent, Membership, Practitioner
from organisations.periodic import end_leaves
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import SessionDecision
from tests.factories import ClientFactory, SessionFactory

DAY = datetime.timedelta(days=1)


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    browser.force_login(ada.user)
    return browser


@pytest.fixture
def bo(ann, ben, red_team):
    """Ann's client, with Ben as the second contact person."""
    with tenant(ann.organisation_id):
        about = {"reference": "B-1", "teams": [red_team], "contact": ann, "second_contact": ben}
        return ClientFactory(organisation=ann.organisation, **about)


@pytest.fixture
def until(house):
    with tenant(house.pk):
        return today_in(house) + 7 * DAY


def again(row):
    """The row as it is stored now."""
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def leave(browser, person, until, **given):
    return browser.post(reverse("practitioner-leave", args=[person.pk]), {"until": until.isoformat(), **given})


def come_back(browser, person):
    return browser.post(reverse("practitioner-return", args=[person.pk]), follow=True)


def test_colleagues_look_after_the_clients_and_a_press_gives_them_back(admin, ann, ben, lea, nils, bo, until):
    given = {f"taker-{nils.pk}": lea.pk, f"taker-{bo.pk}": ben.pk, "message": "Ring first"}
    assert leave(admin, ann, until, **given).status_code == 302
    assert again(ann).away_until == until
    assert (again(nils).contact_id, again(nils).returns_to_id, again(nils).contact_note) == (
        lea.pk,
        ann.pk,
        "Ring first",
    )
    assert (again(bo).contact_id, again(bo).second_contact_id) == (ben.pk, ann.pk)
    leads = Browser()
    leads.force_login(lea.user)
    page = leads.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Looked after until <bdi>Ann Holm</bdi> is" in page
    assert "N-014" in admin.get(reverse("practitioner-leave", args=[ann.pk])).content.decode()

    assert "2 clients came back." in come_back(admin, ann).content.decode()
    assert (again(nils).contact_id, again(nils).returns_to_id, again(nils).contact_note) == (ann.pk, None, "")
    assert (again(bo).contact_id, again(bo).second_contact_id) == (ann.pk, ben.pk)
    assert again(ann).away_until is None
    assert "0 clients came back." in come_back(admin, ann).content.decode()
    with tenant(ann.organisation_id):
        actions = AccessEvent.objects.filter(client_ids__contains=[nils.pk]).values_list("action", flat=True)
        assert {"client.lend", "client.give_back"} <= set(actions)


def test_on_the_day_after_they_come_back_by_themselves(admin, ann, ben, nils, until):
    leave(admin, ann, until, successor=ben.pk)
    end_leaves()
    assert again(nils).contact_id == ben.pk
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=ann.pk).update(away_until=today_in(ann.organisation) - DAY)
    end_leaves()
    end_leaves()
    assert (again(nils).contact_id, again(nils).returns_to_id) == (ann.pk, None)


def test_whoever_was_chosen_for_good_meanwhile_stays(admin, ann, ben, lea, nils, until):
    leave(admin, ann, until, successor=ben.pk)
    leads = Browser()
    leads.force_login(lea.user)
    with tenant(ann.organisation_id):
        team = nils.teams.get()
    page = leads.get(reverse("client-transfer", args=[nils.pk]), {"to": f"{team.pk}:{lea.pk}"})
    assert page.status_code == 200
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(contact=lea, returns_to=None)
    come_back(admin, ann)
    assert again(nils).contact_id == lea.pk


def test_a_client_whom_they_may_not_see_any_more_stays_and_is_named(admin, ann, ben, nils, until):
    leave(admin, ann, until, successor=ben.pk)
    with tenant(ann.organisation_id):
        Membership.objects.filter(practitioner=ann).delete()
    text = come_back(admin, ann).content.decode()
    assert "who stay where they are: N-014." in text
    assert (again(nils).contact_id, again(nils).returns_to_id) == (ben.pk, None)


def test_nobody_looks_after_a_client_whom_they_may_not_see(admin, ann, cleo, nils, until):
    page = leave(admin, ann, until, **{f"taker-{nils.pk}": cleo.pk})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {f"taker-{nils.pk}"}
    assert leave(admin, ann, until, successor=cleo.pk).status_code == 422
    assert (again(nils).contact_id, again(ann).away_until) == (ann.pk, None)


def test_a_past_day_is_refused_beside_the_field(admin, ann, ben, nils, until):
    page = leave(admin, ann, until - 9 * DAY, successor=ben.pk)
    assert page.status_code == 422
    assert page.context["form"].errors["until"] == ["That day is past."]
    assert page.context["form"].errors.keys() == {"until"}
    empty = admin.post(reverse("practitioner-leave", args=[ann.pk]), {"until": "", "successor": ben.pk})
    assert empty.context["form"].errors.keys() == {"until"}
    assert again(nils).contact_id == ann.pk


def test_whoever_is_deactivated_meanwhile_gets_nothing_back(admin, ann, ben, nils, until):
    leave(admin, ann, until, successor=ben.pk)
    assert admin.post(reverse("practitioner-deactivate", args=[ann.pk])).status_code == 302
    assert (again(nils).contact_id, again(nils).returns_to_id) == (ben.pk, None)


def test_follow_ups_stand_on_the_page_of_whoever_stands_in(admin, ann, ben, nils, episode, until):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation}
        session = SessionFactory(**about, episode=episode, practitioner=ann)
        more = {"responsible": ann, "follow_up_on": today_in(ann.organisation)}
        SessionDecision.objects.create(**about, session=session, text="Ring the school", **more)
    bens = Browser()
    bens.force_login(ben.user)
    assert "Ring the school" not in bens.get(reverse("today")).content.decode()
    leave(admin, ann, until, successor=ben.pk)
    assert "Ring the school" in bens.get(reverse("today")).content.decode()
    come_back(admin, ann)
    assert "Ring the school" not in bens.get(reverse("today")).content.decode()


def test_whoever_comes_back_sees_what_was_theirs_and_gets_nothing_silently(admin, ann, ben, nils):
    admin.post(reverse("practitioner-deactivate", args=[ann.pk]), {"successor": ben.pk})
    page = admin.post(reverse("practitioner-reactivate", args=[ann.pk]), follow=True)
    text = page.content.decode()
    assert "N-014" in text
    assert "Ben Lund" in text
    assert again(nils).contact_id == ben.pk


def test_only_administrators_send_somebody_on_leave(browser, ann, lea, ben, nils, until):
    browser.force_login(lea.user)
    assert leave(browser, ann, until, successor=ben.pk).status_code == 403
    assert again(nils).contact_id == ann.pk
