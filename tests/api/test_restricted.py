"""Other systems, while a client's data are kept and not used: they read and change nothing of that client."""

import pytest

from clients.models import Client, Episode, Restriction
from clients.services.restrictions import lift_restriction, set_restriction
from organisations.api import base
from organisations.audit.record import recorded
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import Session
from tests.api.asking import PROBLEM, system_of
from tests.api.test_access import ABOUT_A_ROW, CALLS, OF_NO_CLIENT, answers, wrong
from tests.route_matrix import CLIENT_WORDS, REFERENCE

pytestmark = pytest.mark.django_db
LISTS = [(name, method) for name, method in CALLS if name.endswith("-list") and method == "GET"]


def restrict(client, by):
    with tenant(client.organisation_id), recorded(organisation_id=client.organisation_id, request_id="restricting"):
        return set_restriction(client=client, reason="It may be wrong", by=by)


def restrict_all(world):
    by = world.people["team_lead"]
    with tenant(by.organisation_id):
        restricted = Restriction.objects.standing().values("client")
        clients = list(Client.objects.filter(merged_into=None).exclude(pk__in=restricted))
    for client in clients:
        restrict(client, by)


def about_clients(calls):
    return [call for call in calls if call[0] not in OF_NO_CLIENT]


def test_every_route_about_a_row_refuses_and_no_list_has_it(world):
    restrict_all(world)
    system = system_of(world.people["practitioner"])
    assert wrong(answers(system, world, ABOUT_A_ROW), 403) == []
    for name, _method, answer in answers(system, world, about_clients(LISTS)):
        body = answer.content.decode()
        assert answer.status_code == 200 and answer.json()["results"] == [], name
        assert CLIENT_WORDS not in body and REFERENCE not in body, name


def test_without_the_guard_the_same_check_is_red(world, monkeypatch):
    restrict_all(world)
    monkeypatch.setattr(base, "refuse_unused", lambda clients: None)
    assert wrong(answers(system_of(world.people["practitioner"]), world, ABOUT_A_ROW), 403)


def test_nothing_is_written_by_a_body_that_names_the_client_and_the_answer_says_why(nils, episode, ann, lea):
    system = system_of(ann)
    restriction = restrict(nils, lea)
    day = str(today_in(nils.organisation))
    sent = {"client": str(nils.pk), "service": str(episode.service_id), "started_on": day}
    for path, body in (("sessions/", {"episode": str(episode.pk)}), ("episodes/", sent)):
        answer = system.post(path, body)
        assert answer.status_code in (403, 422), answer.content
        assert answer["Content-Type"] == PROBLEM
    assert "kept and not used for now" in system.get(f"clients/{nils.pk}/").json()["detail"]
    with tenant(nils.organisation_id):
        assert (Session.objects.count(), Episode.objects.count()) == (0, 1)
    with tenant(nils.organisation_id), recorded(organisation_id=nils.organisation_id, request_id="lifting"):
        told = {"told_on": today_in(nils.organisation), "lift_reason": "It was right"}
        lift_restriction(restriction=restriction, by=lea, **told)
    assert system.get(f"clients/{nils.pk}/").status_code == 200
    assert len(system.get("clients/").json()["results"]) == 1


def test_an_answer_that_was_kept_for_a_repeat_is_not_given_again(nils, service, ann, lea):
    system, day = system_of(ann), str(today_in(nils.organisation))
    sent = {"client": str(nils.pk), "service": str(service.pk), "started_on": day}
    first = system.post("episodes/", sent, idempotency_key="one")
    assert first.status_code == 201, first.content
    assert system.post("episodes/", sent, idempotency_key="one")["Idempotency-Replayed"] == "true"
    restrict(nils, lea)
    assert system.post("episodes/", sent, idempotency_key="one").status_code == 403
