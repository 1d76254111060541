"""What an organisation holds about the clients of a file. Used inside its tenant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext, override

from clients.models import Client, Episode
from organisations.models import Organisation, normal_form
from sessions_app.imports.choices import FORMER
from sessions_app.imports.columns import CANCELLED
from sessions_app.imports.instrument_cells import Given
from sessions_app.imports.line_memory import values_of
from sessions_app.imports.planning import StoredEpisode, batched
from sessions_app.models import Attendance, ImportStep, Note, NoteKind, Rating, Session, SessionImport

AT_A_TIME = 1000


def name_of_nobody(language: str) -> str:
    """What the one is called who held the sessions of lines that name no practitioner."""
    with override(language):
        return gettext("Not known")


@cache
def _names_of_nobody() -> frozenset[str]:
    return frozenset(name_of_nobody(language) for language, _ in settings.LANGUAGES)


def person_key(email: str, name: str) -> str:
    """How a file names a practitioner: by the address, else by FORMER and the name; "" for nobody known."""
    if email:
        return email.lower()
    return "" if name in _names_of_nobody() else f"{FORMER}{normal_form(name)}"


ATTENDANCE_OF = {Attendance.CANCELLED_CLIENT: CANCELLED, Attendance.CANCELLED_SERVICE: CANCELLED}


@dataclass(frozen=True)
class Undone:
    """Clients and episodes that only imports made which were undone."""

    clients: set[UUID]
    episodes: set[UUID]


def _undone(organisation: Organisation) -> Undone:
    created = SessionImport.objects.filter(organisation=organisation, step=ImportStep.UNDONE)
    made = list(created.values_list("created", flat=True))
    return Undone(*({UUID(key) for one in made for key in one.get(kind, [])} for kind in ("clients", "episodes")))


class StoredRows:
    """Answers from the database; `clients` gathers the ids of those found, by the reference's normal form."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation_id = organisation.pk
        self.clients: dict[str, UUID] = {}
        self.without_year: set[str] = set()
        self.completed: list[UUID] = []  # clients whose year of birth came with the file
        self.archived_by_undoing: set[UUID] = set()
        self.undone = _undone(organisation)

    def birth_years(self, references: Sequence[str]) -> Mapping[str, int | None]:
        """The year of birth of each of the clients that are known."""
        spelled = {normal_form(reference): reference for reference in references}
        years = {}
        for some in batched(spelled, AT_A_TIME):
            found = Client.objects.filter(organisation=self.organisation_id, reference_key__in=some)
            columns = ("pk", "reference_key", "birth_year", "archived_at", "merged_into")
            for pk, key, year, archived_at, merged_into in found.order_by("-twin").values_list(*columns):
                self.clients[key] = merged_into or pk  # merged since the file's references were read
                if archived_at and pk in self.undone.clients:
                    self.archived_by_undoing.add(pk)
                years[spelled[key]] = year
                if year is None:
                    self.without_year.add(key)
        return years

    def episodes(self, references: Sequence[str]) -> Iterator[StoredEpisode]:
        """The episodes of the clients found before, locked until the end of the import."""
        known = [key for reference in references if (key := self.clients.get(normal_form(reference)))]
        for some in batched(sorted(known), AT_A_TIME):
            list(
                Episode.objects.filter(client__in=some).order_by("pk").select_for_update().values_list("pk", flat=True)
            )
            last = Max("sessions__held_on", filter=Q(sessions__voided_at=None))
            found = Episode.objects.filter(client__in=some).annotate(last_on=last).order_by("created_at", "pk")
            for row in found.values_list(
                "pk", "client__reference", "service__name", "label", "ended_on", "ending", "last_on"
            ):
                found_one = StoredEpisode(*row)
                is_undone = found_one.key in self.undone.episodes and found_one.last_on is None
                yield replace(found_one, ended_on=None, ending="", undone=True) if is_undone else found_one

    def values(self, episodes: Sequence[Any]) -> Mapping[tuple[Any, date], set[int]]:
        """The `values_of` the sessions of each of these episodes and days."""
        sessions = Session.objects.valid().filter(episode__in=episodes)
        notes = Note.objects.filter(session__in=sessions, kind=NoteKind.AFTER_ORS)
        words = {note.session_id: note.text for note in notes}
        given: dict[UUID, dict[str, Given]] = {}
        ratings = Rating.objects.current().filter(session__in=sessions, rater="client")
        for session, instrument, total, marks in ratings.values_list("session", "instrument", "total", "marks"):
            given.setdefault(session, {})[instrument] = Given(total, tuple(marks) if marks else None)
        found: dict[tuple[Any, date], set[int]] = {}
        people = ("practitioner__email", "practitioner__user__email", "practitioner__name")
        for key, episode, held_on, attendance, email, user_email, name in sessions.values_list(
            "pk", "episode", "held_on", "attendance", *people
        ):
            ratings_here = given.get(key, {})
            values = values_of(
                ATTENDANCE_OF.get(attendance, attendance),
                ratings_here.get("ors"),
                ratings_here.get("srs"),
                words.get(key, ""),
                person_key(email or user_email or "", name),
            )
            found.setdefault((episode, held_on), set()).add(values)
        return found
