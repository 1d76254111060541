"""Changes of contact person, as a curve tells them: from the history, by day, in the episode that they fell in."""

import datetime
from types import SimpleNamespace

import pytest

from clients.services.caseload import hand_over_caseload
from clients.services.clients import update_client
from clients.services.contact_changes import changes_between, contact_changes
from organisations.audit import record
from organisations.services.caseload import HandOver
from organisations.tenancy.context import tenant
from tests.factories import EpisodeFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 2)


def handed_over(nils, from_, to, on, by):
    with tenant(nils.organisation_id), record.recorded(organisation_id=nils.organisation_id, request_id="test"):
        hand_over_caseload(from_=from_, to=HandOver({nils.pk: to}, on, "Knows the family."), by=by)


def said(changes):
    return [(one.on, one.came, one.left) for one in changes]


def told(nils, episode):
    with tenant(nils.organisation_id):
        return said(contact_changes(nils, [episode])[episode.pk])


def state(contact, second=None, *, hour=12, since=None):
    moment = datetime.datetime(2026, 3, 2, hour, 30, tzinfo=datetime.UTC)
    return SimpleNamespace(contact=contact, second_contact=second, contact_since=since, pgh_created_at=moment)


def test_a_hand_over_is_told_on_the_day_that_was_agreed(nils, episode, ann, ben, ada):
    assert told(nils, episode) == []
    handed_over(nils, ann, ben, DAY, ada)
    with tenant(nils.organisation_id), record.recorded(organisation_id=nils.organisation_id, request_id="test"):
        update_client(client=nils, by=ben, outcome_rhythm=14)  # what is no change of person tells nothing
    assert told(nils, episode) == [(DAY, ("Ben Lund",), ("Ann Holm",))]


def test_a_change_without_an_agreed_day_is_told_on_its_local_day(house, ann, ben):
    found = changes_between([state(ann), state(ben, hour=23)], house)  # 00.30 in Denmark
    assert said(found) == [(datetime.date(2026, 3, 3), ("Ben Lund",), ("Ann Holm",))]


def test_what_was_taken_back_on_the_same_day_tells_nothing(house, ann, ben):
    assert said(changes_between([state(ann), state(ben), state(ann)], house)) == []
    assert said(changes_between([state(ann), state(ben), state(ann, ben)], house)) == [(DAY, ("Ben Lund",), ())]


def test_two_who_change_places_tell_nothing(house, ann, ben):
    assert said(changes_between([state(ann, ben), state(ben, ann)], house)) == []


def test_each_episode_has_its_own(nils, service, ann, ben, ada, django_assert_num_queries):
    with tenant(nils.organisation_id):
        about = {"organisation": nils.organisation, "client": nils, "service": service}
        early = EpisodeFactory(
            **about, started_on=datetime.date(2026, 1, 5), ended_on=datetime.date(2026, 2, 1), ending="planned"
        )
        late = EpisodeFactory(**about, started_on=datetime.date(2026, 2, 9))
    handed_over(nils, ann, ben, datetime.date(2026, 1, 20), ada)
    handed_over(nils, ben, ann, datetime.date(2026, 2, 9), ada)  # on the first day: the episode began like that
    with tenant(nils.organisation_id), django_assert_num_queries(1):
        found = contact_changes(nils, [early, late])
    assert said(found[early.pk]) == [(datetime.date(2026, 1, 20), ("Ben Lund",), ("Ann Holm",))]
    assert found[late.pk] == []
