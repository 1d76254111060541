"""The page about the expected course, filled by simulated episodes: its check on held-out ones, its uncertainty."""

import itertools
import re
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Episode
from organisations.tenancy.context import tenant
from sessions_app.measures.simulation.simulator import simulate_episode
from sessions_app.measures.state_filter import critical_for
from sessions_app.measures.trajectory.check import BUCKET_NAMES, INTAKES, SESSIONS, BucketShare, Calibration
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.models import Rating, Session, TrajectoryFit
from sessions_app.periodic import refit_trajectories
from sessions_app.services.courses import load_series
from tests.factories import ClientFactory
from tests.sessions_app.test_standards import choose

pytestmark = pytest.mark.django_db
PAGE = "expected-course"
START = date(2026, 1, 5)


def learn_from(practitioner, service, count):
    """So many simulated closed episodes with two scores or more, and a fit learnt from them."""
    rng, own = Random(4), {"organisation": practitioner.organisation}
    drawn = (simulate_episode(rng).ors_totals() for _ in itertools.count())
    courses = list(itertools.islice((totals for totals in drawn if len(totals) >= 2), count))
    end = {"started_on": START, "ended_on": date(2026, 10, 1), "ending": "planned", "age_at_intake": 40}
    with tenant(practitioner.organisation_id):
        client = ClientFactory(**own)
        episodes = Episode.objects.bulk_create(
            # The folds go by the id: a random one would draw other folds each time.
            Episode(
                pk=UUID(int=rng.getrandbits(128), version=4),
                **own,
                client=client,
                service=service,
                label=str(at),
                **end,
            )
            for at in range(count)
        )
        held = [
            (episode, week, total)
            for episode, totals in zip(episodes, courses, strict=True)
            for week, total in enumerate(totals)
        ]
        sessions = Session.objects.bulk_create(
            Session(
                **own,
                client=client,
                episode=episode,
                practitioner=practitioner,
                held_on=START + timedelta(weeks=week),
                time_zone="Europe/Copenhagen",
            )
            for episode, week, _total in held
        )
        Rating.objects.bulk_create(
            Rating(
                **own, session=session, instrument="ors", total=total, entry_mode="imported", submission_id=session.pk
            )
            for session, (_episode, _week, total) in zip(sessions, held, strict=True)
        )
        refit_trajectories()
        return TrajectoryFit.objects.get()


def fitted(practitioner, n_closed, trust, **of):
    """A fit with the default's own numbers, as if it had been learnt from so many."""
    stratum = {"instrument": "ors", "rater": "client", "age_band": "adult"} | of
    counts = {"n_closed": n_closed, "n_episodes": n_closed, "data_digest": "", "code_version": "1"}
    with tenant(practitioner.organisation_id):
        TrajectoryFit.objects.create(
            organisation=practitioner.organisation, version=1, model=DEFAULT.as_json(), trust=trust, **stratum, **counts
        )


def shown_to(browser, person):
    browser.force_login(person.user)
    page = browser.get(reverse(PAGE)).content.decode()
    # Where a line of the template breaks, beside a cell or inside a tag, shows nothing.
    page = re.sub(r"<(\w+)[ \n]+", r"<\1 ", page)
    return re.sub(r"[ \n]*(<(?:td|th|tr)\b|</td>|</th>)", r"\1", page)


def test_before_30_episodes_the_page_says_whose_the_default_is(browser, ann):
    page = shown_to(browser, ann)
    assert "learnt from a simulation, not from clients" in page
    assert "Too few closed episodes to tell: from 30 on your organisation learns a course of its own" in page
    assert "<table" not in page


def test_with_200_closed_episodes_the_bands_are_checked_on_held_out_ones(browser, ann, ada, service):
    fit = learn_from(ann, service, 220)
    found = [BucketShare(**row) for row in fit.trust["calibration"]]
    groups = [BucketShare(**row) for row in fit.trust["calibration_by_intake"]]
    assert [share.name for share in found] == list(BUCKET_NAMES)
    assert found[0].episodes == 220, "each episode is judged once, by a course learnt without it"
    # The data are of the default's own kind, so the bands hold, but for chance where few stay so long.
    checked = Calibration(tuple(found), tuple(groups))
    assert all(checked.holds(share, place) for share, place in checked.cells())
    page = shown_to(browser, ann)
    assert "220" in page and "Too few closed episodes to tell" not in page
    assert sum(share.episodes for share in groups) == 220
    for share, name in [(one, one.name.replace("-", "–")) for one in found] + [
        (one, "–".join(f"{int(end) / 10:g}" for end in one.name.split("-"))) for one in groups
    ]:
        drawn = 3 if name == "30–40" else 5
        cells = "".join(rf"[^%]*>(?:<span[^%]*</span> )?{100 * part:.0f}\s%" for part in share.shares[:drawn])
        if share.episodes:
            assert re.search(rf'<th scope="row" class="nowrap">{re.escape(name)}</th>{cells}', page), name
        assert f'<td class="number">{share.scores}</td><td class="number">{share.episodes}</td>' in page
    assert page.count('<p class="notice success">') == 1
    inside = sum((one.shares[3] - one.shares[1]) * one.scores for one in found) / sum(one.scores for one in found)
    assert f"had not seen {100 * inside:.0f} lay in the middle half, where 50 should." in page
    assert "How far may the middle lie elsewhere?" not in page
    # An administrator sets the measures, and sees the same: counts only.
    assert "220" in shown_to(browser, ada)
    # With it the filter of changes has learnt its values, until somebody chooses others.
    own = fit.trust["state"]
    with tenant(ann.organisation_id):
        episode = Episode.objects.first()
        state = load_series([episode])[episode.pk].state
        assert (state.sd, state.reliability, state.mean) == (own["sd"], own["reliability"], own["mean"])
        assert state.critical == critical_for(own["reliability"])
    choose(ada, "ors-reliability", 70)
    with tenant(ann.organisation_id):
        chosen = load_series([episode])[episode.pk].state
        assert (chosen.sd, chosen.reliability, chosen.critical) == (own["sd"], 0.7, 1.18)


