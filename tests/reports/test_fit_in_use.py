"""Is FIT really done: the figures against an independent computation, who sees what, what it costs, what it records."""

import csv
import datetime
import html
import io
import re
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Consent, ConsentPurpose, ConsentState, Episode
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.fit_in_use import definitions as of
from reports.fit_in_use.definitions import MEASURES
from reports.fit_in_use.page import MONTHS, month_key
from reports.fit_in_use.rows import months_until
from reports.fit_in_use.small_numbers import ALL, Counted, K, hidden_counts
from sessions_app.models import (
    Alert,
    AlertStep,
    Attendance,
    Decision,
    Note,
    NoteKind,
    StepKind,
    TeamMeeting,
    TeamMeetingCase,
)
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory, TeamFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def today(house):
    return today_in(house)


def read(browser, who, status=200, **chosen):
    """The cards by the key of their number ("38 of 45"), and the words of the page."""
    browser.force_login(who.user)
    answer = browser.get(reverse("fit-in-use"), chosen)
    assert answer.status_code == status
    page = answer.content.decode()
    cards = re.findall(r'<li class="card" id="(\w+)">.*?class="figure">([^<]+)</span> of\s+([\d*]+)', page, flags=re.S)
    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    return {key: (part, whole) for key, part, whole in cards}, words


def numbers(browser, who, **chosen):
    return {key: tuple(map(int, both)) for key, both in read(browser, who, **chosen)[0].items()}


def add_session(episode, by, day, *forms, words="", **values):
    with tenant(episode.organisation_id):
        own = {"organisation": episode.organisation}
        session = SessionFactory(**own, episode=episode, practitioner=by, held_on=day, **values)
        for form in forms:
            marks = {"marks": (60, 60, 60, 60)} if form in ("ors", "srs") else {"marks": (2,), "total": None}
            RatingFactory(**own, session=session, instrument=form, **marks)
        if words:
            Note.objects.create(**own, session=session, kind=NoteKind.AFTER_ORS, text=words)
        Episode.objects.filter(pk=episode.pk).update(last_session_on=day)
        return session


def add_episode(service, team, *, contact=None, started_on, client=None, **values):
    with tenant(service.organisation_id):
        own = {"organisation": service.organisation}
        teams = team if isinstance(team, list) else [team]
        made = ClientFactory(**own, teams=teams, contact=contact, **(client or {}))
        return EpisodeFactory(**own, client=made, service=service, started_on=started_on, **values)


def test_each_number_counts_what_it_says(browser, lea, ann, ben, service, red_team, today):
    start = today.replace(day=1)
    one = add_episode(service, red_team, started_on=start - 40 * DAY, contact=ann)
    add_session(one, ann, start, "ors", "srs", words="It helps to walk.")
    add_session(one, ann, start, "ors", alliance_skipped="no_time")
    add_session(one, ann, start, outcome_skipped="forgotten")
    add_session(one, ann, start, "ycors")
    add_session(one, ann, start, "ors", "srs", attendance=Attendance.NO_SHOW)
    voided = {"voided_at": timezone.now(), "voided_by": ann, "void_reason": "Twice"}
    add_session(one, ann, start, "ors", "srs", **voided)
    practice = add_episode(service, red_team, started_on=start, client={"is_practice": True})
    add_session(practice, ann, start, "ors", "srs", words="Only to try.")
    found = numbers(browser, lea)
    assert found["ors"] == (3, 4)
    assert found["srs"] == (1, 4)
    assert found["both"] == (1, 4)
    assert found["words"] == (1, 4)
    assert found["reason"] == (1, 3), "of those that lack a form one says why of each that it lacks"
    assert found["kept"] == (0, 1), "one session of an every-session rhythm was without an ORS"
    assert found["discussed"] == (0, 1)
    assert found["trained"] == (1, 3), "Ann of Ann, Ben and Lea"
    words = read(browser, lea)[1]
    assert "0 left out with a reason" not in words
    assert "1 left out with a reason, 0 without" in words, "the ORS"
    assert "1 left out with a reason, 2 without" in words, "the SRS"
    assert "1 with a practice client" in words


