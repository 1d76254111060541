"""The demo's caseload: which client, in which team, met when, and said what."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from clients.models import EVERY_SESSION
from organisations.models import Country
from sessions_app.demo.children import CHILDREN
from sessions_app.demo.draw import MadeUpCourse, Meeting, place, split
from sessions_app.demo.who import KNOWN, RED, Earlier, Known, Other, Place, TeamOf
from sessions_app.demo.words import SAID
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.simulation.simulator import THERAPIST_SD, simulate_episode

SEED = 1948
RHYTHMS = (7, 7, 7, 14, 14, 30, 0)


@dataclass
class Case:
    """One client with one course; `rhythm` in days, 0 = every session."""

    reference: str
    name: str
    birth_year: int
    service: str
    team: str
    contact: str
    second_contact: str
    rhythm: int
    course: MadeUpCourse
    next_on: date | None = None
    next_at: time | None = None
    is_practice: bool = False
    raters: tuple[Other, ...] = ()
    earlier: tuple[MadeUpCourse, ...] = ()


def plan(here: Place, today: date) -> list[Case]:
    """Every client of a place; the same for the same day."""
    rng = random.Random(f"{SEED}-{here.slug}")  # noqa: S311  a repeatable draw, no secret
    names = iter(here.first_names.split())
    teams = {team.name for team in here.teams}
    cases = [told(known, today, rng) for known in (*KNOWN, *CHILDREN) if known.team in teams]
    for team in here.teams:
        cases.extend(drawn(here, team, number, next(names), today, rng) for number in range(team.clients))
    cases.append(practice(here, today, rng))
    return cases


def told(known: Known, today: date, rng: random.Random) -> Case:
    """One of the clients whose course is told exactly."""
    last = today - timedelta(days=known.ended_days_ago)
    count = len(known.ors)
    meetings = [
        Meeting(
            last - timedelta(days=known.rhythm * (count - number)),
            _marks(known.forms[0], known.ors[number - 1], rng),
            _marks(known.forms[1], known.srs[number - 1], rng),
            words=known.words.get(number, ("", "")),
            forms=known.forms,
            others=tuple(_by_others(known, number - 1, rng)),
        )
        for number in range(1, count + 1)
    ]
    coming = known.next_in_days
    return Case(
        known.reference,
        known.name,
        today.year - known.age if known.age else known.birth_year,
        known.service,
        known.team,
        known.contact,
        known.second_contact,
        known.rhythm,
        MadeUpCourse(meetings),
        next_on=None if coming is None else today + timedelta(days=coming),
        next_at=time.fromisoformat(known.next_at) if known.next_at else None,
        raters=known.others,
        earlier=tuple(_ended(known, one, meetings[0].held_on) for one in known.earlier),
    )


def _ended(known: Known, told_of: Earlier, begun: date) -> MadeUpCourse:
    """A course before the one that began on a day; drawn apart, so that the others are the same with and without it."""
    seed, count = f"{SEED}-{known.reference}-{told_of.days_before}", len(told_of.ors)
    rng = random.Random(seed)  # noqa: S311  a repeatable draw, no secret
    last = begun - timedelta(days=told_of.days_before)
    return MadeUpCourse(
        [
            Meeting(
                last - timedelta(days=told_of.rhythm * (count - number)),
                _marks(known.forms[0], ors, rng),
                _marks(known.forms[1], srs, rng),
                forms=known.forms,
            )
            for number, (ors, srs) in enumerate(zip(told_of.ors, told_of.srs, strict=True), start=1)
        ],
        told_of.ending,
    )


def _marks(form: str, told_of: int, rng: random.Random) -> tuple[int, ...]:
    """Four marks for a total in tenths; of a form without a score the number of the face."""
    return split(told_of, rng) if FAMILY[form].scored else (told_of,)


def _by_others(known: Known, index: int, rng: random.Random) -> Iterator[tuple[FormKey, tuple[int, ...]]]:
    for other in known.others:
        total = other.totals[index]
        if total is not None:
            yield FormKey(other.form, other.relation), split(total, rng)


def drawn(here: Place, team: TeamOf, number: int, name: str, today: date, rng: random.Random) -> Case:
    """A client by chance: two of three in the middle of a course, some of them overdue, the others at its end."""
    episode = simulate_episode(rng, therapist=rng.gauss(0, THERAPIST_SD), gaps=True)
    rhythm = rng.choice(RHYTHMS)
    gap = rhythm or 7
    is_open = number % 3 != 2
    overdue = is_open and number % 7 == 4
    comes_today = is_open and number % 5 == 1 and team.name != RED  # Rødt team's two of today are told
    days_ago = gap if comes_today else _days_since_last(is_open, overdue, gap, today, rng)
    last = today - timedelta(days=days_ago)
    course = place(episode, last_on=last, rhythm=gap, is_open=is_open, rng=rng)
    speak(course, here.country, rng)
    born = rng.randint(13, 17) if team.young else rng.randint(20, 68)
    case = Case(
        reference=f"{name[0]}-{220 + here.first_names.split().index(name)}",
        name=name,
        birth_year=course.meetings[0].held_on.year - born,
        service=team.service,
        team=team.name,
        contact=team.contacts[number % len(team.contacts)],
        second_contact=team.contacts[(number + 1) % len(team.contacts)] if number % 2 else "",
        rhythm=rhythm,
        course=course,
    )
    if case.second_contact == case.contact:
        case.second_contact = ""
    if is_open and not overdue:
        case.next_on = max(last + timedelta(days=gap), today)
        if case.next_on == today and not comes_today:
            case.next_on += timedelta(days=1)
        case.next_at = time(rng.randint(9, 15), rng.choice([0, 30]))
    return case


def _days_since_last(is_open: bool, overdue: bool, gap: int, today: date, rng: random.Random) -> int:
    if not is_open:
        return rng.randint(10, 240)
    if overdue:
        return gap + rng.randint(2, 12)
    # Seen this week, on a Monday today; so nobody of these is late.
    return rng.randint(min(1, today.weekday()), today.weekday())


def practice(here: Place, today: date, rng: random.Random) -> Case:
    """The client that nobody is: to try the forms on."""
    reference, label = here.practice
    team = here.teams[0]
    episode = simulate_episode(rng, start=18, stop_after=3)
    return Case(
        reference,
        label,
        today.year - 40,
        team.service,
        team.name,
        team.contacts[0],
        "",
        EVERY_SESSION,
        place(episode, last_on=today - timedelta(days=3), rhythm=7, is_open=True, rng=rng),
        next_on=today + timedelta(days=4),
        is_practice=True,
    )


def speak(course: MadeUpCourse, country: Country, rng: random.Random) -> None:
    """Give about half of the measured meetings the client's own words, in line with the curve."""
    said = SAID[country]
    before: int | None = None
    for meeting in course.meetings:
        if meeting.ors_marks is None:
            continue
        ors = sum(meeting.ors_marks)
        change = 0 if before is None else ors - before
        before = ors
        mood = "worse" if change <= -15 else "better" if change >= 15 else "usual"
        week = rng.choice(said[mood]) if rng.random() < 0.55 else ""
        talk = ""
        if meeting.srs_marks is not None and rng.random() < 0.4:
            talk = rng.choice(said["met" if sum(meeting.srs_marks) >= 350 else "missed"])
        meeting.words = (week, talk)
