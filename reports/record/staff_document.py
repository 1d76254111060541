"""The document for the record, and the status to the case worker, as parts."""

from collections.abc import Iterator, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clients.texts.protection import DO_NOT_TELL
from reports.charts.compared_svg import ComparedSeries
from reports.charts.standalone import framed_svg, style
from reports.client_page.document_tab import DocumentSession
from reports.client_page.record_head import RecordHead, record_head
from reports.pdf.parts import Decided, Facts, Heading, Paragraph, Part, PdfDocument, Picture, Quotation, Remark, Rows
from reports.record import sentences
from reports.record.choices import CURVE, STATUS, TABLE
from reports.record.content import RecordContent, RecordCourse
from reports.record.goal_words import goal_wording
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.series import Measured
from sessions_app.texts.document import SUPPORT
from sessions_app.texts.instruments import curve_name, short_name
from sessions_app.texts.points import points
from sessions_app.texts.verdict import ITEMS

# Widths of a picture in percent of the page's: of the curve alone, and with others below it.
FULL, HIGH_PICTURE = 100, 80


def staff_document(content: RecordContent) -> PdfDocument:
    """In the active language. Without a client's name: the reference says whose it is."""
    head = head_of(content)
    title = _("Status on feedback-informed treatment") if content.choice.kind == STATUS else _("For the record")
    return PdfDocument(
        title=f"{title}: {head.reference}",
        language=(get_language() or "en").split("-")[0],
        head=" · ".join((head.reference, head.organisation)),
        foot=head.line,
        missing=_("Signs that our fonts lack stand as □."),
        parts=tuple(_parts(content)),
    )


def head_of(content: RecordContent) -> RecordHead:
    """What a document is filed by."""
    client, rules = content.episode.client, content.rules_version
    return record_head(client, client.organisation, day=content.day, rules_version=rules)


def _parts(content: RecordContent) -> Iterator[Part]:
    lines = [line for course in content.courses[-1:] for line in sentences.measure_lines(course)]
    if content.said:
        yield Paragraph(content.said, "lead")
    yield Facts(tuple(_facts(content)))
    if lines:
        yield Paragraph("\n".join(lines))
    for course in content.courses:
        yield from course_parts(course, content)
    yield from _other_parts(content)
    yield from goal_parts(content)
    yield from _session_parts(content)
    if content.words_are_kept_back:
        yield Paragraph(sentences.words_kept_back(), "small")


def _facts(content: RecordContent) -> Iterator[tuple[str, str]]:
    episode = content.episode
    if episode.client.is_protected:
        yield _("Protected"), str(DO_NOT_TELL)
    else:
        yield _("Service"), str(episode.service)
    if episode.client.contact:
        yield _("Contact person"), str(episode.client.contact)
    yield _("Period"), f"{sentences.period_of(content)}, {sentences.sessions_held(content)}"
    if episode.ended_on:
        yield _("Ended"), f"{sentences.day_of(episode.ended_on)}, {episode.get_ending_display()}"


def course_parts(course: RecordCourse, content: RecordContent) -> Iterator[Part]:
    """The curve and the numbers of one period."""
    names = " · ".join(filter(None, (course.chart.ors_label, curve_name(course.series.of.alliance))))
    if content.choice.has(CURVE):
        yield Heading(_("The curve"))
        below = content.compared if course is content.courses[-1] else ()
        said = [sentences.other_line(one) for one in below]
        yield curve_picture(course, " ".join((f"{course.chart.title}.", course.chart.description, *said)), below)
    if content.choice.has(TABLE):
        yield Heading(_("The numbers"))
        if content.choice.kind == STATUS:
            yield _totals(course, names)
        else:
            yield from _tables(course)


def curve_picture(course: RecordCourse, alternative: str, compared: Sequence[ComparedSeries] = ()) -> Picture:
    """The curve with its legend, without a head: the document has one. `compared` stands below it.

    A high picture is narrower, or the first page would hold the document's head alone.
    """
    drawn = framed_svg(course.chart, title="", foot=(), with_srs=course.with_srs, compared=compared)
    return Picture(drawn, alternative, width=FULL if len(compared) < 2 else HIGH_PICTURE, style=style())


