"""The evaluation of the action plan: a period, what changed and what did not, and the client's words only if agreed."""

import datetime
import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Episode
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.plan_evaluation.period import months_before
from reports.plan_evaluation.sentences import GoalCounts, sentences
from sessions_app.measures.series import Measured, Series
from sessions_app.models import Goal, GoalMark, Note, PlanEvaluation, SessionDecision
from tests.reports.plan_evaluation.evaluations import WORDS, begin, consented, new, save
from tests.sealed_words import the

pytestmark = pytest.mark.django_db
NONE = GoalCounts(0, 0, 0, 0)


def stored(ann):
    with tenant(ann.organisation_id):
        return PlanEvaluation.objects.select_related("made_by").get()


def as_script(staff, url, page, **changed):
    form = page.context["form"]
    sent = {"version": form["version"].value(), "text": form["text"].value()} | changed
    return staff.post(url, sent, headers={"accept": "application/json"})


# What is said


def series_of(*totals, srs=(), first=datetime.date(2026, 8, 2)):
    return Series(
        tuple(
            Measured(
                f"s{number}",
                first + datetime.timedelta(days=14 * number),
                ors=total,
                srs=srs[number] if number < len(srs) else None,
            )
            for number, total in enumerate(totals)
        )
    )


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ((), ["The ORS was not filled in during the period."]),
        ((142,), ["The ORS was filled in once, 14.2 on Aug. 2, 2026: one measurement shows no change."]),
        (
            (142, 150, 200, 263, 270, 271),
            [
                "ORS: from 14.2 on Aug. 2, 2026 to 27.1 on Oct. 11, 2026 (+12.9) in 6 measurements.",
                "That is a reliable change for the better (5 points or more).",
                "The ORS was below the cut-off of 25 and is above it now.",
            ],
        ),
        (
            (280, 260, 200, 170, 160, 150),
            [
                "ORS: from 28 on Aug. 2, 2026 to 15 on Oct. 11, 2026 (−13) in 6 measurements.",
                "That is a reliable change for the worse (5 points or more).",
                "The ORS was above the cut-off of 25 and is below it now.",
            ],
        ),
        (
            (142, 160),
            [
                "ORS: from 14.2 on Aug. 2, 2026 to 16 on Aug. 16, 2026 (+1.8) in 2 measurements.",
                "That is less than a reliable change (5 points): no certain change.",
                "The ORS was below the cut-off of 25 and still is.",
            ],
        ),
        (
            (300, 300),
            [
                "ORS: 30 on Aug. 2, 2026 and on Aug. 16, 2026, in 2 measurements.",
                "That is less than a reliable change (5 points): no certain change.",
                "The ORS was above the cut-off of 25 and still is.",
            ],
        ),
    ],
)
def test_what_changed_and_what_did_not(totals, said):
    assert sentences(series_of(*totals), NONE) == [
        *said,
        "The SRS was not filled in during the period.",
        "No goals were agreed.",
    ]


@given(st.lists(st.integers(0, 400), max_size=8))
def test_a_certain_change_is_never_said_below_the_reliable_change(totals):
    text = " ".join(sentences(series_of(*totals), NONE))
    if len(totals) < 2 or abs(totals[-1] - totals[0]) < 50:
        assert "That is a reliable change" not in text
    else:
        better = totals[-1] > totals[0]
        assert f"for the {'worse' if better else 'better'}" not in text
        assert "no certain change" not in text


def test_one_jump_is_not_called_certain():
    text = " ".join(sentences(series_of(142, 195), NONE))
    assert "That is 5 points or more, but the measurements together do not confirm a change yet." in text


def test_the_alliance_and_the_goals_are_told_too():
    found = sentences(series_of(142, 160, srs=(330, 380)), GoalCounts(2, 1, 0, 1))
    assert found[-3:] == [
        "SRS: from 33 on Aug. 2, 2026 to 38 on Aug. 16, 2026 (+5) in 2 measurements.",
        "The SRS was below the cut-off of 36 and is above it now.",
        "Goals: 2 goals under way, 1 reached, 1 dropped.",
    ]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-11-22", 3, "2026-08-22"),
        ("2026-02-28", 12, "2025-02-28"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-05-31", 3, "2026-02-28"),
        ("2026-01-15", 6, "2025-07-15"),
    ],
)
def test_so_many_months_before(day, months, before):
    assert months_before(datetime.date.fromisoformat(day), months) == datetime.date.fromisoformat(before)