@pytest.mark.parametrize(("days_ago", "kept"), [(14, 1), (15, 0)])
def test_a_rhythm_of_days_is_kept_until_its_last_day(browser, lea, ann, service, red_team, today, days_ago, kept):
    rhythm = {"outcome_rhythm": 14}
    long_ago = today - 100 * DAY
    one = add_episode(service, red_team, started_on=long_ago, client=rhythm)
    add_session(one, ann, today - days_ago * DAY, "ors")
    assert numbers(browser, lea)["kept"] == (kept, 1)


def test_an_episode_that_has_ended_or_not_begun_is_not_asked_for(browser, lea, ann, service, red_team, today):
    rhythm = {"outcome_rhythm": 14}
    long_ago = today - 100 * DAY
    add_episode(service, red_team, started_on=long_ago, client=rhythm, ended_on=today, ending="planned")
    add_episode(service, red_team, started_on=today, client=rhythm)
    archived = add_episode(service, red_team, started_on=long_ago, client=rhythm)
    with tenant(service.organisation_id):
        Client.objects.filter(pk=archived.client_id).update(archived_at=timezone.now())
    assert numbers(browser, lea)["kept"] == (1, 1), "only the one that began today, and is not late yet"
    before = month_key(months_until(today, 2)[0])
    assert numbers(browser, lea, month=before)["kept"] == (0, 2), "two were open at the end of the month before"


def add_alert(episode, day, *, level="red", steps=(), by=None):
    """`steps` are (kind, days after)."""
    with tenant(episode.organisation_id):
        own = {"organisation": episode.organisation}
        noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
        rule = f"X{Alert.objects.count()}"
        alert = Alert.objects.create(
            **own, episode=episode, rule=rule, level=level, raised_on=day, created_at=noon
        )  # fmt: skip
        for kind, days in steps:
            decision = Decision.TALKED if kind == StepKind.DECIDED else ""
            words = "Known" if kind == StepKind.SET_ASIDE else ""
            asked = by if kind == StepKind.ASKED else None
            at = noon + days * DAY
            AlertStep.objects.create(
                **own, alert=alert, kind=kind, decision=decision, words=words, asked=asked, by=by, at=at
            )  # fmt: skip
        return alert


def test_an_alert_is_acted_on_by_a_decision_or_a_reason_within_14_days(browser, lea, ann, service, red_team, today):
    month = months_until(today, 3)[0]
    one = add_episode(service, red_team, started_on=month.first - 40 * DAY)
    add_session(one, ann, month.first, "ors")
    for steps in (
        [(StepKind.DECIDED, 14)],
        [(StepKind.SET_ASIDE, 0)],
        [(StepKind.DECIDED, 15)],
        [(StepKind.ASKED, 1)],
        [],
    ):
        add_alert(one, month.first, steps=steps, by=ann)
    add_alert(one, month.first, level="info")
    assert numbers(browser, lea, month=month_key(month))["acted"] == (2, 5)
    add_alert(one, today, level="amber")
    cards, words = read(browser, lea)
    assert cards["acted"] == ("0", "1")
    assert "1 still has time" in words


