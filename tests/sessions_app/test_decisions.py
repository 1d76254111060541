"""Decisions of a session: saved while they are typed, never over a colleague's, followed up until done."""

import datetime
import uuid

import pytest
from django.urls import reverse

from clients.models import Client
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import SessionDecision
from sessions_app.services.decisions import follow_ups_of
from tests.factories import ClientFactory, EpisodeFactory, PractitionerFactory, SessionFactory

pytestmark = pytest.mark.django_db
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def save(staff, record):
    """Sends a decision's form under one id; what is not named is empty."""
    key = uuid.uuid4()

    def send(browser=staff, at=None, **sent):
        fields = {"text": "", "support": "", "responsible": "", "follow_up_on": "", "version": ""} | sent
        return browser.post(at or reverse("decision-save", args=[record.pk, key]), fields, **JSON)

    send.key = key
    return send


def stored(house):
    with tenant(house):
        return list(SessionDecision.objects.select_related("responsible").order_by("created_at"))


def test_a_decision_is_made_once_and_changed_under_its_id(save, ann):
    first = save(text="Cook on Tuesdays")
    assert first.status_code == 200
    assert "Saved" in first.json()["saved"]
    assert save(text="Cook on Tuesdays").status_code == 200  # the same request again
    second = save(text="Cook on Tuesdays and Fridays", support="Help less", version=first.json()["version"])
    assert second.status_code == 200
    [decision] = stored(ann.organisation_id)
    assert (decision.pk, decision.text) == (save.key, "Cook on Tuesdays and Fridays")
    assert decision.support == "Help less"
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="decision.save").count() == 3


def test_an_empty_new_decision_is_none(save, ann):
    answer = save()
    assert answer.status_code == 422
    assert answer.json() == {"error": "Write what was decided."}
    assert stored(ann.organisation_id) == []


def test_a_colleagues_text_is_shown_and_never_overwritten(save, ann):
    first = save(text="Cook on Tuesdays").json()["version"]
    save(text="Cook on Fridays", version=first)
    answer = save(text="Cook on Sundays", version=first)
    assert answer.status_code == 409
    assert "Cook on Fridays" in answer.json()["theirs"]
    assert stored(ann.organisation_id)[0].text == "Cook on Fridays"
    assert save(text="Cook on Fridays and Sundays", version=answer.json()["version"]).status_code == 200
    assert stored(ann.organisation_id)[0].text == "Cook on Fridays and Sundays"


def test_what_only_a_colleague_changed_stays_through_the_next_saves(save, ann):
    mine = save(text="Cook").json()["version"]
    save(text="Cook", follow_up_on="2026-12-08", version=mine)  # the colleague sets a day
    for text in ("Cook on", "Cook on Tuesdays"):  # this page still shows none
        answer = save(text=text, version=mine)
        assert answer.status_code == 200
        assert "8" in answer.json()["theirs"]
        mine = answer.json()["version"]
    [decision] = stored(ann.organisation_id)
    assert (decision.text, decision.follow_up_on) == ("Cook on Tuesdays", datetime.date(2026, 12, 8))


def test_the_button_leads_back_or_shows_both_texts(save, staff, record, ann):
    save(text="Cook on Tuesdays")
    url = reverse("decision-save", args=[record.pk, save.key])
    fields = {"text": "Cook on Fridays", "support": "", "responsible": "", "follow_up_on": "", "version": ""}
    page = staff.post(url, fields)
    assert page.status_code == 409
    assert "Cook on Tuesdays" in page.content.decode()
    assert "Cook on Fridays" in page.content.decode()
    other = reverse("decision-save", args=[record.pk, uuid.uuid4()])
    assert staff.post(other, fields).url == reverse("session-flow", args=[record.pk])
    assert staff.post(other, fields | {"follow_up_on": "soon"}).status_code == 422


