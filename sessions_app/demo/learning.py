"""How the demo's Rødt team learns: its FIT resource person, its questions, a goal, a case for supervision."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clients.models import Episode
from organisations.models import Membership, Practitioner, Team
from sessions_app.models import (
    OpenedCase,
    PracticeGoal,
    QuestionReply,
    SupervisionCase,
    SupervisionShare,
    TeamMeeting,
    TeamQuestion,
    WaitsFor,
)

RESOURCE, LEAD, LEARNS = "Lars Bech", "Hanne Dam", "Trine Holm"
INTRODUCED = 200  # days ago
# (days ago, who, reference, text, (who, answer), is answered, is on the next agenda)
ASKED: tuple[tuple[int, str, str, str, tuple[str, str] | None, bool, bool], ...] = (
    (
        16,
        LEARNS,
        "",
        "Hvad gør vi, når en borger sætter alle streger helt til højre hver gang?",
        (RESOURCE, "Spørg til ugen først, og sæt så stregerne sammen med den. Vis, at lave streger også er i orden."),
        True,
        False,
    ),
    (
        6,
        LEARNS,
        "M-102",
        "Hun siger, at alt er fint mellem os, men kurven falder. Hvordan åbner jeg den snak?",
        (RESOURCE, "Spørg, hvad I skulle have talt om, som I ikke fik talt om. Tag den med på teammødet."),
        False,
        False,
    ),
    (3, LEARNS, "", "Skal vi måle, når en samtale foregår i telefonen?", None, False, True),
    (1, LEAD, "", "Hvordan introducerer I skalaerne for en, der ikke læser så godt?", None, False, False),
)
GOAL = ("Spørge til den laveste streg, før jeg taler om den højeste", "Grete", 24, (17, 9, 2))
OPENED = ("Ida Ravn", "M-102", "Jeg tror, vi taler om noget andet end det, der fylder. Hvad ser du?")
OPEN_DAYS = 12
CASE = ("K-131", "Hvad er det, jeg ikke får øje på i de gode uger?")


def write_learning(
    team: Team, episodes: Mapping[str, Episode], people: Mapping[str, Practitioner], today: date
) -> None:
    """Give a team its questions and one of its people what they practise; its meetings are stored already."""
    own = {"organisation": team.organisation}
    Membership.objects.filter(team=team, practitioner=people[RESOURCE]).update(is_fit_resource=True)
    members = Membership.objects.filter(team=team).exclude(practitioner=people[LEAD]).values("practitioner")
    Practitioner.objects.filter(pk__in=members).update(introduced_on=today - timedelta(days=INTRODUCED))
    meeting = TeamMeeting.objects.open().filter(team=team, held_on=today).first()
    zone = ZoneInfo(team.organisation.time_zone)
    for days, who, reference, text, said, is_answered, on_agenda in ASKED:
        at = datetime.combine(today - timedelta(days=days), time(10, 20), zone)
        answered = {"answered_at": at + timedelta(hours=5), "answered_by": people[who]} if is_answered else {}
        waits = WaitsFor.NOBODY if is_answered else WaitsFor.ASKER if said else WaitsFor.ANSWER
        question = TeamQuestion.objects.create(
            **own, team=team, episode=episodes.get(reference), text=text, asked_by=people[who], asked_at=at,
            waits_for=waits, meeting=meeting if on_agenda else None, **answered,
        )  # fmt: skip
        if said:
            replied = {"written_by": people[said[0]], "text": said[1], "written_at": at + timedelta(hours=3)}
            QuestionReply.objects.create(**own, question=question, **replied)
    _practise(people, episodes, today, own)
    _open_to_consultant(team, people, episodes, today)


def _practise(people, episodes, today: date, own) -> None:
    wording, agreed_with, days, practised = GOAL
    days_on = [today - timedelta(days=ago) for ago in practised]
    about = {"wording": wording, "agreed_with": agreed_with, "set_on": today - timedelta(days=days)}
    PracticeGoal.objects.create(**own, practitioner=people[LEARNS], practised_on=days_on, **about)
    reference, question = CASE
    SupervisionCase.objects.create(**own, practitioner=people[LEARNS], episode=episodes[reference], question=question)
    SupervisionShare.objects.create(**own, practitioner=people[LEARNS], shared_with=people[LEAD])


def _open_to_consultant(team: Team, people, episodes, today: date) -> None:
    """One case with a question that waits for the consultant."""
    name, reference, text = OPENED
    own, by = {"organisation": team.organisation, "episode": episodes[reference]}, people[LEARNS]
    until = today + timedelta(days=OPEN_DAYS)
    case = OpenedCase.objects.create(**own, consultant=people[name], number=1, opened_by=by, until=until)
    TeamQuestion.objects.create(**own, team=team, opened_case=case, text=text, asked_by=by)