def test_a_case_counts_as_discussed_in_the_month_of_the_meeting(browser, lea, ann, service, red_team, today):
    episodes = [add_episode(service, red_team, started_on=today - 90 * DAY) for _number in range(3)]
    sessions = [add_session(one, ann, today - 80 * DAY, "ors") for one in episodes]
    with tenant(service.organisation_id):
        own = {"organisation": service.organisation}
        planned = {"team": red_team, "starts_at": datetime.time(9), "planned_by": lea}
        meeting = TeamMeeting.objects.create(**own, **planned, held_on=today)
        off = TeamMeeting.objects.create(**own, **planned, held_on=today, cancelled_at=timezone.now())
        for place, (at, discussed) in enumerate([(meeting, True), (meeting, False), (off, True)]):
            TeamMeetingCase.objects.create(
                **own, meeting=at, episode=episodes[place], reason="red", place=place, minutes=5,
                session=sessions[place], discussed_at=timezone.now() if discussed else None,
            )  # fmt: skip
    assert numbers(browser, lea)["discussed"] == (1, 3)
    before = month_key(months_until(today, 2)[0])
    assert numbers(browser, lea, month=before)["discussed"][0] == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_of_every_team_and_month_are_those_counted_row_by_row(
    browser, lea, ann, ben, service, red_team, seed, today
):
    """Random rows, counted again from the rows by other code: each session, client and month for itself."""
    rng = Random(seed)
    with tenant(service.organisation_id):
        second = TeamFactory(organisation=service.organisation, service=service, name="Green team")
        lea.memberships.create(organisation=service.organisation, team=second)
    rows = []
    for _client in range(14):
        teams = rng.choice([[red_team], [second], [red_team, second]])
        began = today - rng.randrange(5, 300) * DAY
        rhythm = rng.choice([0, 14, 30])
        ended = {}
        if rng.random() < 0.3:
            last = began + rng.randrange((today - began).days + 1) * DAY
            ended = {"ended_on": last, "ending": "planned"}
        one = add_episode(service, teams, started_on=began, client={"outcome_rhythm": rhythm}, **ended)
        until = ended.get("ended_on", today)
        sessions = []
        for _session in range(rng.randrange(7)):
            day = began + rng.randrange((until - began).days + 1) * DAY
            forms = [form for form in ("ors", "srs") if rng.random() < 0.7]
            words = rng.choice(["", "Said so."])
            why = {name: rng.choice(["", "no_time", "not_due"]) for name in ("outcome_skipped", "alliance_skipped")}
            add_session(one, rng.choice([ann, ben]), day, *forms, words=words, **why)
            sessions.append((day, forms, words, why["outcome_skipped"], why["alliance_skipped"]))
        rows.append((teams, began, ended.get("ended_on"), rhythm, sessions))
    for team in (None, red_team, second):
        for back in (0, 1, 4):
            last = today
            for _month in range(back):
                last = last.replace(day=1) - DAY
            month = f"{last:%Y-%m}"
            scope = {"of": f"team:{team.pk}" if team else "all"}
            found = numbers(browser, lea, month=month, **scope)
            here = [row for row in rows if team is None or team in row[0]]
            held = [one for row in here for one in row[4] if f"{one[0]:%Y-%m}" == month]
            lacking = [one for one in held if len(one[1]) < 2]
            said = [one for one in lacking if ("ors" in one[1] or one[3]) and ("srs" in one[1] or one[4])]
            assert found["ors"] == (sum("ors" in one[1] for one in held), len(held))
            assert found["srs"] == (sum("srs" in one[1] for one in held), len(held))
            assert found["both"] == (len(held) - len(lacking), len(held))
            assert found["words"] == (sum(bool(one[2]) for one in held), len(held))
            assert found["reason"] == (len(said), len(lacking))
            kept = [is_kept(row, last, month) for row in here]
            assert found["kept"] == (kept.count(True), len(kept) - kept.count(None))


def is_kept(row, last, month):
    _teams, began, ended, rhythm, sessions = row
    if began > last or (ended and ended <= last):
        return None
    if not rhythm:
        held = [one for one in sessions if f"{one[0]:%Y-%m}" == month]
        return None if not held else not [one for one in held if "ors" not in one[1] and one[3] != "not_due"]
    days = [one[0] for one in sessions if "ors" in one[1] and one[0] <= last] or [began]
    return last - max(days) <= rhythm * DAY


def test_nobody_counts_another_team_or_organisation(
    browser, lea, ann, cleo, dora, ada, service, red_team, blue_team, today
):
    one = add_episode(service, red_team, started_on=today)
    add_session(one, ann, today, "ors", "srs")
    assert numbers(browser, lea)["ors"] == (1, 1)
    assert numbers(browser, ann)["ors"] == (1, 1), "a practitioner sees the totals of the own team"
    assert "Nothing to count yet" in read(browser, cleo)[1]
    assert "Nothing to count yet" in read(browser, dora)[1]
    other = f"team:{blue_team.pk}"
    assert "is not one of the available choices" in read(browser, lea, status=422, of=other)[1]
    assert "is not one of the available choices" in read(browser, ada, status=422, month="1999-01")[1]