def test_the_id_of_another_sessions_decision_is_no_way_to_it(save, staff, record, ann, dora):
    save(text="Cook")
    with tenant(ann.organisation_id):
        other = SessionFactory(organisation=ann.organisation, episode=record.episode, practitioner=ann)
    fields = {"text": "Taken", "support": "", "responsible": "", "follow_up_on": "", "version": ""}
    assert staff.post(reverse("decision-save", args=[other.pk, save.key]), fields).status_code == 404
    with tenant(dora.organisation_id):
        client = ClientFactory(organisation=dora.organisation)
        episode = EpisodeFactory(organisation=dora.organisation, client=client)
        session = SessionFactory(organisation=dora.organisation, episode=episode, practitioner=dora)
        foreign = SessionDecision.objects.create(organisation=dora.organisation, session=session, text="Theirs")
    assert staff.post(reverse("decision-save", args=[record.pk, foreign.pk]), fields).status_code == 404
    assert [one.text for one in stored(ann.organisation_id)] == ["Cook"]


def test_a_voided_session_takes_no_decision_and_keeps_its_own(save, record, ann, staff):
    save(text="Cook", follow_up_on="2026-01-01", responsible=str(ann.pk))
    staff.post(reverse("session-void", args=[record.pk]), {"reason": "Wrong client"})
    assert save(text="More").status_code == 422
    assert [one.text for one in stored(ann.organisation_id)] == ["Cook"]
    assert "follow-ups" not in staff.get(reverse("today")).content.decode()


def test_a_decision_with_a_day_stands_on_today_until_it_is_done(save, staff, ann, nils):
    save(text="Call the landlord", responsible=str(ann.pk), follow_up_on="2026-01-08")
    page = staff.get(reverse("today")).content.decode()
    assert "Call the landlord" in page
    [decision] = stored(ann.organisation_id)
    done = staff.post(reverse("decision-done", args=[decision.pk]), follow=True).content.decode()
    assert "Done. It no longer stands on Today." in done
    assert "Call the landlord" not in done
    [decision] = stored(ann.organisation_id)
    assert decision.done_by_id == ann.pk
    undo = reverse("decision-reopen", args=[decision.pk])
    assert undo in done
    assert "Call the landlord" in staff.post(undo, follow=True).content.decode()
    with tenant(ann.organisation_id):
        for action in ("decision.done", "decision.reopen"):
            assert AccessEvent.objects.filter(action=action, client_ids=[nils.pk]).exists()
        assert AccessEvent.objects.filter(action="today", client_ids__contains=[nils.pk]).exists()


def test_a_follow_up_is_for_whoever_is_named_else_for_the_contact_person(record, ann, ben, nils):
    about = {"organisation": ann.organisation, "session": record, "follow_up_on": today_in(ann.organisation)}
    with tenant(ann.organisation_id):
        left = PractitionerFactory(organisation=ann.organisation, is_active=False)
        Client.objects.filter(pk=nils.pk).update(contact=ben)
        SessionDecision.objects.create(text="Ann's", responsible=ann, **about)
        SessionDecision.objects.create(text="Nobody's", **about)
        SessionDecision.objects.create(text="Of one who left", responsible=left, **about)
        SessionDecision.objects.create(text="", support="", responsible=ann, **about)
        SessionDecision.objects.create(text="Without a day", responsible=ann, **about | {"follow_up_on": None})
        assert [one.text for one in follow_ups_of(ann)] == ["Ann's"]
        assert {one.text for one in follow_ups_of(ben)} == {"Nobody's", "Of one who left"}
        for column in ("is_practice", "archived_at"):
            value = {"is_practice": True, "archived_at": record.created_at}[column]
            Client.objects.filter(pk=nils.pk).update(**{column: value})
            assert not follow_ups_of(ann)
            Client.objects.filter(pk=nils.pk).update(is_practice=False, archived_at=None)


def test_done_leads_back_to_a_page_of_ours_only(save, staff, ann):
    save(text="Cook", follow_up_on="2026-01-01", responsible=str(ann.pk))
    url = reverse("decision-done", args=[save.key])
    assert staff.post(url, {"next": "/clients/?q=1"}).url == "/clients/?q=1"
    assert staff.post(url, {"next": "https://evil.example/"}).url == reverse("today")
    assert staff.post(url, {"next": "//evil.example/"}).url == reverse("today")
