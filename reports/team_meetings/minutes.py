"""The minutes of a team meeting on paper: what was heard and decided, of cases that nobody can recognise."""

from collections.abc import Iterator, Sequence

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Client
from clients.services.identities import without_identities
from organisations.models import Practitioner
from reports.pdf.document import set_pdf
from reports.pdf.parts import Decided, Facts, Heading, Paragraph, Part, PdfDocument, Remark
from sessions_app.models import TeamMeeting, TeamMeetingCase, TeamQuestion
from sessions_app.services.team_meeting_agenda import share_discussed
from sessions_app.services.team_meetings import attendances_of


def minutes_document(
    meeting: TeamMeeting, cases: Sequence[TeamMeetingCase], topics: Sequence[TeamQuestion], by: Practitioner
) -> bytes:
    """The PDF. Cases have numbers only; what was written keeps its words save those that name one of the clients."""
    return set_pdf(
        PdfDocument(
            title=_("Minutes of the team meeting"),
            language=translation.get_language() or "en",
            head=f"{meeting.team.name} · {formats.date_format(meeting.held_on, 'DATE_FORMAT')}",
            foot=_("Without names and references of clients."),
            missing=_("Signs that our fonts lack stand as □."),
            parts=(Facts(tuple(_facts(meeting, cases, by))), *_of_cases(cases), *_of_topics(topics, cases)),
        )
    )


def _facts(meeting: TeamMeeting, cases: Sequence[TeamMeetingCase], by: Practitioner) -> list[tuple[str, str]]:
    there = attendances_of(meeting)
    spoken, courses = share_discussed(meeting.team, by, meeting.held_on)
    discussed = sum(case.discussed_at is not None for case in cases)
    of_cases = ngettext("%(done)d of %(all)d case", "%(done)d of %(all)d cases", len(cases))
    return [
        (_("Who was there"), ", ".join(one.practitioner.name for one in there) or "–"),
        (_("Cases discussed"), of_cases % {"done": discussed, "all": len(cases)}),
        (_("In the last 8 weeks"), _("%(spoken)d of %(all)d open episodes") % {"spoken": spoken, "all": courses}),
    ]


def _of_cases(cases: Sequence[TeamMeetingCase]) -> Iterator[Part]:
    clients, names = _identities(cases)
    for name, case in zip(names, cases, strict=True):
        yield Heading(f"{name} · {case.get_reason_display()}")
        for what, words in ((_("Question"), case.question), (_("What we heard"), case.heard)):
            if words:
                yield Remark(what, without_identities(words, clients, names))
        if case.decision and case.decision.text:
            yield Decided(without_identities(case.decision.text, clients, names), _about(case))
        elif not case.heard:
            yield Paragraph(_("Nothing written down."), "small")


def _of_topics(topics: Sequence[TeamQuestion], cases: Sequence[TeamMeetingCase]) -> Iterator[Part]:
    """The questions that are about no case, with who asks."""
    clients, names = _identities(cases)
    if topics:
        yield Heading(_("Questions of the team"))
    for question in topics:
        yield Remark(question.asked_by.name, without_identities(question.text, clients, names))


def _identities(cases: Sequence[TeamMeetingCase]) -> tuple[list[Client], list[str]]:
    """The clients of the cases, and what each is called instead."""
    return [case.episode.client for case in cases], [_("Case %d") % number for number in range(1, len(cases) + 1)]


def _about(case: TeamMeetingCase) -> str:
    """By whom, until when, and when the team looks again."""
    decision, said = case.decision, []
    if decision is None:
        return ""
    if decision.responsible:
        said.append(decision.responsible.name)
    if decision.follow_up_on:
        said.append(_("by %(day)s") % {"day": formats.date_format(decision.follow_up_on, "DATE_FORMAT")})
    if case.review_on:
        said.append(_("looked at again on %(day)s") % {"day": formats.date_format(case.review_on, "DATE_FORMAT")})
    return " · ".join(said)
