"""Two records of one person are put together: a no stands over a yes, and taking the merge back brings both back."""

import pytest

from clients.models import Consent, ConsentPurpose, ConsentState
from clients.services.consents import has_consent, record_consent
from organisations.audit.record import recorded
from organisations.tenancy.context import tenant
from sessions_app.services.built_on_merges import stands_in_the_way
from sessions_app.services.client_merge_preview import preview_of
from sessions_app.services.client_merge_undo import undo_merge
from sessions_app.services.client_merges import merge_clients
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
YES, NO = ConsentState.GIVEN, ConsentState.WITHDRAWN
TEAM = ConsentPurpose.TEAM


@pytest.fixture
def here(ann):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        yield ann.organisation


def say(client, by, states):
    for state in states:
        record_consent(client=client, by=by, purpose=TEAM, state=state)


def merged(kept, emptied, by):
    seen = preview_of(kept, emptied).seen
    return merge_clients(one=kept, other=emptied, chosen={"reference": "one"}, seen=seen, by=by)


@pytest.mark.parametrize(
    ("kept_said", "emptied_said", "holds"),
    [
        ([YES], [NO], NO),
        ([NO], [YES], NO),
        ([YES, NO, YES], [YES, NO], NO),
        ([], [YES], YES),
        ([YES], [], YES),
        ([YES], [YES], YES),
        ([], [NO], NO),
        ([], [], None),
    ],
)
def test_a_no_of_either_record_holds_and_silence_takes_nothing_away(
    here, nils, ann, red_team, kept_said, emptied_said, holds
):
    twin = ClientFactory(organisation=here, reference="N-14", teams=[red_team], birth_year=nils.birth_year)
    # The emptied record's word is the older one: no day makes a yes stronger than a no.
    say(twin, ann, emptied_said)
    say(nils, ann, kept_said)
    before = [has_consent(each, TEAM) for each in (nils, twin)]
    merge = merged(nils, twin, ann)
    newest = Consent.objects.filter(client=nils).newest().first()
    assert (newest.state if newest else None) == holds
    assert has_consent(nils, TEAM) == (holds == YES)
    assert stands_in_the_way(merge) == []
    undo_merge(merge=merge, by=ann)
    assert [has_consent(each, TEAM) for each in (nils, twin)] == before
    assert twin.consents.count() == len(emptied_said)


def test_an_answer_after_the_merge_stands_in_the_way_of_taking_it_back(here, nils, ann, red_team):
    twin = ClientFactory(organisation=here, reference="N-14", teams=[red_team], birth_year=nils.birth_year)
    say(twin, ann, [NO])
    merge = merged(nils, twin, ann)
    say(nils, ann, [YES])
    assert has_consent(nils, TEAM)
    assert stands_in_the_way(merge) == ["What the client agrees to was changed since."]


def test_an_answer_between_the_preview_and_the_merge_is_a_reason_to_look_again(here, nils, ann, red_team):
    twin = ClientFactory(organisation=here, reference="N-14", teams=[red_team], birth_year=nils.birth_year)
    seen = preview_of(nils, twin).seen
    say(twin, ann, [NO])
    assert preview_of(nils, twin).seen != seen
