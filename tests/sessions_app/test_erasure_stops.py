"""What a client asked for by law, and that nothing of them is used, stops an erasure whose time has come."""

import datetime

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from clients.models import Restriction, SubjectRequest
from clients.services.erasure_stops import erasure_stops
from organisations.tenancy.context import tenant
from sessions_app.periodic import erase_confirmed
from tests.factories import ClientFactory
from tests.sessions_app.test_erasures import erase, world  # noqa: F401
from tests.sessions_app.test_retention import (  # noqa: F401
    NOW,
    _today,
    confirm,
    noticed,
    old_client,
    rule_for,
    there,
    zoe,
)
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
DAY = NOW.date()


def ask(browser, client, by, kind, **more):
    browser.force_login(by.user)
    sent = {"kind": kind, "arrived_on": str(DAY), "handler": by.pk} | more
    answer = browser.post(reverse("subject-request-new", args=[client.pk]), sent)
    assert answer.status_code == 302, answer.content.decode()
    with tenant(client.organisation_id):
        return SubjectRequest.objects.get()


def answer(browser, request):
    sent = {"answer-decision": "granted", "answer-reason": "Done", "answer-answered_on": str(DAY)}
    assert browser.post(reverse("subject-request", args=[request.pk]), sent).status_code == 302


@pytest.mark.parametrize(
    ("kind", "more"), [("access", {}), ("objection", {"objects_to": "research"}), ("erasure", {}), ("correction", {})]
)
def test_a_request_that_waits_stops_the_night_until_it_is_answered(browser, lea, zoe, ada, red_team, kind, more):  # noqa: F811
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client)
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    asked = ask(browser, client, lea, kind, **more)
    assert erase_confirmed(NOW) == 0 and there(client)
    assert "Kept all the same" in browser.get(reverse("erasure-list")).content.decode()
    page = browser.get(reverse("erasure-notice", args=[notice.pk])).content.decode()
    assert "asked for something by law" in page and reverse("client-rights", args=[client.pk]) in page
    answer(browser, asked)
    assert erase_confirmed(NOW + datetime.timedelta(1)) == 1
    assert not there(client)


def test_no_step_is_taken_while_a_request_waits_and_the_page_says_why(browser, lea, ada, red_team):
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client)
    ask(browser, client, lea, "access")
    assert "Answer that first." in confirm(browser, notice, lea).content.decode()
    with tenant(client.organisation_id):
        notice.refresh_from_db()
    assert notice.first_on is None


def test_a_restricted_client_is_not_erased(browser, lea, zoe, ada, red_team):  # noqa: F811
    rule_for(red_team, ada)
    client = old_client(red_team)
    notice = noticed(client)
    confirm(browser, notice, lea)
    confirm(browser, notice, zoe)
    browser.post(reverse("restriction-new", args=[client.pk]), {"reason": "She needs them in court"})
    assert erase_confirmed(NOW) == 0 and there(client)
    with tenant(client.organisation_id):
        restriction = Restriction.objects.get()
    sent = {"told_on": str(restriction.set_on), "lift_reason": "The case is over"}
    assert browser.post(reverse("restriction-lift", args=[restriction.pk]), sent).status_code == 302
    assert erase_confirmed(NOW + datetime.timedelta(1)) == 1


def by_the_database():
    """Its clock: the day of these tests has passed, and what was entered a day ago is played again after a restore."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def test_the_database_erases_nobody_whose_request_waits_or_who_is_restricted(world):  # noqa: F811
    one = world.fill("Ibis")
    own = {"organisation": world.organisation, "client": one}
    with transaction.atomic():
        SubjectRequest.objects.create(**own, kind="access", arrived_on=DAY, due_on=DAY, recorded_by=world.by)
        with pytest.raises(ProgrammingError, match="request or restriction"), transaction.atomic():
            erase(one, erased_at=by_the_database())
        transaction.set_rollback(True)
    with transaction.atomic():
        Restriction.objects.create(**own, reason="x", set_on=DAY, set_by=world.by)
        with pytest.raises(ProgrammingError, match="request or restriction"), transaction.atomic():
            erase(one, erased_at=by_the_database())
        transaction.set_rollback(True)
    erase(one)


def test_stops_of_5_clients_take_as_many_queries_as_of_1(nils, lea, red_team):
    with tenant(nils.organisation_id):
        own = {"organisation": nils.organisation}
        clients = [nils, *(ClientFactory(**own, teams=[red_team]) for _number in range(4))]
        for one in clients:
            SubjectRequest.objects.create(**own, client=one, kind="access", arrived_on=DAY, due_on=DAY, recorded_by=lea)
            Restriction.objects.create(**own, client=one, reason="x", set_on=DAY, set_by=lea)
        found, few = statements_of(lambda: list(erasure_stops([nils.pk])))
        every, many = statements_of(lambda: list(erasure_stops([one.pk for one in clients])))
    assert (len(found), len(every), len(few), len(many)) == (2, 10, 2, 2)
