"""What somebody wants to see of the list of clients: read from an address, narrowed by it, kept as a view."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import reduce
from operator import and_
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientLabel, Episode, LabelledClient
from clients.services.merged_records import once_named
from clients.services.restrictions import restricted_clients
from organisations.models import Practitioner, Team
from organisations.roles import Can

CURRENT, MINE, NOBODY = "current", "mine", "nobody"
WORDS = 60
# Parts of the list, as the access log tells of them.
SHOWN = {
    CURRENT: _("current clients"),
    "archived": _("archived clients"),
    "practice": _("practice clients"),
    "without-team": _("clients without a team"),
}
STATES = {
    "act": _("Needs somebody"),
    "watch": _("To keep an eye on"),
    "good": _("Progress"),
    "quiet": _("Nothing to point out"),
}
"""What an episode's marks ask for (`Episode.tone`), as a choice."""


@dataclass(frozen=True)
class ListFilters:
    """`show` is one of SHOWN; `contact` MINE, NOBODY or a person's key; `team` and `label` keys; `state` of STATES."""

    show: str = CURRENT
    contact: str = ""
    team: str = ""
    label: str = ""
    state: str = ""
    q: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], by: Practitioner) -> "ListFilters":
        """From an address; what it does not know is not asked for. An admin has words and parts of the list only."""
        show = given.get("show", "")
        found = cls(show=show if show in SHOWN else CURRENT, q=given.get("q", "").strip()[:WORDS])
        if not by.can(Can.VIEW_CLIENT):
            return found
        contact, state = given.get("contact", ""), given.get("state", "")
        return cls(
            show=found.show,
            contact=contact if contact in (MINE, NOBODY) else _key(contact),
            team=_key(given.get("team", "")),
            label=_key(given.get("label", "")),
            state=state if state in STATES else "",
            q=found.q,
        )

    @property
    def kept(self) -> str:
        """The address of the filters alone, as a view keeps it: without what was typed, without what is usual."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "q"}
        return urlencode({name: value for name, value in chosen.items() if value and value != CURRENT})

    @property
    def query(self) -> str:
        """The address of all of it, for the links between pages."""
        return urlencode({"q": self.q, "show": self.show}) + (f"&{self.kept}" if self.kept else "")

    @property
    def narrows(self) -> bool:
        """Whether anything but the part of the list is chosen; then the filters stand open."""
        return bool(self.contact or self.team or self.label or self.state)

    def of(self, clients: QuerySet[Client], by: Practitioner) -> QuerySet[Client]:
        """Those of `clients` that are asked for."""
        found = _part(clients, self.show)
        if self.contact:
            found = found.filter(_contact(self.contact, by))
        if self.team:
            found = found.filter(client_teams__team=UUID(self.team))
        if self.label:
            has_it = LabelledClient.objects.filter(client=OuterRef("pk"), label=UUID(self.label))
            found = found.filter(Exists(has_it.filter(label__retired_at=None)))
        if self.state:
            course = Episode.objects.open().filter(client=OuterRef("pk"), tone=self.state)
            found = found.filter(Exists(course)).exclude(pk__in=restricted_clients())
        return with_words(found, self.q, names=by.can(Can.VIEW_CLIENT))


@dataclass(frozen=True)
class FilterChoices:
    """What can be chosen: labels in use, one's teams, colleagues of these who can be contact persons."""

    labels: list[ClientLabel]
    teams: list[Team]
    colleagues: list[Practitioner]


def choices_for(by: Practitioner) -> FilterChoices:
    """Three queries."""
    teams = by.memberships.values("team")
    colleagues = Practitioner.objects.visible_to(by).contacts().filter(memberships__team__in=teams).exclude(pk=by.pk)
    return FilterChoices(
        labels=list(ClientLabel.objects.visible_to(by).in_use().alphabetical()),
        teams=list(Team.objects.visible_to(by).filter(pk__in=teams).order_by("name")),
        colleagues=list(colleagues.distinct().order_by("name")),
    )


def with_words(clients: QuerySet[Client], words: str, *, names: bool) -> QuerySet[Client]:
    """Those in whose reference, an earlier one, or name (where `names`) each word stands."""
    found = []
    for word in words.split():
        one = Q(reference__icontains=word) | Q(pk__in=once_named(word))
        found.append(one | Q(first_name__icontains=word) if names else one)
    return clients.filter(reduce(and_, found)) if found else clients


def _part(clients: QuerySet[Client], show: str) -> QuerySet[Client]:
    if show == "archived":
        return clients.exclude(archived_at=None)
    current = clients.filter(archived_at=None)
    if show == "practice":
        return current.filter(is_practice=True)
    if show == "without-team":
        return current.filter(client_teams=None)
    return current


def _contact(chosen: str, by: Practitioner) -> Q:
    if chosen == NOBODY:
        return Q(contact=None, second_contact=None)
    person = by.pk if chosen == MINE else chosen
    return Q(contact=person) | Q(second_contact=person)


def _key(text: str) -> str:
    """A key as an address writes it; "" for anything else."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""