def test_from_30_on_the_page_says_how_many_are_missing_and_how_far_the_middle_may_lie(browser, ann, service):
    learn_from(ann, service, 30)
    page = shown_to(browser, ann)
    assert "Too few closed episodes to tell: it is checked from 200 on, 170 are missing." in page
    assert "<table" in page and "below each band" not in page
    assert "How far may the middle lie elsewhere?" in page
    assert page.count("±\N{NO-BREAK SPACE}") == len(INTAKES) * len(SESSIONS)


@pytest.mark.parametrize(("share", "marked"), [(0.55, 0), (0.56, 1), (0.45, 0), (0.44, 1)])
def test_a_band_that_does_not_hold_is_marked_and_said(browser, ann, share, marked):
    row = {"name": "2", "scores": 800, "episodes": 800, "shares": [0.10, 0.25, share, 0.75, 0.90]}
    fitted(ann, 800, {"calibration": [row]})
    page = shown_to(browser, ann)
    assert page.count('<span class="hidden-text">off</span>') == marked
    assert f"{100 * share:.0f}\N{NO-BREAK SPACE}%" in page


def test_with_199_closed_episodes_the_page_says_that_1_is_missing(browser, ann):
    fitted(ann, 199, {})
    page = shown_to(browser, ann)
    assert "Too few closed episodes to tell: it is checked from 200 on, 1 is missing." in page
    assert '<p class="notice">' in page


def test_scores_that_taught_nothing_are_said_to_be_alike(browser, ann):
    fitted(ann, 200, {})
    assert "Nobody can tell: the scores are too much alike to be checked." in shown_to(browser, ann)


@pytest.mark.parametrize(
    ("shares", "sentence", "notice"),
    [
        ((0.10, 0.25, 0.50, 0.75, 0.90), "Yes, they can be trusted", "success"),
        ((0.10, 0.25, 0.50, 0.75, 0.80), "On the whole they can be trusted", "success"),
        (
            (0.10, 0.31, 0.50, 0.69, 0.90),
            "No, they are too narrow: of 100 scores that the course had not seen only 38",
            "warning",
        ),
        (
            (0.10, 0.19, 0.50, 0.81, 0.90),
            "No, they are too wide: of 100 scores that the course had not seen 62",
            "warning",
        ),
        (
            (0.20, 0.35, 0.60, 0.85, 0.95),
            "No, they lie too high: of 100 scores that the course had not seen 60",
            "warning",
        ),
        (
            (0.05, 0.15, 0.40, 0.65, 0.80),
            "No, they lie too low: of 100 scores that the course had not seen only 40",
            "warning",
        ),
    ],
)
def test_one_sentence_says_whether_the_bands_can_be_trusted(browser, ann, shares, sentence, notice):
    row = {"name": "2", "scores": 800, "episodes": 800, "shares": shares}
    fitted(ann, 800, {"calibration": [row]})
    page = shown_to(browser, ann)
    assert page.count(sentence) == 1
    assert f'<p class="notice {notice}">' in page
    # A fit from before this was counted has no table by first score.
    assert page.count("below each band, by measurement</caption>") == 1
    assert "by first score" not in page


def test_a_share_has_its_interval_and_no_upper_band_for_the_highest_first_scores(browser, ann):
    row = {"name": "2", "scores": 900, "episodes": 100, "shares": [0.10, 0.25, 0.50, 0.75, 0.90]}
    highest = row | {"name": "300-400"}
    empty = {"name": "0-119", "scores": 0, "episodes": 0, "shares": [0.0] * 5}
    fitted(ann, 800, {"calibration": [row], "calibration_by_intake": [empty, highest]})
    page = shown_to(browser, ann)
    assert page.count('50\N{NO-BREAK SPACE}%<br><span class="muted small">40–60</span>') == 2
    assert page.count('<td class="number nowrap">–</td>') == 5 + 2
    assert "From a first score of 30 on no band is drawn above the middle" in page


def test_who_rates_is_named_in_words(browser, ann):
    fitted(ann, 40, {}, instrument="cors", rater="caretaker", age_band="child")
    fitted(ann, 40, {})
    page = shown_to(browser, ann)
    assert "CORS, 6 to 12 years · Caretaker</h2>" in page
    assert "ORS, 18 years and over</h2>" in page


def test_the_page_asks_as_often_for_five_strata_as_for_one(browser, ann):
    fitted(ann, 40, {})
    browser.force_login(ann.user)
    browser.get(reverse(PAGE))
    counted = []
    for raters in ((), ("mother", "father", "teacher", "network")):
        for rater in raters:
            fitted(ann, 40, {}, rater=rater)
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(PAGE))
        counted.append(len(queries))
    assert counted[0] == counted[1]
