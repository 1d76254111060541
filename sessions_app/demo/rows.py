"""The demo's plan as rows, in the open tenant."""

import random
import uuid
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from clients.models import Client, ClientTeam, Episode, Rater
from organisations.models import Membership, Organisation, Practitioner, Service, Team, User
from organisations.models.pin_hash import hash_pin
from organisations.roles import Role
from sessions_app.demo.draw import MadeUpCourse, Meeting
from sessions_app.demo.plan import Case
from sessions_app.demo.who import PASSWORD, PIN, Place
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Attendance, EntryMode, Note, NoteKind, Rating, Session

CONSULTANT_STAYS = timedelta(days=40)


class Writer:
    """Writes the rows of one organisation; the many of a kind at once, at the end."""

    def __init__(self, organisation: Organisation, here: Place):
        self.organisation, self.here = organisation, here
        self.own = {"organisation": organisation}
        self.zone = ZoneInfo(organisation.time_zone)
        self.rng = random.Random(here.slug)  # noqa: S311  hours of sessions: a repeatable draw, no secret
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Practitioner] = {}
        self.sessions: list[Session] = []
        self.ratings: list[Rating] = []
        self.notes: list[Note] = []

    def staff(self, today: date) -> None:
        """Services, teams and people; a consultant's access ends some weeks after today."""
        services = {
            name: Service.objects.create(
                name=name, kind=kind, municipality_code=self.here.municipality_code, **self.own
            )
            for name, kind in self.here.services.items()
        }
        for team in self.here.teams:
            self.teams[team.name] = Team.objects.create(name=team.name, service=services[team.service], **self.own)
        for person in self.here.people:
            ends = {"access_until": today + CONSULTANT_STAYS} if person.role == Role.CONSULTANT else {}
            practitioner = Practitioner.objects.create(
                name=person.name, email=person.email, role=person.role, user=user_of(person.email), **ends, **self.own
            )
            self.people[person.name] = practitioner
            for name in person.teams:
                Membership.objects.create(practitioner=practitioner, team=self.teams[name], **self.own)

    def case(self, case: Case) -> list[Episode]:
        """A client with the episode that is shown first, and those before it; the sessions wait for `flush`."""
        team = self.teams[case.team]
        client = Client.objects.create(
            reference=case.reference,
            first_name=case.name,
            birth_year=case.birth_year,
            form_language=self.here.language,
            contact=self.people[case.contact],
            second_contact=self.people.get(case.second_contact),
            outcome_rhythm=case.rhythm,
            alliance_rhythm=case.rhythm,
            next_on=case.next_on,
            next_at=case.next_at,
            is_practice=case.is_practice,
            **self.own,
        )
        ClientTeam.objects.create(client=client, team=team, **self.own)
        for one in case.raters:
            Rater.objects.create(client=client, key=one.relation, relation=one.relation, label=one.label, **self.own)
        return [self.episode(client, team, course) for course in (case.course, *case.earlier)]

    def episode(self, client: Client, team: Team, course: MadeUpCourse) -> Episode:
        """An episode; its sessions wait for `flush`."""
        meetings = course.meetings
        episode = Episode.objects.create(
            client=client,
            service=team.service,
            started_on=meetings[0].held_on,
            ended_on=meetings[-1].held_on if course.ending else None,
            ending=course.ending,
            **self.own,
        )
        for meeting in meetings:
            self.meeting(episode, meeting)
        return episode

    def meeting(self, episode: Episode, meeting: Meeting) -> None:
        """A session, its ratings and the client's words."""
        hour, minute = self.rng.randint(9, 15), self.rng.choice([0, 30])
        started = datetime.combine(meeting.held_on, time(hour, minute), self.zone)
        attended = meeting.attendance == Attendance.ATTENDED
        session = Session(
            client=episode.client,
            episode=episode,
            practitioner=episode.client.contact,
            held_on=meeting.held_on,
            time_zone=self.organisation.time_zone,
            started_at=started,
            created_at=started,
            attendance=meeting.attendance,
            outcome_skipped=meeting.outcome_skipped,
            alliance_skipped=meeting.alliance_skipped,
            finished_at=started + timedelta(minutes=55) if attended else None,
            **self.own,
        )
        self.sessions.append(session)
        outcome, alliance = meeting.forms
        self.rating(session, FormKey(outcome), meeting.ors_marks, started + timedelta(minutes=3))
        for form, marks in meeting.others:
            self.rating(session, form, marks, started + timedelta(minutes=5))
        self.rating(session, FormKey(alliance), meeting.srs_marks, started + timedelta(minutes=50))
        for kind, text in zip((NoteKind.AFTER_ORS, NoteKind.AFTER_SRS), meeting.words, strict=True):
            if text:
                self.notes.append(
                    Note(
                        session=session,
                        kind=kind,
                        text=text,
                        updated_at=started + timedelta(minutes=5),
                        updated_by=session.practitioner,
                        **self.own,
                    )
                )

    def rating(self, session: Session, form: FormKey, marks: tuple[int, ...] | None, at: datetime) -> None:
        if marks is None:
            return
        self.ratings.append(
            Rating(
                session=session,
                instrument=form.instrument_key,
                rater=form.rater,
                marks=list(marks),
                total=sum(marks) if form.instrument.scored else None,
                entry_mode=EntryMode.DEVICE,
                language=self.here.language,
                created_at=at,
                submission_id=uuid.uuid4(),
                **self.own,
            )
        )

    def flush(self) -> None:
        """Write what waits."""
        Session.objects.bulk_create(self.sessions, batch_size=500)
        Rating.objects.bulk_create(self.ratings, batch_size=500)
        Note.objects.bulk_create(self.notes, batch_size=500)


def user_of(email: str) -> User:
    """The log-in of a made-up person, with the demo's password and PIN."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    user.password, user.pin_hash, user.pin_failures = hashed(PASSWORD), keyed(PIN), 0
    user.save()
    return user


@cache
def hashed(public: str) -> str:
    """A word that everybody may know, hashed once for all: each hash is made to take long."""
    return make_password(public)


@cache
def keyed(public: str) -> str:
    """A PIN that everybody may know, as `User.set_pin` would store it."""
    return hash_pin(public)
