"""What was asked for of "Is FIT really done?", and the page in words; what is hidden is a star."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from organisations.database.replica import read_on_replica
from organisations.models import Practitioner, Team
from organisations.services.local_day import today_in
from reports.charts.markup import Markup
from reports.charts.months import months_svg
from reports.fit_in_use.definitions import (
    ALERTS,
    IN_TIME,
    MEASURES,
    NO_ORS,
    NO_SRS,
    ORS,
    PRACTISED,
    SHARED,
    SRS,
    TRAINED,
    UseMeasure,
)
from reports.fit_in_use.figures import UseFigures, UseShare, read_use, sees_every_client
from reports.fit_in_use.rows import UsePeriod, months_until
from reports.fit_in_use.small_numbers import ALL, K
from sessions_app.measures.results.suppression import HIDDEN

MONTHS = 12
EN_DASH = "\N{EN DASH}"


class UseForm(forms.Form):
    """Whose figures and which month; the choices are the teams that `by` may ask for and the months of the page."""

    of = forms.ChoiceField(label=lazy("Team"), required=False)
    month = forms.ChoiceField(label=lazy("Month"), required=False)

    def __init__(self, data: Any, *, by: Practitioner, months: list[UsePeriod]) -> None:
        super().__init__(data)
        self.offered = {
            "of": scopes_of(by),
            "month": [(month_key(one), month_name(one)) for one in reversed(months)],
        }
        for name, choices in self.offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def chosen(self, name: str) -> str:
        """What was chosen, else the first; that of a form that was refused is the first too."""
        found = self.cleaned_data.get(name) if self.is_valid() else ""
        return found or next((key for key, _words in self.offered[name]), ALL)


def scopes_of(by: Practitioner) -> list[tuple[str, Any]]:
    """Each team that somebody is in, an administrator every team; before them all together, if there are several."""
    teams = (
        Team.objects.visible_to(by) if not sees_every_client(by) else Team.objects.filter(memberships__practitioner=by)
    )
    each = [(f"team:{team.pk}", team.name) for team in teams.order_by("name", "pk")]
    every = lazy("My teams together") if sees_every_client(by) else lazy("The whole organisation")
    return [(ALL, every), *each] if len(each) != 1 else each


@dataclass(frozen=True)
class UseRead:
    """What a page or a file is made of; `place` is that of the chosen month, `as_of` of figures older than now."""

    form: UseForm
    scope: str
    place: int
    figures: UseFigures
    hides: bool
    as_of: datetime | None = None

    @property
    def words(self) -> str:
        """What was chosen, for the access log; keys only."""
        return f"of={self.scope} month={month_key(self.figures.periods[self.place])}"


def read_page(by: Practitioner, data: Any, *, to_keep: bool = False) -> UseRead:
    """The figures that somebody chose, of twelve months, `to_keep` as of now; a constant number of queries."""
    found, as_of = read_on_replica(lambda as_of: (_read(by, data), as_of), whole=to_keep)
    return replace(found, as_of=as_of)


def _read(by: Practitioner, data: Any) -> UseRead:
    months = months_until(today_in(by.organisation), MONTHS)
    form = UseForm(data, by=by, months=months)
    keys = [month_key(one) for one in months]
    return UseRead(
        form=form,
        scope=form.chosen("of"),
        place=keys.index(form.chosen("month")),
        figures=read_use(by, months),
        hides=not sees_every_client(by),
    )


@dataclass(frozen=True)
class UseCard:
    """One number in words: of the chosen month, of the month before, and its picture."""

    key: str
    name: str
    counted: str
    part: str
    whole: str
    more: str
    before: str
    picture: Markup


def use_context(read: UseRead) -> dict[str, Any]:
    """What the template is given."""
    return {
        "form": read.form,
        "hides": read.hides,
        "least": K,
        "has_any": read.figures.has_any(read.scope),
        "month": month_name(read.figures.periods[read.place]),
        "is_running": read.place == MONTHS - 1,
        "cards": [_card(read, measure) for measure in MEASURES],
        "names": [measure.name for measure in MEASURES],
        "rows": [
            (month_name(period), [share_words(read.figures.share(read.scope, place, one)) for one in MEASURES])
            for place, period in enumerate(read.figures.periods)
        ][::-1],
    }


def _card(read: UseRead, measure: UseMeasure) -> UseCard:
    shares = read.figures.shares(read.scope, measure)
    now = shares[read.place]
    return UseCard(
        key=measure.key,
        name=str(measure.name),
        counted=str(measure.counted),
        part=_count(now.part),
        whole=_count(now.whole),
        more=more_words(read.figures, read.scope, read.place, measure),
        before=share_words(shares[read.place - 1]) if read.place else "",
        picture=months_svg([one.height for one in shares], chosen=read.place),
    )


def more_words(figures: UseFigures, scope: str, place: int, measure: UseMeasure) -> str:
    """What else is known of a number: the reasons of the rest, what still has time, who practised; "" for nothing."""

    def count(name: str) -> int | None:
        return figures.count(scope, place, name)

    if measure.key in (ORS, SRS):
        return left_out_words(figures, scope, place, measure.key)
    if measure.key == "acted" and count(ALERTS) and (left := count(IN_TIME)):
        return ngettext("%d still has time", "%d still have time", left) % left
    if measure.key == TRAINED and (practised := count(PRACTISED)):
        return ngettext("%d with a practice client", "%d with a practice client", practised) % practised
    return ""


def left_out_words(figures: UseFigures, scope: str, place: int, part: str) -> str:
    """Of sessions without an ORS (or SRS) how many say why; "" without any, or where that is hidden."""
    missing = figures.count(scope, place, NO_ORS if part == ORS else NO_SRS)
    given = [figures.count(scope, place, one) for one in SHARED if f"{part}_reason" in one.split("&")]
    if not missing or None in given:
        return ""
    said = sum(one or 0 for one in given)
    return _("%(with)d left out with a reason, %(without)d without") % {"with": said, "without": missing - said}


def share_words(share: UseShare) -> str:
    """ "38 of 45", a star for what is hidden, a dash where nothing was counted."""
    if share.whole == 0:
        return EN_DASH
    return _("%(part)s of %(whole)s") % {"part": _count(share.part), "whole": _count(share.whole)}


def month_key(period: UsePeriod) -> str:
    """A month in an address."""
    return f"{period.first:%Y-%m}"


def month_name(period: UsePeriod) -> str:
    """A month for a reader."""
    return date_format(period.first, "YEAR_MONTH_FORMAT")


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
