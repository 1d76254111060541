"""What the screen of a running meeting shows, and everybody's own device beside it: one case, or all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from clients.models import ConsentPurpose
from clients.models.lawful_grounds import Content
from clients.services.consents import may_share
from organisations.models import Practitioner
from organisations.web.news import last_told, news_pass
from reports.client_page.course import chart_series, notes_of
from reports.client_page.events import without_quotes
from reports.client_page.large_curve import LargeCurve, beside, large_curve
from reports.client_page.parts import OwnWords, words_of
from reports.team_meetings.rows import cases_of
from sessions_app.forms.team_meeting import CaseMinutesForm
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.models import Note, TeamMeeting, TeamMeetingCase
from sessions_app.services.courses import load_series
from sessions_app.texts.verdict import VerdictText, say

MOST_WORDS = 2


@dataclass(frozen=True)
class Follow:
    """What a page asks to hear that the meeting went on: `moves` on the meeting, `texts` on the case that it shows.

    Each is (address, moment of the last news that the page knows of).
    """

    moves: tuple[str, str]
    texts: tuple[str, str] | None = None


@dataclass(frozen=True)
class CaseOnScreen:
    """One case as everybody in the room may see it, `place` of `count`."""

    case: TeamMeetingCase
    said: VerdictText
    curve: LargeCurve
    beside: str
    words: Sequence[OwnWords]
    form: CaseMinutesForm
    place: int
    count: int
    follows: TeamMeetingCase | None
    precedes: TeamMeetingCase | None

    @property
    def numbers(self) -> range:
        """The places, for the row of dots."""
        return range(1, self.count + 1)


def follow_of(meeting: TeamMeeting) -> Follow:
    """Read before anything else of the page: what changes while it is made is then news to it."""
    shown = meeting.shown_id
    return Follow(_question(meeting.pk), _question(shown) if shown else None)


def read_screen(meeting: TeamMeeting, by: Practitioner) -> CaseOnScreen | None:
    """The case that is on the screen; None while that is all of them, or one that somebody may not see."""
    cases = list(cases_of(meeting, by))
    place = next((number for number, one in enumerate(cases) if one.pk == meeting.shown_id), None)
    if place is None:
        return None
    case = cases[place]
    case.meeting = meeting
    series = load_series([case.episode])[case.episode_id]
    quotes = may_share(case.episode.client, ConsentPurpose.TEAM, Content.WORDS)
    notes = notes_of(case.episode, by) if quotes else {}
    return CaseOnScreen(
        case=case,
        said=say(Reading(series).verdict),
        curve=_drawn(case, series, notes, quotes=quotes),
        beside=beside(case.episode),
        words=words_of(series, notes, most=MOST_WORDS),
        form=CaseMinutesForm(case=case, by=by),
        place=place + 1,
        count=len(cases),
        follows=cases[place + 1] if place + 1 < len(cases) else None,
        precedes=cases[place - 1] if place else None,
    )


def _question(key: UUID) -> tuple[str, str]:
    return f"{reverse('news')}?pass={news_pass(key)}", str(last_told(key))


def _drawn(case: TeamMeetingCase, series: Series, notes: dict[UUID, dict[str, Note]], *, quotes: bool) -> LargeCurve:
    """The picture; `quotes`: the team may be told the client's words."""
    if not series.sessions:
        return LargeCurve()
    course = chart_series(case.episode, series, notes=notes)
    course = course if quotes else without_quotes(course)
    return large_curve(course, with_srs=FAMILY[series.of.alliance].scored)
