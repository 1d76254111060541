"""The same request twice has its effect once."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from clients.models import Client
from organisations.models import AccessEvent, KeptAnswer
from organisations.periodic import forget_kept_answers
from organisations.tenancy.context import tenant
from tests.api.asking import system_of

KEY = {"Idempotency_Key": "0b6f-1"}


def new_client(team, reference="A-1") -> dict:
    return {"reference": reference, "form_language": "en", "teams": [str(team.pk)]}


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_and_changes_nothing(system, ann, red_team):
    first = system.post("clients/", new_client(red_team), **KEY)
    assert first.status_code == 201
    again = system.post("clients/", new_client(red_team), **KEY)
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    with tenant(ann.organisation_id):
        assert Client.objects.count() == 1
        assert AccessEvent.objects.filter(action="client.create", purpose="repeated request").exists()
    without = system.post("clients/", new_client(red_team))
    assert without.status_code == 422


@pytest.mark.django_db
def test_the_key_of_another_request_is_refused(system, ann, red_team, nils):
    assert system.post("clients/", new_client(red_team), **KEY).status_code == 201
    other_body = system.post("clients/", new_client(red_team, "A-2"), **KEY)
    other_path = system.post(f"clients/{nils.pk}/archive/", **KEY)
    for answer in (other_body, other_path):
        assert answer.status_code == 422
        assert answer.json()["errors"] == {"Idempotency-Key": ["This key stands for another request."]}
    with tenant(ann.organisation_id):
        assert Client.objects.filter(archived_at=None).count() == 2


@pytest.mark.django_db
def test_keys_of_two_tokens_have_nothing_to_do_with_each_other(system, ben, red_team):
    assert system.post("clients/", new_client(red_team), **KEY).status_code == 201
    assert system_of(ben).post("clients/", new_client(red_team, "A-2"), **KEY).status_code == 201


@pytest.mark.django_db
def test_a_repeat_shows_nothing_that_its_token_may_not_see_any_more(system, ann, red_team, blue_team):
    first = system.post("clients/", new_client(red_team), **KEY)
    assert first.status_code == 201
    with tenant(ann.organisation_id):
        ann.teams.set([blue_team], through_defaults={"organisation_id": ann.organisation_id})
    again = system.post("clients/", new_client(red_team), **KEY)
    assert (again.status_code, "A-1" in again.content.decode()) == (404, False)
    with tenant(ann.organisation_id):
        assert not AccessEvent.objects.filter(action="client.create", purpose="repeated request").exists()
        ann.teams.set([red_team], through_defaults={"organisation_id": ann.organisation_id})
    assert system.post("clients/", new_client(red_team), **KEY).json() == first.json()


@pytest.mark.django_db
def test_a_refused_request_is_tried_again(system, red_team):
    wrong = system.post("clients/", new_client(red_team, "010180-1234"), **KEY)
    assert wrong.status_code == 422
    assert system.post("clients/", new_client(red_team), **KEY).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "two words", "x" * 101, "æ"])
def test_an_unusable_idempotency_key_is_refused(system, red_team, key):
    answer = system.post("clients/", new_client(red_team), Idempotency_Key=key.encode().decode("latin-1"))
    assert answer.status_code == 422


@pytest.mark.django_db
def test_after_a_day_the_key_is_free_and_the_answer_gone(system, ann, red_team):
    system.post("clients/", new_client(red_team), **KEY)
    with tenant(ann.organisation_id):
        KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert system.post("clients/", new_client(red_team, "A-2"), **KEY).status_code == 201
    with tenant(ann.organisation_id):
        KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert forget_kept_answers() == 1
    with tenant(ann.organisation_id):
        assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_client(ann, red_team):
    system, results = system_of(ann), []
    start = threading.Barrier(8)

    def post():
        try:
            start.wait()
            results.append(system.post("clients/", new_client(red_team), **KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in results] == [201] * 8
    assert len({answer.json()["id"] for answer in results}) == 1
    with tenant(ann.organisation_id):
        assert Client.objects.count() == 1
    assert uuid.UUID(results[0].json()["id"]).version == 4
