"""Two people merge the same records at the same moment: one does it, the other is told."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from clients.models import Client, ClientMerge, Episode
from organisations.audit import record
from organisations.tenancy.context import tenant
from sessions_app.services import client_merges
from sessions_app.services.client_merge_preview import preview_of
from sessions_app.services.client_merges import ONE, merge_clients
from tests.factories import ClientFactory, EpisodeFactory

WAIT = 2  # seconds that the other one gets; under a lock it goes on afterwards


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_episodes", [True, False])
def test_of_two_merges_the_other_way_round_one_is_done(monkeypatch, ann, ben, nils, red_team, service, with_episodes):
    own = ann.organisation
    with tenant(own.pk):
        twin = ClientFactory(organisation=own, reference="N-14", teams=[red_team])
        if with_episodes:
            for client in (nils, twin):
                EpisodeFactory(organisation=own, client=client, service=service)
    said = {}

    def merge(name, by, one, other):
        try:
            with tenant(own.pk), record.recorded(organisation_id=own.pk, request_id=name):
                seen = preview_of(one, other).seen
                merge_clients(one=one, other=other, chosen={"reference": ONE}, seen=seen, by=by)
                said[name] = "done"
        except ValidationError as error:
            said[name] = " ".join(error.messages)
        except Exception as error:
            said[name] = repr(error)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connection.close()

    second = threading.Thread(target=merge, args=("second", ben, twin, nils))
    put_fields = client_merges._put_fields

    def while_another_merges(*arguments):
        if second.ident is None:
            second.start()
            second.join(WAIT)
        return put_fields(*arguments)

    monkeypatch.setattr(client_merges, "_put_fields", while_another_merges)
    merge("first", ann, nils, twin)
    second.join()
    assert said["first"] == "done"
    assert said["second"] == "N-14 was merged with another record meanwhile. Look at that one."
    with tenant(own.pk):
        assert ClientMerge.objects.count() == 1
        assert list(Client.objects.exclude(merged_into=None)) == [twin]
        assert Episode.objects.filter(client=nils, ended_on=None).count() == with_episodes