def _other_parts(content: RecordContent) -> Iterator[Part]:
    """What was measured besides: in sentences, and each series as a table."""
    if not content.others:
        return
    yield Heading(_("Other forms and raters"))
    yield Paragraph("\n".join(map(sentences.other_line, content.others)))
    if content.choice.has(TABLE):
        for one in content.others:
            rows = tuple((sentences.day_of(day), words) for day, _key, _value, words in one.measured)
            yield Rows(one.title, (_("Date"), _("Total")), rows, numbers=(1,))


def _totals(course: RecordCourse, caption: str) -> Rows:
    of = course.series.of
    columns = [_("Date"), short_name(of.outcome)] + ([short_name(of.alliance)] if course.with_srs else [])
    numbers = tuple(range(1, len(columns)))
    events = [course.chart.told(place) for place in range(len(course.chart.points))]
    rows = [
        [_day(one), points(one.ors) or "–", points(one.srs) or "–"][: len(columns)] for one in course.series.sorted()
    ]
    if any(events):
        columns.append(_("Other"))
        rows = [[*row, event] for row, event in zip(rows, events, strict=True)]
    return Rows(caption, tuple(columns), tuple(tuple(row) for row in rows), numbers)


def _tables(course: RecordCourse) -> Iterator[Rows]:
    """Each form's totals with its lines, the sessions at which it was filled in."""
    of = course.series.of
    kinds = (("ors", of.outcome, course.chart.ors_label), ("srs", of.alliance, curve_name(of.alliance)))
    for kind, instrument, caption in kinds if course.with_srs else kinds[:1]:
        items = tuple(str(ITEMS[key]) for key in FAMILY[instrument].items)
        rows = tuple(
            (_day(one), points(getattr(one, kind)), *_lines(getattr(one, f"{kind}_marks"), len(items)))
            for one in course.series.sorted()
            if getattr(one, kind) is not None
        )
        if rows:
            columns = (_("Date"), short_name(instrument), *items)
            yield Rows(caption, columns, rows, numbers=tuple(range(1, len(columns))))


def _lines(marks: Sequence[int | None] | None, count: int) -> tuple[str, ...]:
    return tuple(points(mark) for mark in marks) if marks else ("–",) * count


def _day(one: Measured) -> str:
    return sentences.day_of(one.held_on)


def goal_parts(content: RecordContent) -> Iterator[Part]:
    """The goals of the period with their steps, in the client's words where those may be said."""
    if content.goals:
        yield Heading(_("Goals"))
    for card in content.goals:
        wording = goal_wording(card.goal, may_quote=content.may_quote)
        if card.goal.is_own_words and content.may_quote:
            yield Quotation(wording, sentences.goal_about(card))
        else:
            yield Remark(sentences.goal_about(card), wording)
        if content.may_quote and card.goal.aim:
            yield Paragraph(_("Goal of the service: %(aim)s") % {"aim": card.goal.aim}, "small")
        steps = [step for step in card.steps if content.may_quote or not step.is_own_words]
        if steps:
            yield Paragraph("\n".join(f"– {step.wording} ({sentences.goal_state(step)})" for step in steps), "small")


def _session_parts(content: RecordContent) -> Iterator[Part]:
    texts = [(one, list(_of_session(one, content))) for one in content.sessions]
    written = [(one, parts) for one, parts in texts if parts]
    if written:
        yield Heading(_("What was said, written and decided"))
    for one, parts in reversed(written):
        yield Heading(f"{sentences.day_of(one.session.held_on)} · {sentences.session_line(one)}", 3)
        yield from parts


def _of_session(one: DocumentSession, content: RecordContent) -> Iterator[Part]:
    for part in one.parts:
        for text in part.words:
            about = " · ".join((_("Own words"), text.about.label))
            yield Quotation(text.note.text, about, key=str(text.note.pk))
        for text in part.remarks:
            by = text.note.updated_by
            yield Remark(f"{text.about.label}, {by}" if by else text.about.label, text.note.text, key=str(text.note.pk))
    for decision in one.decisions:
        support = f"{content.names[SUPPORT]}: {decision.support}" if decision.support else ""
        texts = "\n".join(filter(None, (decision.text, support)))
        yield Decided(texts, sentences.follow_up(decision), key=str(decision.pk))
