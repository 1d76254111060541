"""What a client agrees to: each answer is a row, the newest holds, a mistake is put right; what the law lets be."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Client, Consent, ConsentPurpose, ConsentSaidBy, ConsentState
from clients.models.lawful_grounds import LAWFUL, Content, ground_for
from clients.services import consent_closings
from clients.services.consents import (
    ConsentsRead,
    clients_to_share,
    clients_with_consent,
    correct_consent,
    has_consent,
    may_share,
    read_consents,
    record_consent,
)
from organisations.audit.record import recorded
from organisations.models import AccessEvent
from organisations.models.countries import Country
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
GIVEN, WITHDRAWN, UNASKED = ConsentState.GIVEN, ConsentState.WITHDRAWN, ConsentState.UNASKED
TEAM, STATISTICS = ConsentPurpose.TEAM, ConsentPurpose.STATISTICS


@pytest.fixture
def here(ann):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        yield ann.organisation


def say(client, by, state=GIVEN, purpose=TEAM, **said):
    return record_consent(client=client, by=by, purpose=purpose, state=state, **said)


def test_a_yes_holds_until_a_no_and_each_is_a_row(here, nils, ann):
    assert not has_consent(nils, TEAM)
    say(nils, ann)
    assert has_consent(nils, TEAM)
    assert not has_consent(nils, STATISTICS)
    say(nils, ann, WITHDRAWN)
    assert not has_consent(nils, TEAM)
    assert list(nils.consents.in_order().values_list("state", flat=True)) == [GIVEN, WITHDRAWN]


def test_no_row_is_changed_or_deleted_by_the_application(here, nils, ann):
    consent = say(nils, ann)
    for attempt in (lambda: Consent.objects.update(state=WITHDRAWN), consent.delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


def test_the_last_answer_holds_also_when_a_clock_was_set_back(here, nils, ann, monkeypatch):
    say(nils, ann)
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    day = nils.consents.get().said_on
    monkeypatch.setattr("clients.services.consents.today_in", lambda organisation: day)
    say(nils, ann, WITHDRAWN)
    assert not has_consent(nils, TEAM)


def test_a_day_to_come_and_a_day_before_the_last_answer_are_refused_at_their_field(here, nils, ann):
    today = today_in(here)
    with pytest.raises(ValidationError) as refused:
        say(nils, ann, said_on=today + datetime.timedelta(days=1))
    assert "said_on" in refused.value.message_dict
    say(nils, ann, WITHDRAWN)
    with pytest.raises(ValidationError) as refused:
        say(nils, ann, said_on=today - datetime.timedelta(days=1))
    assert "said_on" in refused.value.message_dict
    assert not has_consent(nils, TEAM)


def test_a_guardian_is_named_and_a_client_is_no_guardian(here, nils, ann):
    with pytest.raises(ValidationError) as refused:
        say(nils, ann, said_by=ConsentSaidBy.GUARDIAN)
    assert "guardian" in refused.value.message_dict
    assert say(nils, ann, said_by=ConsentSaidBy.GUARDIAN, guardian="mother").guardian == "mother"
    assert say(nils, ann, guardian="mother").guardian == ""


def test_a_mistake_is_put_right_and_both_entries_stay(here, nils, ann):
    say(nils, ann)
    mistaken = say(nils, ann, WITHDRAWN)
    made = correct_consent(consent=mistaken, reason="the wrong client", by=ann)
    assert has_consent(nils, TEAM)
    assert (made.corrects, made.reason) == (mistaken, "the wrong client")
    assert nils.consents.count() == 3
    first = nils.consents.in_order().first()
    with pytest.raises(ValidationError, match="newer"):
        correct_consent(consent=mistaken, reason="again", by=ann)
    made = correct_consent(consent=first, reason="that one too", by=ann)
    assert made.state == UNASKED
    assert not has_consent(nils, TEAM)


def test_a_mistake_is_put_right_for_a_reason(here, nils, ann):
    with pytest.raises(ValidationError) as refused:
        correct_consent(consent=say(nils, ann), reason=" ", by=ann)
    assert "reason" in refused.value.message_dict


def test_a_no_and_a_yes_put_right_close_what_was_open(here, nils, ann, monkeypatch):
    closed = []
    closing = consent_closings.ConsentClosing(TEAM, "%(count)d links", lambda client: 2, closed.append)
    monkeypatch.setattr(consent_closings, "_registered", [closing])
    assert consent_closings.open_now(nils, TEAM) == ["2 links"]
    assert consent_closings.open_now(nils, STATISTICS) == []
    yes = say(nils, ann)
    assert closed == []
    correct_consent(consent=yes, reason="wrong", by=ann)
    assert closed == [nils]
    say(nils, ann, WITHDRAWN, purpose=STATISTICS)
    assert closed == [nils]
    say(nils, ann, WITHDRAWN)
    assert closed == [nils, nils]


def test_entries_are_on_the_access_log_and_cannot_be_told_from_other_changes_of_the_client(ann, nils):
    with tenant(ann.organisation_id):
        with recorded(organisation_id=ann.organisation_id, request_id="test"):
            say(nils, ann)
        event = AccessEvent.objects.latest("at")
        assert (event.action, event.purpose, event.client_ids) == ("client.update", "", [nils.pk])


@given(
    st.sampled_from([*Country.values, "XX"]),
    st.sampled_from(ConsentPurpose.values),
    st.sampled_from(Content),
    st.sampled_from([GIVEN, WITHDRAWN, UNASKED]),
)
def test_a_yes_always_suffices_and_without_one_only_what_a_ground_reaches(country, purpose, content, state):
    key = object()
    allowed = ConsentsRead(country, {(key, purpose): state}).may_share(key, purpose, content)
    ground = ground_for(country, purpose, content)
    if state == GIVEN:
        assert allowed
    elif state == WITHDRAWN and (ground is None or ground.yields):
        assert not allowed
    else:
        assert allowed == (ground is not None)


def test_no_law_reaches_the_clients_own_words_nor_a_consultant_nor_research():
    for country in LAWFUL:
        for purpose in ConsentPurpose:
            assert ground_for(country, purpose, Content.WORDS) is None
        for purpose in (ConsentPurpose.CONSULTANT, ConsentPurpose.RESEARCH):
            assert ground_for(country, purpose, Content.MARKS) is None


def test_each_country_names_its_law_and_a_no_ends_the_statistics():
    for country in (Country.DENMARK, Country.SWEDEN, Country.NORWAY):
        for ground in LAWFUL[country]:
            assert ground.law
            assert str(ground.said)
        assert ground_for(country, STATISTICS, Content.MARKS).yields
        assert not ground_for(country, TEAM, Content.MARKS).yields
    assert ground_for(Country.OTHER, STATISTICS, Content.MARKS) is None


def test_many_clients_are_asked_by_one_query_and_alike(here, red_team, ann):
    rows = [ClientFactory(organisation=here, teams=[red_team]) for _ in range(6)]
    for client, said in zip(rows, ([], [GIVEN], [WITHDRAWN], [GIVEN, WITHDRAWN], [WITHDRAWN, GIVEN], []), strict=True):
        for state in said:
            for purpose in ConsentPurpose:
                say(client, ann, state, purpose)
    every = Client.objects.filter(pk__in=[row.pk for row in rows])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read = read_consents(rows, here)
    assert len(queries) == 1
    for country in Country.values:
        here.country = country
        here.save()
        read = read_consents(rows, here)
        for purpose in ConsentPurpose:
            given = set(clients_with_consent(every, purpose))
            assert given == {row for row in rows if read.has(row.pk, purpose)} == {rows[1], rows[4]}
            for content in Content:
                shared = set(clients_to_share(every, purpose, content, here))
                assert shared == {row for row in rows if read.may_share(row.pk, purpose, content)}
                for row in rows:
                    assert may_share(Client.objects.get(pk=row.pk), purpose, content) == (row in shared)
