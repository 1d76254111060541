"""What would happen if two records of one person were merged: what differs, what goes along, what stands in the way."""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.models import Client, Consent, Episode, Rater
from clients.services.raters import MOST
from organisations.models import Capability, CapabilityKind
from sessions_app.models import Alert, GroupMember, Note, PendingAnswer, Rating, RatingDraft, Session, StudyParticipant

CONTACTS = ("contact", "second_contact", "next_contact", "contact_since", "contact_note")
TOGETHER = (("birth_year", "birth_month"), CONTACTS, ("next_on", "next_at"))
OTHERWISE = ("reference", "is_practice")  # one decides which record stays, the other has to be the same


def _units() -> Iterator[tuple[str, ...]]:
    """What is agreed with a client, field by field; those that belong together as one."""
    names = [field.name for field in Client._meta.local_fields if field.editable and field.name not in OTHERWISE]
    for name in names:
        unit = next((unit for unit in TOGETHER if name in unit), (name,))
        if name == next(each for each in names if each in unit):
            yield unit


UNITS = tuple(_units())
"""Fields of a client that are chosen where the two records differ. The reference is chosen beside them."""


@dataclass(frozen=True)
class JoinedCourse:
    """Two open episodes in one service: only one can be, so the sessions of the second become the first one's."""

    stays: Episode
    joins: Episode


@dataclass(frozen=True)
class MergePreview:
    """`one` is the record of the page, `other` the second; which of them stays is said by the chosen reference."""

    one: Client
    other: Client
    units: list[tuple[str, ...]]  # of UNITS, where the two differ
    raters: list[tuple[Rater, Rater]]  # of one key at both, called otherwise
    counts: dict[str, tuple[int, int]]
    episodes: list[tuple[Episode, Episode]]  # open ones in one service: of `one`, of `other`
    days: list[datetime.date]  # on which both have a session
    teams: list[str]  # of both
    obstacles: list[str]

    @property
    def seen(self) -> str:
        """Tells whether the same would still be shown: what somebody agreed to is what is done."""
        fields = [[getattr(each, name) for unit in UNITS for name in unit] for each in (self.one, self.other)]
        shown = (self.one.reference, self.other.reference, fields, self.counts, self.days, self.teams, self.obstacles)
        pairs = [(a.pk, b.pk) for a, b in self.episodes] + [(a.label, b.label) for a, b in self.raters]
        return hashlib.sha256(repr((shown, pairs)).encode()).hexdigest()

    def joined(self, kept: Client) -> list[JoinedCourse]:
        """The open episodes that become one, when `kept` stays."""
        pairs = self.episodes if kept.pk == self.one.pk else [(second, first) for first, second in self.episodes]
        return [JoinedCourse(stays, joins) for stays, joins in pairs]


def preview_of(one: Client, other: Client) -> MergePreview:
    """Read both records; the caller has seen to it that somebody may see them, and puts the look on record."""
    raters = _raters_of_one_key(one, other)
    return MergePreview(
        one=one,
        other=other,
        units=[unit for unit in UNITS if any(getattr(one, name) != getattr(other, name) for name in unit)],
        raters=[(first, second) for first, second in raters if first.label != second.label],
        counts=_counts(one, other),
        episodes=_open_in_one_service(one, other),
        days=_days_of_both(one, other),
        teams=sorted({team.name for client in (one, other) for team in client.teams.all()}),
        obstacles=_obstacles(one, other),
    )


def given_by(client: Client, unit: Iterable[str]) -> bool:
    """Whether a record says anything in these fields."""
    return any(getattr(client, name) not in (None, "") for name in unit)


