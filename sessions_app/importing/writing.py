"""Writes the accepted lines of a file, in batches. Used inside the organisation's tenant."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext, override

from clients.models import Client, ClientTeam, Ending, Episode
from clients.sorting import sort_key
from organisations.models import Organisation, Practitioner, Service, Team
from organisations.roles import Role
from sessions_app.importing.columns import ATTENDED, CANCELLED, NO_SHOW
from sessions_app.importing.decisions import NOWHERE, Decisions, Planned
from sessions_app.importing.ledger import Ledger
from sessions_app.importing.rows import Given, SessionRow
from sessions_app.importing.stored import StoredRows
from sessions_app.models import Attendance, EntryMode, Note, NoteKind, Rating, Session

AT_A_TIME = 1000

ATTENDANCE = {
    ATTENDED: Attendance.ATTENDED,
    NO_SHOW: Attendance.NO_SHOW,
    CANCELLED: Attendance.CANCELLED_CLIENT,  # the file does not say by whom
}


class Places:
    """Services, teams and practitioners by the names in the file; what is unknown is created once."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.services = {service.name: service for service in self._all(Service)}
        self.teams = {(team.service_id, team.name): team.pk for team in self._all(Team)}
        self.practitioners = {
            (person.email or (person.user.email if person.user else "")).lower(): person.pk
            for person in self._all(Practitioner).select_related("user")
            if person.email or person.user
        }

    def _all(self, model):
        return model.objects.filter(organisation=self.organisation)

    def service(self, name: str) -> UUID:
        """The service's id."""
        if name not in self.services:
            self.services[name] = Service.objects.create(organisation=self.organisation, name=name)
        return self.services[name].pk

    def team(self, service: UUID, name: str) -> UUID:
        """The id of a team of a service."""
        if (service, name) not in self.teams:
            team = Team.objects.create(organisation=self.organisation, service_id=service, name=name)
            self.teams[service, name] = team.pk
        return self.teams[service, name]

    def practitioner(self, email: str) -> UUID:
        """The id of whoever has the address; somebody unknown becomes a row without a log-in."""
        if email not in self.practitioners:
            self.practitioners[email] = self._nobody() if not email else self._former(email, email)
        return self.practitioners[email]

    def _former(self, email: str, name: str) -> UUID:
        return Practitioner.objects.create(
            organisation=self.organisation, email=email, name=name, role=Role.PRACTITIONER, is_active=False
        ).pk

    def _nobody(self) -> UUID:
        """Who held the sessions of lines that name no practitioner: one row without an address."""
        with override(self.organisation.language):
            name = gettext("Not known")
        same = self._all(Practitioner).filter(user=None, email="", is_active=False, name=name).first()
        return same.pk if same else self._former("", name)


def write_people(
    organisation: Organisation, ledger: Ledger, decided: Decisions, stored: StoredRows
) -> dict[int, UUID]:
    """Create new clients and complete years of birth; returns ids by the ledger's client number."""
    references = ledger.references.texts()
    wanted = {decided.episodes[number].client for number in set(decided.episode) if _lands(decided, number)}
    new = []
    for number in sorted(wanted):
        reference, year = references[number], decided.birth_years.get(number)
        if reference in stored.clients:
            if year:
                Client.objects.filter(pk=stored.clients[reference], birth_year=None).update(birth_year=year)
            continue
        client = Client(
            organisation=organisation,
            reference=reference,
            birth_year=year,
            form_language=organisation.language,
            sort_key=sort_key(f"{reference} {reference}", organisation.language),
        )
        stored.clients[reference] = client.pk
        new.append(client)
    Client.objects.bulk_create(new, batch_size=AT_A_TIME)
    return {number: stored.clients[references[number]] for number in wanted}


def _lands(decided: Decisions, number: int) -> bool:
    return number != NOWHERE and not decided.episodes[number].refused and decided.episodes[number].places > 0


def write_episodes(
    organisation: Organisation, ledger: Ledger, decided: Decisions, clients: dict[int, UUID], places: Places
) -> dict[int, UUID]:
    """Create new episodes, end those that end, and move a start that a session precedes; ids by number."""
    keys, new = {}, []
    for number, here in decided.by_episode(ledger.held):
        planned = decided.episodes[number]
        first = date.fromordinal(ledger.held[here[0]])
        if planned.stored:
            keys[number] = planned.stored.key
            _change(planned, first)
            continue
        episode = Episode(
            organisation=organisation,
            client_id=clients[planned.client],
            service_id=places.service(planned.service),
            label=planned.label,
            started_on=first,
            **_end_of(planned),
        )
        keys[number] = episode.pk
        new.append(episode)
    Episode.objects.bulk_create(new, batch_size=AT_A_TIME)
    return keys


def _end_of(planned: Planned) -> dict:
    if not planned.end:
        return {}
    return {"ended_on": date.fromordinal(planned.end), "ending": planned.ending or Ending.OTHER}


def _change(planned: Planned, first: date) -> None:
    stored = Episode.objects.filter(pk=planned.stored.key)
    stored.filter(started_on__gt=first).update(started_on=first)
    if planned.end:
        stored.update(**_end_of(planned))


class SessionWriter:
    """Collects sessions with their ratings and words, and writes them a thousand at a time."""

    def __init__(self, organisation: Organisation, places: Places, recorded_by: UUID | None) -> None:
        self.organisation = organisation
        self.places = places
        self.recorded_by = recorded_by
        self.now: datetime = timezone.now()
        self.sessions: list[Session] = []
        self.ratings: list[Rating] = []
        self.notes: list[Note] = []

    def add(self, row: SessionRow, client: UUID, episode: UUID) -> None:
        """Take a new line."""
        session = Session(
            organisation=self.organisation,
            client_id=client,
            episode_id=episode,
            practitioner_id=self.places.practitioner(row.practitioner),
            held_on=row.held_on,
            time_zone=self.organisation.time_zone,
            created_at=self.now,
            attendance=ATTENDANCE[row.attendance],
            finished_at=self.now,
            imported=True,
        )
        self.sessions.append(session)
        for instrument, given in (("ors", row.ors), ("srs", row.srs)):
            if given:
                self.ratings.append(self._rating(session, instrument, given))
        if row.words:
            self.notes.append(
                Note(
                    organisation=self.organisation,
                    session=session,
                    kind=NoteKind.AFTER_ORS,
                    text=row.words,
                    updated_at=self.now,
                    updated_by_id=self.recorded_by,
                )
            )
        if len(self.sessions) >= AT_A_TIME:
            self.flush()

    def _rating(self, session: Session, instrument: str, given: Given) -> Rating:
        return Rating(
            organisation=self.organisation,
            session=session,
            instrument=instrument,
            marks=list(given.marks) if given.marks else None,
            total=given.total,
            entry_mode=EntryMode.IMPORTED,
            created_at=self.now,
            submission_id=uuid4(),
            recorded_by_id=self.recorded_by,
        )

    def flush(self) -> None:
        """Write what was collected."""
        Session.objects.bulk_create(self.sessions)
        Rating.objects.bulk_create(self.ratings)
        Note.objects.bulk_create(self.notes)
        self.sessions, self.ratings, self.notes = [], [], []


def write_teams(organisation: Organisation, wanted: Iterable[tuple[UUID, UUID]]) -> None:
    """Put clients into teams; who is in already stays."""
    ClientTeam.objects.bulk_create(
        (
            ClientTeam(organisation=organisation, client_id=client, team_id=team)
            for client, team in sorted(wanted)
        ),
        batch_size=AT_A_TIME,
        ignore_conflicts=True,
    )