# The pages


def test_the_goals_lead_to_a_choice_of_periods(staff, nils, episode, written):
    tab = staff.get(reverse("client-detail", args=[nils.pk]), {"tab": "goals"}).content.decode()
    assert reverse("plan-evaluation-new", args=[episode.pk]) in tab
    page = new(staff, episode)
    assert (page.context["period"].since, page.context["period"].until) == (
        datetime.date(2026, 8, 2),
        datetime.date(2026, 11, 22),
    )
    text = page.content.decode()
    assert "ORS: from 14.2 on Aug. 2, 2026 to 26.3 on Nov. 8, 2026 (+12.1) in 8 measurements." in text
    assert "Lives alone with support" in text
    assert "from 2 on Aug. 2, 2026 to 6 of 10 on Nov. 8, 2026" in text
    assert "Workshop" in text
    assert "Evening plan" in text
    short = new(staff, episode, period="3")
    assert short.context["period"].since == datetime.date(2026, 8, 22)
    text = short.content.decode()
    assert "Evening plan" not in text
    assert "Looks at a flat" in text
    assert "Workshop" not in text, "dropped before the period"
    assert "from 4 on" in text
    assert new(staff, episode, period="nonsense").context["period"].key == "plan"
    assert new(staff, episode, period="episode").context["period"].since == datetime.date(2026, 8, 1)


def test_looking_stores_nothing_and_who_began_it_when_is_on_record(staff, ann, episode, written):
    new(staff, episode)
    with tenant(ann.organisation_id):
        assert not PlanEvaluation.objects.exists()
    url = begin(staff, episode)
    found = stored(ann)
    assert found.made_by == ann
    assert "reliable change" in found.text
    staff.get(url)
    staff.get(f"{url}document/")
    with tenant(ann.organisation_id):
        actions = list(
            AccessEvent.objects.filter(action__startswith="plan_evaluation").values_list("action", flat=True)
        )
    for action in ("new_form", "begin", "edit_form", "document"):
        assert f"plan_evaluation.{action}" in actions


def test_without_consent_nothing_of_the_clients_words_is_told_anywhere(staff, ann, episode, written):
    url = begin(staff, episode)
    page = staff.get(url)
    assert "own_words" not in page.context["form"].fields
    assert "the client has not agreed" in " ".join(page.content.decode().split())
    with tenant(ann.organisation_id):
        keys = [str(key) for key in Note.objects.values_list("pk", flat=True)]
        PlanEvaluation.objects.update(own_words=keys)  # as if they had been chosen while there was a consent
    for text in (
        new(staff, episode).content.decode(),
        staff.get(url).content.decode(),
        staff.get(f"{url}document/").content.decode(),
    ):
        for words in ("I sleep", "Long ago", "My own flat", "Sleep all night", "Pay bills"):
            assert words not in text
        assert "Lives alone with support" in text
    assert "Goal 2, in the client&#x27;s own words, which are not shared" in text


def test_with_consent_what_was_ticked_goes_along_until_it_is_withdrawn(staff, ann, episode, written, monkeypatch):
    consented(monkeypatch)
    url = begin(staff, episode)
    page = staff.get(url)
    with tenant(ann.organisation_id):
        chosen = str(the(Note, text=WORDS).pk)
    assert [key for key, _label in page.context["form"].fields["own_words"].choices][-1] == chosen
    document = staff.get(f"{url}document/").content.decode()
    assert "I sleep" not in document, "nothing is ticked yet"
    assert "My own flat" not in document, "the goal has a wording of the service"
    assert "Sleep all night" in document
    assert save(staff, url, page, own_words=[chosen]).status_code == 302
    document = staff.get(f"{url}document/")
    assert "I sleep &lt;b&gt;better&lt;/b&gt; now." in document.content.decode()
    assert f"”{WORDS}”" in document.context["plain_text"]
    assert "Long ago" not in document.context["plain_text"]
    consented(monkeypatch, yes=False)
    document = staff.get(f"{url}document/")
    assert "I sleep" not in document.content.decode()
    assert save(staff, url, staff.get(url), text="Mine").status_code == 302
    assert stored(ann).own_words == [chosen], "what was chosen is kept for a consent that is given again"


