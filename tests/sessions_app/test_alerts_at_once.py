"""Somebody takes note of an alert in the moment in which it is worked out anew: neither undoes the other."""

import threading

import pytest
from django.db import connection

from organisations.audit import record
from organisations.tenancy.context import tenant
from sessions_app.models import Alert
from sessions_app.services import alerts
from tests.sessions_app.test_alerts import evaluate, meet, rows  # noqa: F401  meet is a fixture

WAIT = 2  # seconds that the other one gets; under a lock it goes on afterwards


@pytest.mark.django_db(transaction=True)
def test_an_acknowledgement_during_an_evaluation_stays(meet, episode, ann, monkeypatch):  # noqa: F811
    for ors in (200, 150, 100):
        meet(ors)
    [alert] = [row for row in rows(episode) if row.closed_on is None and row.session_id][:1]
    own = episode.organisation_id
    with tenant(own):
        Alert.objects.filter(pk=alert.pk).update(numbers={"total": 1})  # so that there is something to write

    def take_note():
        with tenant(own), record.recorded(organisation_id=own, request_id="test"):
            alerts.acknowledge_alert(alert=alert, note="I call today", by=ann)
        connection.close()

    other = threading.Thread(target=take_note)
    follow = alerts._follow

    def follow_while_another_takes_note(row, life, **how):
        if other.ident is None:
            other.start()
            other.join(WAIT)
        return follow(row, life, **how)

    monkeypatch.setattr(alerts, "_follow", follow_while_another_takes_note)
    evaluate(episode)
    other.join()
    with tenant(own):
        alert.refresh_from_db()
    assert alert.acknowledgement == "I call today"
    assert alert.numbers != {"total": 1}, "the evaluation wrote its own columns"