def test_who_has_said_no_to_statistics_is_not_counted(browser, lea, ann, service, red_team, today):
    for _client in range(2):
        one = add_episode(service, red_team, started_on=today - 10 * DAY)
        add_session(one, ann, today, "ors")
    with tenant(service.organisation_id):
        said = {"purpose": ConsentPurpose.STATISTICS, "state": ConsentState.WITHDRAWN, "said_on": today}
        by = {"taken_by": ann, "recorded_by": ann, "recorded_at": timezone.now()}
        Consent.objects.create(organisation=service.organisation, client_id=one.client_id, **said, **by)
    assert numbers(browser, lea)["ors"] == (1, 1)


def fill(service, team, by, count, day, *forms):
    """A session each of so many clients."""
    for number in range(count):
        one = add_episode(service, team, started_on=day - 30 * DAY)
        add_session(one, by[number % len(by)], day, *forms)


def test_an_administrator_sees_no_small_numbers_nor_what_they_follow_from(
    browser, ada, ann, ben, cleo, service, red_team, today
):
    fill(service, red_team, [ann, ben], 14, today, "ors", "srs")
    fill(service, red_team, [ann, ben], 3, today, "srs")
    red = {"of": f"team:{red_team.pk}"}
    cards, words = read(browser, ada, **red)
    assert "You see figures, and no clients." in words
    assert cards["srs"] == ("17", "17")
    assert cards["ors"] == ("*", "17"), "14 of 17 would tell of three clients without one"
    assert cards["both"] == ("*", "17")
    assert numbers(browser, ann)["ors"] == (14, 17), "who sees the clients sees the number"


def test_what_one_practitioner_alone_stands_behind_is_hidden_from_an_administrator(
    browser, ada, ann, ben, service, red_team, today
):
    fill(service, red_team, [ann], 24, today, "ors", "srs")
    assert read(browser, ada)[0]["ors"] == ("*", "*")
    fill(service, red_team, [ben], 12, today, "ors", "srs")
    assert read(browser, ada)[0]["ors"] == ("36", "36")


def test_a_team_is_not_told_by_subtracting_another_from_everybody(
    browser, ada, ann, ben, cleo, service, red_team, blue_team, today
):
    fill(service, red_team, [ann, ben], 30, today, "ors", "srs")
    fill(service, blue_team, [cleo, ben], 4, today, "ors", "srs")
    assert read(browser, ada, of=f"team:{blue_team.pk}")[0]["ors"] == ("*", "*")
    shown = [read(browser, ada, **of)[0]["ors"][1] for of in ({"of": "all"}, {"of": f"team:{red_team.pk}"})]
    assert shown.count("*") >= 1, "34 in all and 30 in the red team would be 4 in the blue one"


def test_a_small_team_does_not_follow_from_everybody_less_the_other_teams():
    """30, 30 and 4 sessions: no two of these counts are apart by a few, but 64 less 30 less 30 is the small team's."""
    teams = [UUID(int=number) for number in range(3)]
    sizes = zip(teams, (30, 30, 4), strict=True)
    whose = [frozenset({team}) for team, size in sizes for _client in range(size)]
    names = (of.SESSIONS, of.ORS, of.SRS, of.BOTH, of.WORDS, "ors&srs")
    items = [Counted(UUID(int=100 + n), own, UUID(int=n % 5), names) for n, own in enumerate(whose)]
    hidden = hidden_counts(items)
    assert (f"team:{teams[2]}", of.SESSIONS) in hidden
    others = [(ALL, of.SESSIONS), *((f"team:{team}", of.SESSIONS) for team in teams[:2])]
    assert hidden.intersection(others)
    assert not hidden.issuperset(others), "no more is hidden than has to be"


