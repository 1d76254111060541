"""The sheet that a client takes home: their curve, their words, what is worked on and agreed, in their language."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.utils.formats import date_format, time_format
from django.utils.translation import override

from clients.models import Client
from reports.charts.series import ChartSeries
from reports.pdf.parts import Decided, Heading, Paragraph, Part, PdfDocument, Quotation, Remark
from reports.record.choices import CURVE
from reports.record.content import RecordContent, RecordCourse
from reports.record.home_texts import is_mirrored, language_for, texts_in
from reports.record.staff_document import curve_picture
from sessions_app.models import Goal, GoalState
from sessions_app.texts.points import points

Say = Callable[..., str]
MOST_WORDS = 6


def home_language(client: Client) -> str:
    """The client's language where the sheet speaks it, else the organisation's."""
    return language_for(client.form_language, client.organisation.language)


def home_sheet(content: RecordContent) -> PdfDocument:
    """In the client's language, whatever the reader's is: nothing in it is written for staff."""
    client = content.episode.client
    language = home_language(client)
    say = texts_in(language)
    with override(language):  # days and numbers
        return PdfDocument(
            title=say("title"),
            language=language,
            direction="rtl" if is_mirrored(language) else "ltr",
            head=f"{_day(content.day)} · {client.organisation.name}",
            foot="",
            missing=say("missing"),
            parts=tuple(_parts(content, client, say)),
        )


def _parts(content: RecordContent, client: Client, say: Say) -> Iterator[Part]:
    for course in content.courses[-1:]:
        yield from _course(course, content, say)
    words = [
        Quotation(text.note.text, _day(one.session.held_on), key=str(text.note.pk))
        for one in content.sessions
        for part in one.parts
        for text in part.words
    ]
    if words:
        yield Heading(say("said"))
        yield from reversed(words[-MOST_WORDS:])
    yield from _goals(content, say)
    if content.decisions:
        yield Heading(say("decided"))
    for one, decision in reversed(content.decisions):
        yield Decided(str(decision), _day(one.session.held_on), key=str(decision.pk))
    if client.next_on and client.next_on >= content.day:
        yield Heading(say("next"))
        yield Paragraph(_next(client.next_on, client.next_at, say))
    yield Paragraph(say("foot"), "small")


def _course(course: RecordCourse, content: RecordContent, say: Say) -> Iterator[Part]:
    totals = course.series.ors_totals()
    if not totals:
        return
    (first, intake), (latest, score) = totals[0], totals[-1]
    given = {"score": points(score), "day": _day(latest.held_on), "intake": points(intake)}
    yield Paragraph(say("began" if first is latest else "so_far"), "lead")
    yield Paragraph(say("one_number" if first is latest else "numbers", **given))
    if content.choice.has(CURVE):
        yield Heading(say("curve"))
        said = say("picture", first=points(intake), last=points(score))
        yield curve_picture(replace(course, chart=_in_words(course, said, say)), said)
        yield Paragraph(say("higher"), "small")


def _in_words(course: RecordCourse, said: str, say: Say) -> ChartSeries:
    """The curve with the sheet's own words, and nothing of an expected course: that is of others."""
    chart = course.chart
    return replace(
        chart,
        band=(),
        title=say("curve"),
        description=said,
        ors_label=say("well_being"),
        srs_label=say("meetings"),
        cutoff_label=say("cut_off", points=points(chart.cutoff)),
        alliance_label=say("cut_off", points=points(chart.alliance)),
        points=tuple(replace(point, events=()) for point in chart.points),
        day_events=(),
    )


def _goals(content: RecordContent, say: Say) -> Iterator[Part]:
    shown = [card for card in content.goals if card.goal.shown_to_client and card.goal.state != GoalState.DROPPED]
    if shown:
        yield Heading(say("goals"))
    for card in shown:
        about = _goal_about(card.goal, [mark for _on, mark, _key in card.marks], say)
        yield Quotation(card.goal.wording, about) if card.goal.is_own_words else Remark(about, card.goal.wording)


def _goal_about(goal: Goal, marks: list[int], say: Say) -> str:
    reached = say("reached") if goal.state == GoalState.REACHED else ""
    rated = ""
    if len(marks) > 1:
        rated = say("rated", first=str(marks[0]), last=str(marks[-1]))
    elif marks:
        rated = say("rated_once", last=str(marks[-1]))
    return " · ".join(filter(None, (reached, rated)))


def _next(day: datetime.date, at: datetime.time | None, say: Say) -> str:
    return say("next_at", day=_day(day), time=time_format(at, "TIME_FORMAT")) if at else _day(day)


def _day(day: datetime.date) -> str:
    return date_format(day, "DATE_FORMAT")
