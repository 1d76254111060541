"""Which episodes a results page counts: the form above it, and what was chosen there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import ClientLabel, Ending
from organisations.models import Practitioner, Service, ServiceKind, Team
from organisations.roles import Role
from reports.results.rows import (
    ABOUT_CHILD,
    AGE_GROUPS,
    CORS,
    NO_AGE,
    NO_TEAM,
    OLDEST,
    ORS,
    SEVERAL,
    ResultRow,
)

EVERYBODY, OWN, TEAMS = "all", "own", "teams"
EN_DASH = "\N{EN DASH}"

FORM_NAMES: dict[str, Promise] = {
    ORS: lazy("ORS, the client's own"),
    CORS: lazy("CORS, the child's own"),
    ABOUT_CHILD: lazy("CORS, an adult about a child under 6"),
}

Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Selection:
    """What was chosen; "" is everything. `scope` is whose: OWN, TEAMS, EVERYBODY, a kind, service, part, team."""

    scope: str
    year: str = ""
    age: str = ""
    kind: str = ""
    ending: str = ""
    form: str = ORS
    label: str = ""

    @property
    def words(self) -> str:
        """What was chosen, for the access log; ids and keys only."""
        chosen = (("of", self.scope), ("year", self.year), ("age", self.age), ("kind", self.kind))
        more = (("ending", self.ending), ("form", self.form), ("label", self.label))
        return " ".join(f"{name}={value}" for name, value in (*chosen, *more) if value)

    def takes(self, row: ResultRow) -> bool:
        """Whether an episode belongs to it."""
        return (
            self.in_scope(row)
            and row.form == self.form
            and self.year in ("", str(row.year))
            and self.age in ("", row.age)
            and self.kind in ("", row.kind)
            and self.ending in ("", row.ending)
            and (not self.label or self.label in {str(label) for label in row.labels})
        )

    def in_scope(self, row: ResultRow) -> bool:
        """Whether an episode is of those whose results are asked for."""
        if self.scope in (EVERYBODY, TEAMS):
            return True
        if self.scope == OWN:
            return row.mine
        what, _colon, name = self.scope.partition(":")
        if what == "team":
            return name in {str(team) for team in row.teams}
        return name == {"kind": row.kind, "service": str(row.service), "part": f"{row.service}:{row.part}"}[what]


class ResultsForm(forms.Form):
    """The filters. `by` decides whose results there are; the choices are those that the episodes know.

    `hides` is whether small numbers are hidden: from who sees no client, and in what is published.
    """

    of = forms.ChoiceField(label=lazy("Whose results"), required=False)
    year = forms.ChoiceField(label=lazy("Begun in"), required=False)
    age = forms.ChoiceField(label=lazy("Age at the start"), required=False)
    kind = forms.ChoiceField(label=lazy("Kind of service"), required=False)
    ending = forms.ChoiceField(label=lazy("Ending"), required=False)
    label = forms.ChoiceField(label=lazy("Label"), required=False)
    form = forms.ChoiceField(label=lazy("Answered on"), required=False)

    def __init__(self, data: Any, *, by: Practitioner, rows: Sequence[ResultRow], hides: bool) -> None:
        super().__init__(data)
        self.hides = hides
        every = [("", lazy("all"))]
        found: dict[str, Choices] = {
            "of": published_scopes_of(by, rows) if hides else scopes_of(by, rows),
            "year": every + [(str(year), str(year)) for year in sorted({row.year for row in rows}, reverse=True)],
            "age": every + [(key, age_name(key)) for key in AGE_GROUPS],
            "kind": every + list(ServiceKind.choices),
            "ending": every + list(Ending.choices),
            "label": every + [(str(pk), name) for pk, name in labels_of(by)],
            "form": list(FORM_NAMES.items()),
        }
        if len(found["label"]) == 1:
            del self.fields["label"]
        if hides:
            del self.fields["kind"]  # is one of those whose results there are
        self.offered = {name: found[name] for name in self.fields}
        for name, choices in self.offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse what would be told about too few: an age, an ending or a label of one year, or of one team."""
        chosen = super().clean() or {}
        alone = [name for name in ("age", "ending", "label") if chosen.get(name)]
        if not self.hides or not alone:
            return chosen
        if chosen.get("year") or chosen.get("of", "").startswith("part:") or len(alone) > 1:
            refused = ValidationError(_("Choose it alone, for all years together and a whole service."))
            self.add_error(alone[0], refused)
        return chosen

    @property
    def selection(self) -> Selection:
        """What was chosen, else the first of each; that of a form that was refused is everything."""
        chosen = self.cleaned_data if self.is_valid() else {}
        first = {name: choices[0][0] for name, choices in self.offered.items()}
        found = {name: chosen.get(name) or first[name] for name in first}
        return Selection(
            scope=found["of"],
            year=found["year"],
            age=found["age"],
            kind=found.get("kind", ""),
            ending=found["ending"],
            form=found["form"],
            label=found.get("label", ""),
        )


def published_scopes_of(by: Practitioner, rows: Sequence[ResultRow]) -> Choices:
    """Whose results a person may publish: an administrator everybody's and each service's, a lead each team's."""
    if by.role == Role.ADMIN:
        return [(EVERYBODY, lazy("The whole organisation")), *_below(by, rows)]
    teams = by.teams.select_related("service").order_by("service__name", "name")
    return [(f"part:{team.service_id}:{team.pk}", f"{team.service.name}: {team.name}") for team in teams]


def scopes_of(by: Practitioner, rows: Sequence[ResultRow]) -> Choices:
    """Whose results a person may see, the usual ones first: own caseload and teams."""
    own = [(OWN, lazy("Clients I am the contact person of"))]
    teams = [(TEAMS, lazy("All clients of my teams"))]
    names = by.teams.order_by("name").values_list("pk", "name")
    each = [(f"team:{pk}", name) for pk, name in names]
    first = own + teams if any(row.mine for row in rows) and by.role != Role.TEAM_LEAD else teams + own
    return first + (each if len(each) > 1 else [])


def labels_of(by: Practitioner) -> list[tuple[Any, str]]:
    """The organisation's labels in use, by name."""
    return list(ClientLabel.objects.visible_to(by).in_use().alphabetical().values_list("pk", "name"))


def _below(by: Practitioner, rows: Iterable[ResultRow]) -> Choices:
    """Kinds of service, services, and what a service's clients are divided into."""
    services = Service.objects.visible_to(by).order_by("name")
    teams = {str(team.pk): team.name for team in Team.objects.visible_to(by).order_by("name")}
    parts = {(str(row.service), row.part) for row in rows}
    found: Choices = [(f"kind:{kind}", name) for kind, name in ServiceKind.choices]
    for service in services:
        found.append((f"service:{service.pk}", service.name))
        here = [part for part in (*teams, SEVERAL, NO_TEAM) if (str(service.pk), part) in parts]
        found += [(f"part:{service.pk}:{part}", f"{service.name}: {_part(part, teams)}") for part in here]
    return found


def _part(part: str, teams: dict[str, str]) -> Any:
    return {SEVERAL: _("several teams"), NO_TEAM: _("no team")}.get(part) or teams[part]


def age_name(key: str) -> str:
    """A group of ages for a reader."""
    if key == NO_AGE:
        return _("age unknown")
    if key == OLDEST:
        return _("%(age)s years and over") % {"age": key.partition("-")[0]}
    return _("%(ages)s years") % {"ages": key.replace("-", EN_DASH)}