def open_capabilities(clients: Iterable[Client]) -> QuerySet[Capability]:
    """Forms that were given out for these clients and can still be opened or answered."""
    sessions = Session.objects.filter(client__in=list(clients)).values("pk")
    episodes = Episode.objects.filter(client__in=list(clients)).values("pk")
    members = GroupMember.objects.filter(session__in=sessions).values("pk")
    return Capability.objects.filter(
        Q(kind__in=(CapabilityKind.HANDOVER, CapabilityKind.LINK), object_id__in=sessions)
        | Q(kind=CapabilityKind.AHEAD, object_id__in=episodes)
        | Q(kind=CapabilityKind.NUMBER, object_id__in=members),
        used_at=None,
        revoked_at=None,
    )


def _counts(one: Client, other: Client) -> dict[str, tuple[int, int]]:
    """How many rows hang on each of the two, by kind."""

    def of_both(rows: QuerySet, path: str) -> tuple[int, int]:
        found = Counter(rows.filter(**{f"{path}__in": [one, other]}).values_list(path, flat=True))
        return found[one.pk], found[other.pk]

    open_now = {"expires_at__gt": timezone.now()}
    return {
        "episodes": of_both(Episode.objects.all(), "client"),
        "sessions": of_both(Session.objects.all(), "client"),
        "ratings": of_both(Rating.objects.all(), "session__client"),
        "drafts": of_both(RatingDraft.objects.all(), "session__client"),
        "pending": of_both(PendingAnswer.objects.undecided(), "episode__client"),
        "notes": of_both(Note.objects.exclude(text=""), "session__client"),
        "alerts": of_both(Alert.objects.all(), "episode__client"),
        "groups": of_both(GroupMember.objects.all(), "session__client"),
        "consents": of_both(Consent.objects.all(), "client"),
        "raters": of_both(Rater.objects.all(), "client"),
        "forms": (
            open_capabilities([one]).filter(**open_now).count(),
            open_capabilities([other]).filter(**open_now).count(),
        ),
    }


def _raters_of_one_key(one: Client, other: Client) -> list[tuple[Rater, Rater]]:
    """Whoever rates both under one key. Marks name the key and never change, so these are one rater afterwards."""
    firsts = {rater.key: rater for rater in one.raters.all()}
    return [(firsts[rater.key], rater) for rater in other.raters.order_by("created_at", "key") if rater.key in firsts]


def _open_in_one_service(one: Client, other: Client) -> list[tuple[Episode, Episode]]:
    firsts = {episode.service_id: episode for episode in _open_of(one)}
    return [(firsts[second.service_id], second) for second in _open_of(other) if second.service_id in firsts]


def _open_of(client: Client) -> QuerySet[Episode]:
    return client.episodes.open().select_related("service").order_by("service__name", "pk")


def _days_of_both(one: Client, other: Client) -> list[datetime.date]:
    days = [set(Session.objects.valid().filter(client=each).values_list("held_on", flat=True)) for each in (one, other)]
    return sorted(days[0] & days[1])


def _obstacles(one: Client, other: Client) -> list[str]:
    """What has to be put right first, in sentences."""
    found = []
    if one.is_practice != other.is_practice:
        found.append(_("One of the two is a practice client, which counts nowhere."))
    if StudyParticipant.objects.enrolled().filter(client__in=[one, other]).exists():
        found.append(_("One of the two takes or took part in a study; its lots name this record."))
    meetings = GroupMember.objects.filter(session__client=one, session__voided_at=None).values("meeting")
    both = GroupMember.objects.filter(session__client=other, session__voided_at=None, meeting__in=meetings)
    for member in both.select_related("meeting"):
        facts = {"group": member.meeting.name, "day": date_format(member.meeting.held_on)}
        found.append(_("Both took part in the group meeting %(group)s on %(day)s. Take one session out first.") % facts)
    asked = one.raters.active().count() + other.raters.active().count() - _asked_twice(one, other)
    if asked > MOST:
        counts = {"asked": asked, "most": MOST}
        said = _(
            "%(asked)d people beside the client would be asked, and %(most)d are enough. Ask some no longer first."
        )
        found.append(said % counts)
    return found


def _asked_twice(one: Client, other: Client) -> int:
    return one.raters.active().filter(key__in=other.raters.active().values("key")).count()
