"""Every look is on record, or there is no look."""

import pytest
from django.db import DatabaseError
from django.urls import reverse

from clients.models import Client
from organisations.audit import record
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


def test_one_row_a_request_and_action_with_all_clients(browser, ann, red_team):
    with tenant(ann.organisation_id):
        clients = ClientFactory.create_batch(3, organisation=ann.organisation, teams=[red_team])
    browser.force_login(ann.user)
    answer = browser.get(reverse("today"))
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get()
    assert event.action == "today"
    assert sorted(event.client_ids) == sorted(client.pk for client in clients)
    assert (event.practitioner_id, event.role) == (ann.pk, "practitioner")
    assert event.request_id == answer["X-Request-ID"]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_recorded_is_not_shown_and_not_kept(browser, ann, nils, red_team, monkeypatch):
    browser.force_login(ann.user)

    def refuse(collected):
        raise DatabaseError("no room for the access log")

    monkeypatch.setattr(record, "write", refuse)
    page = browser.get(reverse("client-detail", args=[nils.pk]))
    assert page.status_code == 503
    assert "Nils" not in page.content.decode()
    form = {
        "reference": "S-1",
        "form_language": "da",
        "teams": [str(red_team.pk)],
        "outcome_rhythm": 0,
        "alliance_rhythm": 0,
    }
    assert browser.post(reverse("client-new"), form).status_code == 503
    with tenant(ann.organisation_id):
        assert not Client.objects.filter(reference="S-1").exists()


def test_data_read_where_nobody_writes_it_down_is_an_error(nils):
    with pytest.raises(record.NotCollecting):
        record.record_access("peek", [nils.pk])
