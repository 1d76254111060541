"""Which cases a team meeting is best used for: the order of need, and as many as the minutes hold."""

import datetime
import uuid

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.verdict.keys import Sentence, Tone
from sessions_app.models import CaseReason
from sessions_app.services.team_meeting_agenda import MINUTES, Candidate, fitting, ranked

DAY = datetime.date(2026, 11, 29)
LONG = DAY - datetime.timedelta(weeks=20)


def case(tone=Tone.QUIET, sentence=Sentence.LITTLE_CHANGE, began_on=DAY, **more):
    return Candidate(key=uuid.uuid4(), tone=tone, sentence=sentence, began_on=began_on, **more)


def test_each_stands_there_for_the_first_reason_that_fits():
    cases = {
        CaseReason.SUCCESS: case(Tone.GOOD, Sentence.GAIN_ABOVE),
        CaseReason.WATCH: case(Tone.WATCH, Sentence.SWINGS),
        CaseReason.LONG_AGO: case(began_on=LONG),
        CaseReason.UNCHANGED: case(Tone.WATCH, Sentence.NO_CHANGE, began_on=LONG),
        CaseReason.ASKED: case(is_asked=True),
        CaseReason.WORSE: case(Tone.WATCH, Sentence.BELOW_START, is_asked=True),
        CaseReason.RED: case(Tone.ACT, Sentence.NO_CHANGE_LATE),
    }
    found = ranked([*cases.values(), case()], DAY)
    assert [one.reason for one in found] == list(reversed(cases))
    assert [one.key for one in found] == [one.key for one in reversed(cases.values())]


def test_what_nobody_has_spoken_of_comes_before_what_was_just_discussed():
    yesterday = DAY - datetime.timedelta(days=1)
    discussed = case(Tone.ACT, discussed_on=yesterday, measured_on=yesterday)
    measured_since = case(Tone.ACT, discussed_on=LONG, measured_on=DAY)
    never = case(Tone.ACT)
    assert [one.key for one in ranked([discussed, measured_since, never], DAY)] == [
        never.key,
        measured_since.key,
        discussed.key,
    ]


def test_a_success_that_was_told_already_is_none_until_something_new_is_measured():
    told = case(Tone.GOOD, Sentence.GAIN_ABOVE, discussed_on=DAY, measured_on=LONG)
    assert ranked([told], DAY) == []


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.uuids(),
        tone=st.sampled_from(Tone),
        sentence=st.sampled_from(Sentence),
        began_on=st.dates(LONG, DAY),
        discussed_on=st.none() | st.dates(LONG, DAY),
        measured_on=st.none() | st.dates(LONG, DAY),
        is_asked=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


@given(CANDIDATES, st.integers(15, 240))
def test_the_agenda_fits_and_leaves_nobody_out_who_would_fit_before_a_lesser_need(candidates, minutes):
    proposals = ranked(candidates, DAY)
    chosen = fitting(proposals, minutes)
    assert len({one.key for one in chosen}) == len(chosen)
    assert bool(chosen) == bool(proposals)
    if len(chosen) > 2:
        assert sum(one.minutes for one in chosen) <= minutes
    places = list(MINUTES)
    order = [list(CaseReason).index(one.reason) for one in chosen if one.reason != CaseReason.SUCCESS]
    assert order == sorted(order)
    assert set(places) == set(CaseReason)
    if any(one.reason == CaseReason.RED for one in proposals):
        assert chosen[0].reason == CaseReason.RED
    if any(one.reason == CaseReason.SUCCESS for one in proposals):
        assert chosen[-1].reason == CaseReason.SUCCESS
