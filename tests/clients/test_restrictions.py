"""Data that are kept and not used, and uses that a client objects to: nothing leaves, counts or begins."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Consent, ConsentPurpose, ObjectedUse, Restriction, SubjectRequest
from clients.models.lawful_grounds import Content
from clients.services.consents import (
    clients_to_share,
    clients_with_consent,
    has_consent,
    may_share,
    read_consents,
)
from organisations.audit.record import Collected, collecting
from organisations.models import AccessEvent, Capability
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.results.rows import load_result_rows
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.services.links import make_link
from sessions_app.services.record_files import ask_for_file
from sessions_app.services.sessions import start_session
from sessions_app.services.trajectory_refit import courses
from sessions_app.standards.loading import load_standards
from tests.factories import RatingFactory, SessionFactory

pytestmark = pytest.mark.django_db
STATISTICS, RESEARCH = ConsentPurpose.STATISTICS, ConsentPurpose.RESEARCH


@pytest.fixture
def measured(nils, episode, ann):
    """Two sessions with their forms, and a yes to every purpose."""
    with tenant(nils.organisation_id):
        own = {"organisation": nils.organisation}
        for _number in range(2):
            RatingFactory(**own, session=SessionFactory(**own, episode=episode, practitioner=ann))
        said = {"state": "given", "said_on": "2026-01-05", "taken_by": ann, "recorded_by": ann}
        for purpose in ConsentPurpose:
            Consent.objects.create(**own, client=nils, purpose=purpose, **said)
    return nils


def restrict(browser, client, lea):
    browser.force_login(lea.user)
    answer = browser.post(reverse("restriction-new", args=[client.pk]), {"reason": "It may be wrong"})
    assert answer.status_code == 302
    with tenant(client.organisation_id):
        return Restriction.objects.get()


def lift(browser, restriction, **more):
    sent = {"told_on": str(today_in(restriction.client.organisation)), "lift_reason": "It was right"} | more
    return browser.post(reverse("restriction-lift", args=[restriction.pk]), sent)


def object_to(client, by, what, **more):
    with tenant(client.organisation_id):
        day = today_in(client.organisation)
        about = {"kind": "objection", "objects_to": what, "arrived_on": day, "due_on": day, "recorded_by": by}
        return SubjectRequest.objects.create(organisation=client.organisation, client=client, **about | more)


def uses(client) -> dict[str, set[str]]:
    """For which purposes each of the ways to ask lets the client be used."""
    with tenant(client.organisation_id):
        every, house = type(client).objects.filter(pk=client.pk), client.organisation
        read = read_consents([client], house)
        return {
            "has": {one for one in ConsentPurpose if has_consent(client, one)},
            "with": {one for one in ConsentPurpose if clients_with_consent(every, one).exists()},
            "may": {one for one in ConsentPurpose if may_share(client, one, Content.MARKS)},
            "share": {one for one in ConsentPurpose if clients_to_share(every, one, Content.MARKS, house).exists()},
            "read": {one for one in ConsentPurpose if read.has(client.pk, one)},
        }


def counted(client, lea) -> tuple[int, int]:
    """Rows of results, and scores that the expected course is learnt from."""
    with tenant(client.organisation_id):
        today = today_in(client.organisation)
        rows = load_result_rows(lea, load_standards(client.organisation_id), today)
        learnt = {key for course in courses(client.organisation).values() for key, _number, _total in course.rows}
        return len(rows), len(learnt)


def test_nothing_of_a_restricted_client_is_used_and_lifted_it_is_used_again(browser, measured, lea):
    every = set(ConsentPurpose)
    assert all(found == every for found in uses(measured).values())
    before = counted(measured, lea)
    assert before[0] == 1
    restriction = restrict(browser, measured, lea)
    assert all(found == set() for found in uses(measured).values())
    assert counted(measured, lea) == (0, 0)
    assert lift(browser, restriction).status_code == 302
    assert all(found == every for found in uses(measured).values())
    assert counted(measured, lea) == before


def test_no_session_no_link_and_no_file_begins(browser, measured, episode, lea, ann):
    with tenant(measured.organisation_id), collecting(Collected("x", measured.organisation_id)):
        make_link(form=FormKey("ors"), by=ann, way="qr", episode=episode)
    restrict(browser, measured, lea)
    acts = (
        lambda: start_session(client=measured, by=ann),
        lambda: make_link(form=FormKey("ors"), by=ann, way="qr", episode=episode),
        lambda: ask_for_file(episode=episode, kind="record", choice={}, by=ann),
    )
    with tenant(measured.organisation_id), collecting(Collected("x", measured.organisation_id)):
        assert not Capability.objects.filter(object_id=episode.pk, revoked_at=None).exists()  # the link has closed
        for act in acts:
            with pytest.raises(ValidationError, match="kept and not used for now"):
                act()
    browser.force_login(ann.user)
    assert browser.post(reverse("restricted-reading", args=[measured.pk]), {"reason": "She is here"}).status_code == 302
    answer = browser.post(reverse("session-start", args=[measured.pk]), follow=True)
    assert "kept and not used for now" in answer.content.decode()


def test_its_page_asks_for_a_reason_shows_a_bar_and_puts_the_reason_on_record(browser, measured, lea, ann):
    restrict(browser, measured, lea)
    browser.force_login(ann.user)
    page = reverse("client-detail", args=[measured.pk])
    asks = reverse("restricted-reading", args=[measured.pk], query={"next": page})
    assert browser.get(page).url == asks
    assert browser.post(asks, {"reason": " "}).status_code == 422 and browser.get(page).status_code == 302
    assert browser.post(asks, {"reason": "She is here"}).url == page
    assert "Kept, and not used for now." in browser.get(page).content.decode()
    with tenant(measured.organisation_id):
        event = AccessEvent.objects.get(action="restriction.read")
    assert (event.typed, event.client_ids, event.practitioner_id) == ("She is here", [measured.pk], ann.pk)


def test_the_client_is_told_before_it_is_lifted(browser, measured, lea):
    restriction = restrict(browser, measured, lea)
    for wrong in ({"told_on": "2099-01-01"}, {"told_on": ""}, {"told_on": "2020-01-01"}, {"lift_reason": " "}):
        assert lift(browser, restriction, **wrong).status_code == 422
    with tenant(measured.organisation_id):
        assert Restriction.objects.standing().exists()
    assert lift(browser, restriction).status_code == 302
    assert lift(browser, restriction).status_code == 422  # lifted once
    again = browser.post(reverse("restriction-new", args=[measured.pk]), {"reason": "Anew"})
    assert again.status_code == 302
    twice = browser.post(reverse("restriction-new", args=[measured.pk]), {"reason": "Anew"})
    assert twice.status_code == 422


@pytest.mark.parametrize(
    ("what", "out"),
    [
        (ObjectedUse.STATISTICS, {STATISTICS}),
        (ObjectedUse.RESEARCH, {RESEARCH}),
        (ObjectedUse.ALL, {STATISTICS, RESEARCH}),
    ],
)
def test_an_objection_holds_at_once_until_it_is_refused(measured, lea, what, out):
    asked = object_to(measured, lea, what)
    left = set(ConsentPurpose) - out
    assert all(found == left for found in uses(measured).values()), uses(measured)
    assert counted(measured, lea)[0] == (0 if STATISTICS in out else 1)
    with tenant(measured.organisation_id):
        decided = {"decision": "granted", "reason": "Yes", "decided_by": lea, "answered_on": asked.arrived_on}
        SubjectRequest.objects.update(**decided)
    assert all(found == left for found in uses(measured).values())
    with tenant(measured.organisation_id):
        SubjectRequest.objects.update(decision="refused")
    assert all(found == set(ConsentPurpose) for found in uses(measured).values())
