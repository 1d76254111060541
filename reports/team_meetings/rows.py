"""What a team meeting says of its cases: why each is there, what it shows, what came of a decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Episode
from organisations.models import Practitioner
from reports.charts.markup import Markup
from reports.charts.since import since_svg
from reports.charts.spark import spark_svg
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.models import CaseReason, TeamMeeting, TeamMeetingCase
from sessions_app.services import team_meeting_agenda as agenda
from sessions_app.services.courses import load_readings
from sessions_app.texts.points import points, signed
from sessions_app.texts.verdict import VerdictText, say

EARLY = 1
"""So many measurements since a decision say nothing yet."""


@dataclass(frozen=True)
class CourseCell:
    """A course in small: the reference alone, never the name, its two curves and what they say."""

    episode: Episode
    said: VerdictText
    ors_spark: Markup | None
    srs_spark: Markup | None
    ors: str
    srs: str


@dataclass(frozen=True)
class CaseRow:
    """A case of the agenda: `chip` in the colour `kind` and the sentence `why` say what it is there for."""

    case: TeamMeetingCase
    cell: CourseCell
    kind: str
    chip: str
    why: str
    discussed_on: date | None


@dataclass(frozen=True)
class ProposedRow:
    """A case that is proposed and not on the agenda."""

    episode: Episode
    reason: str
    key: str


@dataclass(frozen=True)
class DecisionDue:
    """A decision that is due, and what the curve did since: the picture, the change in words, what it is worth."""

    case: TeamMeetingCase
    picture: Markup
    change: str
    worth: str


@dataclass(frozen=True)
class MeetingRows:
    """All that the pages of a meeting show of its cases; `wall` are all open courses of the team, by need."""

    cases: list[CaseRow]
    due: list[DecisionDue]
    proposed: list[ProposedRow]
    wall: list[CourseCell]

    @property
    def first_case(self) -> TeamMeetingCase | None:
        return self.cases[0].case if self.cases else None

    @property
    def chosen(self) -> set[UUID]:
        """The episodes on the agenda."""
        return {row.case.episode_id for row in self.cases}

    @property
    def clients(self) -> set[UUID]:
        """Whose data is shown."""
        shown = [*(row.cell.episode for row in self.cases), *(row.case.episode for row in self.due)]
        shown += [*(row.episode for row in self.proposed), *(cell.episode for cell in self.wall)]
        return {episode.client_id for episode in shown}


def read_rows(meeting: TeamMeeting, by: Practitioner) -> MeetingRows:
    """The rows of a meeting as far as somebody may see them; the queries do not grow with the cases."""
    cases = list(cases_of(meeting, by))
    due = agenda.decisions_due(meeting, by) if meeting.ended_at is None else []
    here = agenda.episodes_of(meeting.team, by)
    known = {one.pk: one for one in (*(case.episode for case in (*due, *cases)), *here)}
    readings = load_readings(known.values())
    cells = {key: course_cell(episode, readings[key]) for key, episode in known.items()}
    discussed = agenda.last_discussed(meeting.team, known.values(), before=meeting.held_on)
    proposals = agenda.proposals_among(meeting.team, here, readings, meeting.held_on)
    chosen = {case.episode_id for case in cases}
    rest = [one for one in proposals if one.key not in chosen]
    return MeetingRows(
        cases=[case_row(case, cells[case.episode_id], discussed.get(case.episode_id), meeting) for case in cases],
        due=[_due_row(case, readings[case.episode_id].series) for case in due],
        proposed=[ProposedRow(known[one.key], str(one.reason.label), one.reason.value) for one in rest],
        wall=[cells[episode.pk] for episode in _by_need(here, readings)],
    )


def cases_of(meeting: TeamMeeting, by: Practitioner):
    """The cases on the agenda that somebody may see, in their order."""
    rows = TeamMeetingCase.objects.visible_to(by).standing().filter(meeting=meeting).in_order()
    about = ("episode__client__contact", "episode__client__second_contact", "asked_by", "decision__responsible")
    return rows.select_related(*about)


def course_cell(episode: Episode, reading: Reading) -> CourseCell:
    """A course in small."""
    series = reading.series
    ordered = series.sorted()
    ors = [session.ors for session in ordered if session.ors is not None]
    srs = [session.srs for session in ordered if session.srs is not None]
    return CourseCell(
        episode=episode,
        said=say(reading.verdict),
        ors_spark=spark_svg(ors, line=series.cutoff, kind="ors") if ors else None,
        srs_spark=spark_svg(srs, line=series.alliance_cutoff, kind="srs") if srs else None,
        ors=points(ors[-1]) if ors else "",
        srs=points(srs[-1]) if srs else "",
    )


def case_row(case: TeamMeetingCase, cell: CourseCell, discussed_on: date | None, meeting: TeamMeeting) -> CaseRow:
    """Why a case is there, in the words of its reason and of the curve."""
    said, reason = cell.said, CaseReason(case.reason)
    kind, chip, why = said.tone, said.chip, f"{said.sentence} {said.detail}".strip()
    if reason == CaseReason.LONG_AGO:
        kind, chip, why = "quiet", str(reason.label), f"{_long_ago(discussed_on, meeting.held_on)} {said.sentence}"
    elif reason == CaseReason.SUCCESS:
        learnt = _("What has been different?")
        kind, chip, why = "good", str(reason.label), f"{said.sentence} {learnt}"
    elif reason in (CaseReason.ASKED, CaseReason.AGAIN):
        chip = str(reason.label)
    return CaseRow(case, cell, kind, chip, why, discussed_on)


def headline(rows: MeetingRows) -> str:
    """The page's answer in one sentence."""
    cases, due = len(rows.cases), len(rows.due)
    said = [ngettext("%d case", "%d cases", cases) % cases if cases else _("No cases yet")]
    if due:
        said.append(ngettext("%d decision to follow up", "%d decisions to follow up", due) % due)
    return ", ".join(said)


def _long_ago(discussed_on: date | None, on: date) -> str:
    if discussed_on is None:
        return _("Never discussed here.")
    weeks = (on - discussed_on).days // 7
    return ngettext("Discussed %d week ago.", "Discussed %d weeks ago.", weeks) % weeks


def _due_row(case: TeamMeetingCase, series: Series) -> DecisionDue:
    """What the outcome did since the day of the meeting that decided."""
    day = case.meeting.held_on
    totals = [(session.held_on, total) for session, total in series.ors_totals()]
    before = [total for held_on, total in totals if held_on <= day]
    after = [total for held_on, total in totals if held_on > day]
    picture = since_svg(before, after, line=series.cutoff)
    if not after or not before:
        return DecisionDue(case, picture, "", _("Nothing was measured since."))
    change = after[-1] - before[-1]
    told = ngettext(
        "Since then: %(from)s → %(to)s (%(change)s) over %(count)d measurement.",
        "Since then: %(from)s → %(to)s (%(change)s) over %(count)d measurements.",
        len(after),
    )
    given = {"from": points(before[-1]), "to": points(after[-1]), "change": signed(change), "count": len(after)}
    return DecisionDue(case, picture, told % given, _worth(change, len(after), series))


def _worth(change: int, count: int, series: Series) -> str:
    if count <= EARLY:
        return _("Too early to say anything.")
    if abs(change) < series.state.noticed:
        return _("No more than scores move by themselves.")
    return _("More than scores move by themselves.")


def _by_need(episodes: Iterable[Episode], readings: Mapping[UUID, Reading]) -> Sequence[Episode]:
    return sorted(episodes, key=lambda one: (-readings[one.pk].verdict.tone.rank, one.client.sort_key))
