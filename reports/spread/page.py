"""What was asked for of the spread of FIT, and the page in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from organisations.models import Practitioner, RegisteredService, RegisterImport
from organisations.municipalities.lists import Municipality, municipalities_of
from organisations.roles import Can
from reports.charts.months import share_svg
from reports.charts.tiles_svg import MapTile, tiles_svg
from reports.spread.figures import (
    ADULTS,
    CHILDREN,
    EVERYBODY,
    RegisterCount,
    Registered,
    YearChange,
    YearSpread,
    change_between,
    spread_by_year,
)

SHORT = 4  # letters of a name on a tile
Place = tuple[str, str]
SCOPES = (
    (EVERYBODY, lazy("All services")),
    (ADULTS, lazy("For adults")),
    (CHILDREN, lazy("For children and young people")),
)


class SpreadForm(forms.Form):
    """Which year, and services for whom; the choices are the years of the register."""

    of = forms.ChoiceField(choices=SCOPES, required=False)
    year = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, years: Sequence[int]) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["year"]).choices = [(str(year), str(year)) for year in years]


@dataclass(frozen=True)
class SpreadRead:
    """What a page or a file is made of; `place` is that of the chosen year."""

    form: SpreadForm
    of: str
    place: int
    counts: list[RegisterCount]
    years: list[YearSpread]
    municipalities: tuple[Municipality, ...]

    @property
    def now(self) -> YearSpread:
        """The chosen year."""
        return self.years[self.place]

    def change(self, place: int) -> YearChange:
        """What is new and what is gone in a year, beside the one before."""
        return change_between(self.years[place - 1] if place else None, self.years[place])

    def rows(self, place: int) -> list[tuple[Place, Registered | None]]:
        """Every municipality of the country and of the register with what is known: most services with FIT first."""
        found = self.years[place].places
        listed = [(one.code, one.name) for one in self.municipalities]
        known = {*listed, *(one for year in self.years for one in year.places)}
        rows = [(one, found.get(one)) for one in known]
        return sorted(rows, key=lambda row: (row[1] is None, -(row[1].with_fit if row[1] else 0), row[0][1], row[0]))


def read_spread(by: Practitioner, data: Any) -> SpreadRead:
    """The register of an organisation as somebody chose to see it: one query."""
    counts = register_counts(by)
    form = SpreadForm(data, years=sorted({one.year for one in counts}))
    valid = form.is_valid()
    of = (form.cleaned_data["of"] if valid else "") or EVERYBODY
    years = spread_by_year(counts, of)
    chosen = form.cleaned_data["year"] if valid else ""
    place = next((place for place, one in enumerate(years) if str(one.year) == chosen), len(years) - 1)
    return SpreadRead(form, of, place, counts, years, municipalities_of(by.organisation.country))


def register_counts(by: Practitioner) -> list[RegisterCount]:
    """The organisation's register, services that are alike added up."""
    alike = ("year", "municipality_code", "municipality", "kind", "uses_fit")
    rows = RegisteredService.objects.visible_to(by).values_list(*alike).annotate(total=Sum("services")).order_by(*alike)
    return [RegisterCount(year, (code, name), kind, fit, total) for year, code, name, kind, fit, total in rows]


def spread_context(read: SpreadRead, by: Practitioner) -> dict[str, Any]:
    """What the template is given."""
    context = {"form": read.form, "has_any": bool(read.years), "can_edit": by.can(Can.EDIT_REGISTER)}
    if not read.years:
        return context
    change = read.change(read.place)
    imported = RegisterImport.objects.visible_to(by).exclude(imported_at=None).order_by("imported_at")
    return context | {
        "now": read.now,
        "of": read.of,
        "every": EVERYBODY,
        "query": _query(read.now.year, read.of),
        "scopes": [(words, _query(read.now.year, key), key == read.of) for key, words in SCOPES],
        "years": [
            (one.year, _query(one.year, read.of), place == read.place, said(read, place))
            for place, one in enumerate(read.years)
        ],
        "place": read.place,
        "last": len(read.years) - 1,
        "in_all": len(read.municipalities),
        "known": len(read.now.places),
        "map": map_of(read),
        "is_tall": any(one.row > 2 * one.column for one in read.municipalities if one.column > 10),
        "rows": [(place, found, place in change.new, place in change.gone) for place, found in read.rows(read.place)],
        "new": sorted(name for _code, name in change.new),
        "gone": sorted(name for _code, name in change.gone),
        "by_year": year_rows(read),
        "files": list(imported.values_list("file_name", flat=True)),
    }


def _query(year: int, of: str) -> str:
    return f"year={year}&of={of}"


def said(read: SpreadRead, place: int) -> str:
    """A year in a sentence."""
    one = read.years[place]
    services = ngettext("%(count)d service", "%(count)d services", one.with_fit) % {"count": one.with_fit}
    municipalities = ngettext("%(count)d municipality", "%(count)d municipalities", one.municipalities)
    return _("%(year)d: %(services)s with FIT in %(municipalities)s") % {
        "year": one.year,
        "services": services,
        "municipalities": municipalities % {"count": one.municipalities},
    }


def map_of(read: SpreadRead) -> str:
    """The map of the chosen year; "" for a country of which we have none."""
    if not read.municipalities:
        return ""
    found = read.now.places
    tiles = []
    for one in read.municipalities:
        registered = found.get((one.code, one.name))
        count = registered.with_fit if registered else None
        tiles.append(MapTile(one.column, one.row, one.name[:SHORT], count, f"{one.name}: {state_words(registered)}"))
    return tiles_svg(tiles, title=said(read, read.place))


def state_words(registered: Registered | None) -> str:
    """What is known of a municipality: "2 of 41", or that nothing is."""
    if registered is None:
        return _("unknown")
    return _("%(part)s of %(whole)s") % {"part": registered.with_fit, "whole": registered.services}


def year_rows(read: SpreadRead) -> list[dict[str, Any]]:
    """The table year by year: services with FIT, also by whom they are for, and municipalities; each with its bar."""
    kinds = {of: spread_by_year(read.counts, of) for of in (EVERYBODY, ADULTS, CHILDREN)}
    most_services = max(one.with_fit for one in kinds[EVERYBODY]) or 1
    most_places = max(one.municipalities for one in read.years) or 1
    return [
        {
            "year": one.year,
            "is_chosen": place == read.place,
            "every": kinds[EVERYBODY][place].with_fit,
            "adults": kinds[ADULTS][place].with_fit,
            "children": kinds[CHILDREN][place].with_fit,
            "services": one.services,
            "municipalities": one.municipalities,
            "new": len(read.change(place).new),
            "gone": len(read.change(place).gone),
            "services_bar": share_svg(kinds[EVERYBODY][place].with_fit / most_services),
            "places_bar": share_svg(one.municipalities / most_places),
        }
        for place, one in enumerate(read.years)
    ]
