"""The results as a report to publish: who is counted, what was found and how sure it is, and what it cannot say."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.charts.results_style import results_style
from reports.charts.results_svg import said_of
from reports.pdf.parts import Facts, Heading, Paragraph, Part, PdfDocument, Picture, Rows
from reports.results.context import results_context
from reports.results.page import TableRow
from reports.results.read import ResultsRead
from reports.results.small_numbers import K
from reports.results.table import chosen_words, scope_name, star_words
from sessions_app.measures.results.suppression import HIDDEN

WIDTH = 66  # of a picture, in percent of the page
WITH_TABLE = {"halves", "bands", "slopes", "years"}  # a list of numbers is nothing to listen to
NUMBERS = (1, 2, 3, 4, 5)

Context = dict[str, Any]


def results_document(read: ResultsRead, organisation: str) -> PdfDocument:
    """In the active language, of what may be told of all: the numbers of `read` are hidden already."""
    context = results_context(read)
    parts = [
        *_summary(read, context),
        *_counted(context),
        *_change(context),
        *_progress(context),
        *_course(context),
        *_tables(context),
    ]
    return PdfDocument(
        title=f"{_('Results')}: {scope_name(read)}",
        language=(get_language() or "en").split("-")[0],
        head=organisation,
        foot=" · ".join((organisation, date_format(read.day, "DATE_FORMAT"))),
        missing=_("Signs that our fonts lack stand as □."),
        parts=(*parts, *_hidden(context, parts), *_limits()),
    )


def _summary(read: ResultsRead, context: Context) -> Iterator[Part]:
    yield Facts(tuple(chosen_words(read)))
    yield Paragraph(f"{context['headline']}.", "lead")
    if context["better"]:
        yield Paragraph(
            _(
                "That is %(better)s; the interval is that of 95 per cent. The figures do not show that it is because "
                "of the help."
            )
            % {"better": context["better"]}
        )


def _counted(context: Context) -> Iterator[Part]:
    yield Heading(_("Whom are the figures about?"))
    rows = ((_("Begun"), context["begun"]), *context["reasons"], (_("Counted"), context["used_words"]))
    yield Rows(_("Who is counted, and who is not and why"), (_("Episodes"), "n"), rows, numbers=(1,))
    yield Paragraph(_("Practice clients are never counted. Archived clients are."), "small")
    yield Paragraph(
        _(
            "Nor is anybody counted who said no to that, or who has not said yes where the law asks for it. Those who "
            "are not counted may have fared otherwise."
        ),
        "small",
    )


def _change(context: Context) -> Iterator[Part]:
    yield Heading(_("How many made progress?"))
    if not context["used"]:
        yield Paragraph(_("Nobody to count yet.") if context["used"] == 0 else _("Hidden: too few clients."))
        return
    yield from _picture(context, "shares")
    yield Facts(
        (
            (_("Progress"), context["better"] or HIDDEN),
            (_("Worse"), context["worse"]),
            (_("Began below the cut-off, made progress and ended above it"), _recovered(context)),
            (_("Ended at the expected result or above"), context["reached"]),
            (f"{_('Beyond what chance explains')}: {_('Better')}", context["clearly_better"]),
            (f"{_('Beyond what chance explains')}: {_('Worse')}", context["clearly_worse"]),
        )
    )
    yield Paragraph(_chance(context), "small")
    yield Heading(_("How large was the change?"))
    yield from _size(context)


def _recovered(context: Context) -> str:
    return "–" if context["below"] == 0 else context["recovered"]


def _chance(context: Context) -> str:
    return _(
        "Progress: the last score lies %(limit)s points or more above the first. Of 100 clients whose state does not "
        "change %(by_chance)s get there by chance, and as many get “worse”."
    ) % {"limit": context["limit"], "by_chance": context["by_chance"]}


def _size(context: Context) -> Iterator[Part]:
    if context["change"]:
        yield Facts(((_("Change on average, in points"), context["change"]),))
        averages = {"first": context["first"], "last": context["last"]}
        yield Paragraph(_("From %(first)s on average at the first score to %(last)s at the last one.") % averages)
    if context["effect"]:
        yield Paragraph(
            _("Effect size d = %(d)s (%(low)s to %(high)s), corrected for few clients g = %(g)s.") % context["effect"]
        )
    if context["pictures"]["halves"]:
        yield from _picture(context, "halves")
        yield _marks()
    columns = (_("First score"), "n", _("First"), _("Last"), _("Change (95 %)"), _("Without change"))
    if context["half_rows"]:
        yield Rows(_("Change by first score"), columns, tuple(context["half_rows"]), numbers=NUMBERS)
        yield Paragraph(
            _(
                "Low scores rise a little by themselves, and high ones fall. For all together that is nought, as it is "
                "worked out from your own mean."
            ),
            "small",
        )
    if context["group_rows"]:
        yield Heading(_("From first to last score"))
        yield from _picture(context, "slopes")
        yield Paragraph(
            _(
                "Means of groups by first score; no single client is drawn. Dotted: to be expected if nobody had "
                "changed. Dashed: 25."
            ),
            "small",
        )
        yield Rows(_("From first to last score"), columns, tuple(context["group_rows"]), numbers=NUMBERS)
        if context["pictures"]["bands"]:
            yield from _picture(context, "bands")
            yield _marks()


def _marks() -> Paragraph:
    return Paragraph(_("Dot: measured. Diamond: to be expected if nobody changed."), "small")


def _course(context: Context) -> Iterator[Part]:
    yield Heading(_("How long does an episode last?"))
    if context["pictures"]["duration"]:
        yield from _picture(context, "duration")
        yield Paragraph(_half_ended(context))
        yield Paragraph(
            _(
                "Kaplan-Meier: the first day on which at most half are still going on. Those that go on count as long "
                "as they have lasted."
            ),
            "small",
        )
        yield Paragraph(_("Each step of the curve holds %(least)s endings or more.") % {"least": K}, "small")
    else:
        yield Paragraph(_("Nothing has ended yet.") if context["closed"] == 0 else _("Hidden: too few clients."))
    yield Heading(_("How did it end?"))
    yield Facts(((_("Dropped out"), context["dropped"]), (_("Measured at the last session"), context["scored_last"])))
    if context["ending_rows"]:
        rows = tuple((row.name, row.begun, row.used) for row in context["ending_rows"])
        yield Rows(_("Ending"), (_("Ending"), _("Ended"), _("With two scores")), rows, numbers=(1, 2))


def _progress(context: Context) -> Iterator[Part]:
    yield Heading(_("How many sessions until there is progress?"))
    if not context["pictures"]["progress"]:
        yield Paragraph(_("Nothing can be shown here: too few, or nobody yet."))
        return
    yield from _picture(context, "progress")
    half = context["progress_half"]
    if half is None:
        yield Paragraph(_("So far fewer than half have made progress wherever we look."))
    else:
        yield Paragraph(_("Half have made progress by session %(session)s.") % {"session": half})
    if context["progress_rows"]:
        columns = (_("Up to session"), _("Made progress"))
        yield Rows(_("How many have made progress, by session"), columns, tuple(context["progress_rows"]), numbers=(1,))
    yield Paragraph(
        _(
            "Kaplan-Meier: half is the first session at which at most half are without. Who ended or goes on without "
            "progress counts until the last score, as if they would go on like the others; that may be too hopeful. "
            "Each further score is one more chance to get there by chance."
        ),
        "small",
    )
    yield Paragraph(_("Each step of the curve holds %(least)s episodes or more.") % {"least": K}, "small")


def _half_ended(context: Context) -> str:
    if not context["median"]:
        return _("So far more than half are going on wherever we look.")
    ends = [context["median_low"], context["median_high"]]
    if not all(ends):
        return _("Half have ended after %(months)s months.") % {"months": context["median"]}
    named = {"months": context["median"], "low": ends[0], "high": ends[1]}
    return _("Half have ended after %(months)s months (%(low)s to %(high)s).") % named


def _tables(context: Context) -> Iterator[Part]:
    if context["year_rows"]:
        yield Heading(_("Year by year"))
        yield from _picture(context, "years")
        yield _lines(_("Begun in"), context["year_rows"])
        yield Paragraph(
            _("Of the latest years only those are counted that have ended already: the short ones."), "small"
        )
    if context["age_rows"]:
        yield Heading(_("By age at the start"))
        yield _lines(_("Age at the start"), context["age_rows"])


def _lines(name: str, rows: list[TableRow]) -> Rows:
    columns = (name, _("Begun"), "n", _("Change (95 %)"), _("Progress"))
    cells = tuple((row.name, row.begun, row.used, row.change, row.better) for row in rows)
    return Rows(name, columns, cells, numbers=(1, 2, 3, 4))


def _hidden(context: Context, parts: list[Part]) -> Iterator[Part]:
    """Which numbers are not told, by name, and why."""
    names = [name for part in parts for name in _hidden_in(part)]
    yield Heading(_("Hidden numbers"))
    yield Paragraph(star_words())
    if names:
        yield Paragraph(_("Hidden here: %(names)s.") % {"names": "; ".join(dict.fromkeys(names))})
    else:
        yield Paragraph(_("Nothing is hidden here."))


def _hidden_in(part: Part) -> Iterator[str]:
    if isinstance(part, Facts):
        yield from (name for name, value in part.rows if value == HIDDEN)
    elif isinstance(part, Rows):
        for row in part.rows:
            places = [part.columns[place] for place, cell in enumerate(row) if cell == HIDDEN]
            if places:
                yield f"{row[0]} ({', '.join(places)})"


def _limits() -> Iterator[Part]:
    yield Heading(_("What the figures cannot say"))
    yield Paragraph(
        _(
            "They compare the first score with the last one, and there is no group without help beside it. People "
            "often come when things are at their worst, and then some get better whatever one does."
        )
    )
    yield Paragraph(
        _(
            "So they do not show that the help, feedback or this program made anybody better. Taken together, studies "
            "of feedback find a small effect; some, as a randomised trial in Copenhagen, find none."
        )
    )
    yield Paragraph(
        _("With few clients, the difference between two teams or two years is mostly chance: look at the intervals.")
    )


def _picture(context: Context, name: str) -> Iterator[Part]:
    drawn = context["pictures"][name]
    if drawn:
        title, description = said_of(drawn)
        told = _("The numbers stand in the table beside the picture.") if name in WITH_TABLE else description
        yield Picture(drawn, f"{title}. {told}", width=WIDTH, style=results_style())
