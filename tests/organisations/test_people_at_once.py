"""Two administrators at the same moment."""

import threading
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from organisations.audit.record import recorded
from organisations.models import Practitioner
from organisations.roles import Role
from organisations.services import departures
from organisations.services.caseload import WorkOf
from organisations.tenancy.context import tenant
from tests.people import person


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_deactivate_each_other_leave_one(ada, red_team, monkeypatch):
    eve = person(red_team, "Eve Krag", Role.ADMIN, teams=[])
    both_have_checked = threading.Barrier(2)

    def wait_for_the_other(practitioner):
        # Without the lock both come here, each having found the other still active.
        with suppress(threading.BrokenBarrierError):
            both_have_checked.wait(timeout=2)
        return WorkOf((), (), ())

    monkeypatch.setattr(departures, "work_of", wait_for_the_other)
    refused = []

    def deactivate(practitioner, by):
        try:
            with tenant(by.organisation_id), recorded(organisation_id=by.organisation_id, request_id="-"):
                departures.deactivate_practitioner(practitioner=practitioner, to=None, by=by)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=deactivate, args=pair) for pair in ((ada, eve), (eve, ada))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    with tenant(ada.organisation_id):
        assert Practitioner.objects.filter(role=Role.ADMIN, is_active=True).count() == 1
