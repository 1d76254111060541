"""An evaluation of the action plan as a document of parts, for the case worker's files."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.charts.standalone import framed_svg, style
from reports.pdf.parts import Decided, Facts, Heading, Paragraph, Part, PdfDocument, Picture, Quotation, Rows
from reports.plan_evaluation.going_out import GoingOut
from reports.plan_evaluation.read import Evaluated, GoalEvaluated


def evaluation_document(out: GoingOut) -> PdfDocument:
    """In the active language. Without a client's name: the reference says whose it is."""
    return PdfDocument(
        title=f"{_('Evaluation of the action plan')}: {out.record.reference}",
        language=(get_language() or "en").split("-")[0],
        head=" · ".join((out.record.reference, out.record.organisation)),
        foot=out.record.line,
        missing=_("Signs that our fonts lack stand as □."),
        parts=tuple(_parts(out)),
    )


def _parts(out: GoingOut) -> Iterator[Part]:
    evaluation, found = out.evaluation, out.found
    yield Facts(tuple(_facts(out)))
    if evaluation.text.strip():
        yield Heading(_("What changed and what did not"))
        yield Paragraph(evaluation.text.strip())
    if out.words:
        yield Heading(_("In the client's own words"))
        yield from (Quotation(note.text, _on(note), key=str(note.pk)) for note in out.words)
    yield Heading(_("Curves"))
    yield from _curves(found)
    yield Heading(_("Goals"))
    if found.goals:
        columns = (_("Goal"), _("Standing"), _("The client's own rating, 0 to 10"))
        rows = tuple((_name(goal), goal.standing, goal.said) for goal in found.goals)
        yield Rows(_("Goals of the period"), columns, rows)
    else:
        yield Paragraph(_("No goals were agreed in the period."))
    yield Heading(_("Decided"))
    for decision in found.decisions:
        yield Decided("\n".join(filter(None, (decision.text, decision.support))), _on(decision), key=str(decision.pk))
    if not found.decisions:
        yield Paragraph(_("Nothing was decided in the period."))


def _facts(out: GoingOut) -> Iterator[tuple[str, str]]:
    evaluation = out.evaluation
    episode = evaluation.episode
    yield _("Service"), str(episode.service)
    if episode.client.contact:
        yield _("Contact person"), str(episode.client.contact)
    days = {"since": _day(evaluation.since), "until": _day(evaluation.until)}
    yield _("Period"), _("%(since)s to %(until)s") % days


def _curves(found: Evaluated) -> Iterator[Part]:
    if found.mixes_forms:
        yield Paragraph(
            _(
                "Another form was used at the beginning of the period. Only what was marked on the present one is "
                "compared."
            ),
            "small",
        )
    if found.course is None or found.chart is None:
        yield Paragraph(_("No session was held in the period."))
        return
    drawn = framed_svg(found.course, title="", foot=(), with_srs=found.chart.with_srs)
    yield Picture(drawn, " ".join((f"{found.course.title}.", *found.first_text.split("\n"))), style=style())
    columns = [_("Date"), found.chart.ors_label, *([found.chart.srs_label] if found.chart.with_srs else [])]
    rows = tuple((row.title, row.ors or "–", row.srs or "–")[: len(columns)] for row in found.chart.points)
    yield Rows(_("Every measurement"), tuple(columns), rows, numbers=tuple(range(1, len(columns))))


def _name(goal: GoalEvaluated) -> str:
    name = f"”{goal.name}”" if goal.is_own_words else goal.name
    return f"– {name}" if goal.is_step else name


def _on(row) -> str:
    return _day(row.session.held_on)


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT")
