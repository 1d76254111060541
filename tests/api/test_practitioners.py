"""Who works here and who held a session; refusals name fields of the request, in the organisation's language."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from organisations.api.errors import as_problem
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.tokens.scopes import SCOPES
from sessions_app.models import Session
from tests.api.asking import mint, system_of

pytestmark = pytest.mark.django_db
UNSEEN = "This person holds no sessions here."


def change(row, **fields):
    """As it stands in the database, whatever the services would say to it."""
    with tenant(row.organisation_id):
        type(row).objects.filter(pk=row.pk).update(**fields)


# Who works here


def test_everybody_whom_the_pages_name_is_listed_also_who_has_left(system, ann, ben, ada, red_team):
    change(ben, is_active=False)
    told = {row["name"]: row for row in system.get("practitioners/").json()["results"]}
    about = {"id": str(ann.pk), "name": "Ann Holm", "role": "practitioner"}
    assert told["Ann Holm"] == about | {"is_active": True, "teams": [str(red_team.pk)]}
    assert told[ben.name]["is_active"] is False
    assert ada.name in told
    assert "email" not in told["Ann Holm"]


def test_another_organisations_people_are_not_listed(system, elsewhere, ann):
    names = [row["name"] for row in system.get("practitioners/").json()["results"]]
    assert ann.name in names
    assert elsewhere.name not in names


def test_the_list_needs_its_own_scope_and_a_right_to_see_clients(ann, ada):
    assert system_of(ann, scopes=["clients:read"]).get("practitioners/").status_code == 403
    assert system_of(ann, scopes=["practitioners:read"]).get("practitioners/").status_code == 200
    assert system_of(ada).get("practitioners/").status_code == 403
    assert "practitioners:write" not in SCOPES
    assert system_of(ann).post("practitioners/").status_code == 405


# Who held a session


def past(episode, **more):
    held_on = today_in(episode.organisation) - timedelta(days=3)
    fields = {"held_on": held_on.isoformat(), "contact_form": "video", "attendance": "attended"}
    return fields | {"client": str(episode.client_id), "submission_id": str(uuid.uuid4())} | more


def test_a_session_says_who_held_it_and_else_it_is_the_tokens_own(system, episode, ann, ben):
    assert system.post("sessions/", past(episode)).json()["practitioner"] == str(ann.pk)
    made = system.post("sessions/", past(episode, practitioner=str(ben.pk))).json()
    assert made["practitioner"] == str(ben.pk)
    with tenant(ann.organisation_id):
        assert Session.objects.get(pk=made["id"]).practitioner == ben


def test_todays_session_of_a_colleague_is_gone_on_with_as_theirs(system, episode, ben):
    body = {"client": str(episode.client_id), "practitioner": str(ben.pk)}
    first, again = (system.post("sessions/start/", body).json() for _ in range(2))
    assert first["practitioner"] == str(ben.pk)
    assert first["id"] == again["id"]


def test_who_holds_no_sessions_is_refused_beside_the_field(system, episode, ada, ben, elsewhere):
    refused = system.post("sessions/", past(episode, practitioner=str(ada.pk)))
    assert (refused.status_code, refused.json()["errors"]) == (422, {"practitioner": [UNSEEN]})
    unknown = system.post("sessions/", past(episode, practitioner=str(uuid.uuid4()))).json()
    assert unknown["errors"] == {"practitioner": ["There is no such row."]}
    change(ben, is_active=False)
    body = {"client": str(episode.client_id), "practitioner": str(ben.pk)}
    assert system.post("sessions/start/", body).json()["errors"] == {"practitioner": [UNSEEN]}
    assert system.post("sessions/", past(episode, practitioner=str(ben.pk))).status_code == 201


# Refusals


class View:
    field_names = {"outcome_skipped": "skipped.ors"}
    asked_fields = {"skipped", "held_on"}


@pytest.mark.parametrize(
    ("key", "place"), [("held_on", "held_on"), ("outcome_skipped", "skipped.ors"), ("time_zone", None)]
)
def test_a_sentence_stands_beside_a_field_of_the_request_or_beside_none(key, place, monkeypatch):
    monkeypatch.setattr("organisations.api.errors.set_rollback", lambda: None)
    told = as_problem(ValidationError({key: "Look again."}), {"view": View()})
    errors = {place: ["Look again."]} if place else None
    assert told.status_code == 422
    body = json.loads(told.content)
    assert body.get("errors") == errors
    assert (body["detail"] == "Look again.") == (place is None)


@pytest.mark.parametrize(
    ("asked", "told"),
    [(None, "da"), ("*", "da"), ("fr", "da"), ("fr, *;q=0.5", "da"), ("sv", "sv"), ("fr, en;q=0.5", "en")],
)
def test_refusals_are_in_the_organisations_language_unless_a_known_one_is_asked_for(ann, house, asked, told):
    house.language = "da"
    house.save()
    headers = {"Accept-Language": asked} if asked else {}
    answer = system_of(ann).get("clients/?limit=0", **headers)
    assert answer.status_code == 422
    assert answer["Content-Language"] == told
    words = {"da": "Mellem", "sv": "Mellan", "en": "Between"}
    assert answer.json()["errors"]["limit"][0].startswith(words[told])


@pytest.mark.parametrize("years", [-1, 121])
def test_a_year_in_which_nobody_here_was_born_is_refused_and_one_that_stands_stays(system, nils, house, years):
    year, path = today_in(house).year - years, f"clients/{nils.pk}/"
    first, last = today_in(house).year - 120, today_in(house).year
    refused = system.patch(path, {"birth_year": year})
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        {"birth_year": [f"A year from {first} to {last}."]},
    )
    assert system.patch(path, {"birth_year": first}).status_code == 200
    change(nils, birth_year=year)
    assert system.patch(path, {"outcome_rhythm": 14}).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/clients/", "/api/v1/me/", "/api/v1/schema/", "/healthz"])
def test_head_has_the_length_of_get_and_no_body(ann, path):
    """Asked of the application itself: a web server or Django's test client would take the body away."""
    secret = mint(ann).secret
    answers = {}
    for method in ("GET", "HEAD"):
        request = RequestFactory().generic(method, path, headers={"authorization": f"Bearer {secret}"})
        head = {}
        body = WSGIHandler()(request.environ, lambda status, headers, head=head: head.update(headers, status=status))
        answers[method] = (head["status"], head["Content-Type"], b"".join(body))
    assert answers["HEAD"][:2] == answers["GET"][:2]
    assert answers["GET"][2]
    assert answers["HEAD"][2] == b""