@pytest.mark.parametrize("seed", range(4))
def test_no_small_number_follows_from_what_is_shown(seed):
    """All sums of a month solved again, by another way: which hidden cells have one value only."""
    rng = Random(seed)
    teams = [UUID(int=number) for number in range(1, 4)]
    items, people = [], [UUID(int=100 + number) for number in range(5)]
    for client in range(60):
        own = frozenset(rng.sample(teams, rng.choice([1, 1, 1, 2])))
        for _session in range(rng.randrange(1, 4)):
            state = f"{rng.choice(['ors'] * 5 + ['ors_reason', 'ors_none'])}&srs"
            ors = of.STATES_OF_ORS[state.partition("&")[0]]
            rest = (of.BOTH,) if ors == of.ORS else (of.NOT_BOTH, of.reason_of(state))
            names = (of.SESSIONS, ors, of.SRS, of.WORDS, state, *rest)
            items.append(Counted(UUID(int=1000 + client), own, rng.choice(people), names))
    hidden = hidden_counts(items)
    whose = {}
    for item in items:
        for scope in item.scopes:
            for name in item.names:
                whose.setdefault((scope, name), set()).add(item.client)
    shown = [key for key in whose if not key[0].startswith("part:") and "&" not in key[1] and key not in hidden]
    assert shown, "something is left to look at"
    assert not [key for key in shown if len(whose[key]) < K]
    # Atoms: what items of one part and state are; a shown count is a sum of them.
    atoms = sorted({(item.part, item.names) for item in items})
    vectors = [
        [
            Fraction(key[1] in names and (key[0] == "all" or key[0].removeprefix("team:") in part))
            for part, names in atoms
        ]
        for key in shown
    ]
    small = [key for key in whose if key[0].startswith(("all", "team:")) and "&" not in key[1] and len(whose[key]) < K]
    for key in small:
        wanted = [
            Fraction(key[1] in names and (key[0] == "all" or key[0].removeprefix("team:") in part))
            for part, names in atoms
        ]
        assert rank([*vectors, wanted]) > rank(vectors), key


def rank(vectors):
    rows, found = [list(one) for one in vectors], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for row in rows[found + 1 :]:
            times = row[column] / pivot[column]
            row[:] = [one - times * other for one, other in zip(row, pivot, strict=True)]
        found += 1
    return found


def file_of(browser, who, status=200, **chosen):
    browser.force_login(who.user)
    answer = browser.get(reverse("fit-in-use-csv"), chosen)
    assert answer.status_code == status
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_has_what_the_page_shows_and_no_formula(browser, ada, ann, ben, service, red_team, today):
    with tenant(service.organisation_id):
        red_team.name = "=1+1"
        red_team.save()
    fill(service, red_team, [ann, ben], 14, today, "ors", "srs")
    fill(service, red_team, [ann, ben], 3, today, "srs")
    rows = file_of(browser, ada, of=f"team:{red_team.pk}")
    assert rows[0] == ["'=1+1"]
    assert len(rows) == 2 + MONTHS
    assert len(rows[1]) == 1 + 2 * len(MEASURES)
    assert rows[-1][:5] == [f"{today:%Y-%m}", "*", "17", "17", "17"]
    assert file_of(browser, ada, status=422, of="team:x") == []


def test_only_an_administrator_takes_the_file(browser, lea, ann):
    file_of_nobody = [browser.force_login(who.user) or browser.get(reverse("fit-in-use-csv")) for who in (lea, ann)]
    assert [answer.status_code for answer in file_of_nobody] == [403, 403]


def test_what_was_looked_at_is_on_record_with_the_clients_where_they_are_few(
    browser, lea, ada, ann, ben, service, red_team, today
):
    one = add_episode(service, red_team, started_on=today)
    add_session(one, ann, today, "ors")
    read(browser, lea)
    file_of(browser, ada)
    with tenant(service.organisation_id):
        looked = AccessEvent.objects.get(action="fit_in_use")
        taken = AccessEvent.objects.get(action="fit_in_use.export")
    month = f"month={today:%Y-%m}"
    assert (looked.client_ids, looked.typed) == ([one.client_id], f"of=team:{red_team.pk} {month}")
    assert (taken.client_ids, taken.typed.partition(" ")[2]) == ([], month)


def count_queries(browser, who):
    browser.force_login(who.user)
    browser.get(reverse("fit-in-use"))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        browser.get(reverse("fit-in-use"))
    return len(captured)


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_five_teams(
    browser, ada, lea, ann, ben, service, red_team, today
):
    fill(service, red_team, [ann, ben], 2, today, "ors")
    once = [count_queries(browser, who) for who in (ada, lea)]
    with tenant(service.organisation_id):
        teams = [TeamFactory(organisation=service.organisation, service=service) for _number in range(4)]
        for team in teams:
            lea.memberships.create(organisation=service.organisation, team=team)
    for team in teams:
        fill(service, team, [ann, ben], 3, today, "ors", "srs")
    assert [count_queries(browser, who) for who in (ada, lea)] == once