def test_nothing_goes_out_where_neither_the_client_nor_a_law_allows_it(staff, house, ann, episode, written):
    url = begin(staff, episode)
    assert "Lives alone" in staff.get(f"{url}document/").content.decode()
    type(house).objects.filter(pk=house.pk).update(country="other")
    closed = staff.get(f"{url}document/").content.decode()
    assert "Nothing goes to the case worker" in closed
    for words in ("Lives alone", "reliable change", "Looks at a flat"):
        assert words not in closed


def test_words_of_another_client_or_period_cannot_be_chosen(staff, ann, episode, written, monkeypatch):
    consented(monkeypatch)
    url = begin(staff, episode, "3")
    page = staff.get(url)
    with tenant(ann.organisation_id):
        early = str(the(Note, text="Long ago.").pk)
    refused = save(staff, url, page, own_words=[early], text="What I wrote")
    assert refused.status_code == 422
    assert "What I wrote" in refused.content.decode()


def test_it_is_saved_while_it_is_written_and_never_over_a_colleague(staff, ann, ben, episode, written):
    url = begin(staff, episode)
    page = staff.get(url)
    answer = as_script(staff, url, page, text="First\r\nsecond")
    assert answer.status_code == 200
    assert stored(ann).text == "First\nsecond"
    later = as_script(staff, url, page, text="Another")
    assert later.status_code == 409
    assert "First" in json.loads(later.content)["theirs"]
    assert stored(ann).text == "First\nsecond"
    page_answer = save(staff, url, page, text="Another")
    assert page_answer.status_code == 409
    assert "Another" in page_answer.content.decode()
    too_long = as_script(staff, url, staff.get(url), text="x" * 8001)
    assert too_long.status_code == 422


def test_the_document_can_be_copied_as_text(staff, ann, episode, written):
    url = begin(staff, episode)
    save(staff, url, staff.get(url), text="He <i>sees</i> a flat.")
    page = staff.get(f"{url}document/")
    lines = page.context["plain_text"].splitlines()
    assert lines[:2] == ["Evaluation of the action plan", "N-014"]
    assert "He <i>sees</i> a flat." in lines
    assert "- Nov. 8, 2026: Looks at a flat Shopping once a week" in lines
    assert "Nils" not in page.context["plain_text"]
    text = page.content.decode()
    assert "He &lt;i&gt;sees&lt;/i&gt; a flat." in text
    assert "<i>sees" not in text


def test_a_period_without_anything_says_so(staff, ann, episode):
    page = new(staff, episode).content.decode()
    for words in (
        "The ORS was not filled in during the period.",
        "No session was held in the period.",
        "No goals were agreed in the period.",
        "Nothing was decided in the period.",
    ):
        assert words in page
    assert staff.get(begin(staff, episode)).status_code == 200


def test_an_ended_episode_is_evaluated_up_to_its_end(staff, ann, episode, written):
    with tenant(ann.organisation_id):
        Episode.objects.filter(pk=episode.pk).update(ended_on="2026-10-01", ending="planned")
    assert new(staff, episode, period="3").context["period"].until == datetime.date(2026, 10, 1)


def test_evaluations_of_before_stand_below_the_goals(staff, nils, episode, written):
    url = begin(staff, episode)
    assert url in staff.get(reverse("client-detail", args=[nils.pk]), {"tab": "goals"}).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_document_costs_the_same_for_any_number(staff, ann, episode, course, count, django_assert_num_queries):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation, "episode": episode, "since": course[0].held_on}
        for number in range(count):
            goal = Goal.objects.create(**about, wording=f"Goal {number}")
            GoalMark.objects.create(organisation=ann.organisation, goal=goal, session=course[number], mark=number)
            SessionDecision.objects.create(organisation=ann.organisation, session=course[number], text="Decided")
    url = f"{begin(staff, episode)}document/"
    staff.get(url)
    with django_assert_num_queries(29):
        staff.get(url)
