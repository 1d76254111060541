"""A group meets: every participant gets a session, the tablet goes round, somebody stays away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.audit.record import record_access
from organisations.models import Capability, Practitioner
from organisations.services.local_day import today_in
from organisations.tokens.capabilities import close_handover, opened_by
from sessions_app.measures.instruments.cutoffs import CHILD, YOUNG_CHILD
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.models import Attendance, ContactForm, GroupMeeting, GroupMember, Rating, Session
from sessions_app.services.forms_due import band_of
from sessions_app.services.handover import KIOSK, open_form, parked_user
from sessions_app.services.sessions import edit_session, start_session

ROUND = "round"
FEWEST, MOST = 2, 30
# The outcome form is the client's own; how the meeting was is asked by the group's form.
FORMS = {CHILD: {OUTCOME: "cors", ALLIANCE: "cgsrs"}, YOUNG_CHILD: {}}
GROWN = {OUTCOME: "ors", ALLIANCE: "gsrs"}


@dataclass(frozen=True)
class MemberPart:
    """A participant at a meeting: the session, the two forms (None under 6) and what is answered of them."""

    member: GroupMember
    session: Session
    forms: dict[str, FormKey]
    ratings: dict[str, Rating]

    @property
    def client(self) -> Client:
        return self.session.client

    @property
    def presence(self) -> str:
        """An Attendance; "" for a session that was voided."""
        return "" if self.session.voided_at else self.session.attendance

    def rating(self, part: str) -> Rating | None:
        """The answer to the outcome ("ors") or alliance ("srs") form, None while there is none."""
        return self.ratings.get(part)

    def waits_for(self, part: str) -> bool:
        """Whether the tablet must still come by with that form; not once the client's episode has ended."""
        came = self.presence in (Attendance.ATTENDED, Attendance.EXPECTED)
        may_come = came and self.session.episode.ended_on is None
        return may_come and part in self.forms and part not in self.ratings


@transaction.atomic
def start_meeting(*, name: str, clients: Sequence[Client], contact_form: str, by: Practitioner) -> GroupMeeting:
    """Today's meeting: each client's session is started (one that is open already is gone on with).

    Nobody counts as present before somebody says so, or they answer.

    ValidationError for fewer than two, or where a client's session cannot start, naming who.
    """
    if not FEWEST <= len(clients) <= MOST:
        raise ValidationError({"clients": _("Choose two clients or more, at most %(most)s.") % {"most": MOST}})
    meeting = GroupMeeting(
        organisation_id=by.organisation_id, name=name.strip(), held_on=today_in(by.organisation), practitioner=by
    )
    meeting.full_clean(exclude=["organisation", "practitioner"])
    meeting.save(force_insert=True)
    # In one order, so that two groups with the same clients do not wait for each other.
    sessions = {
        client.pk: _session(client, contact_form, by) for client in sorted(clients, key=lambda client: client.pk)
    }
    for place, client in enumerate(clients):
        _join(meeting, sessions[client.pk], place)
    record_access("group.start", sessions)
    return meeting


@transaction.atomic
def add_member(*, meeting: GroupMeeting, client: Client, by: Practitioner) -> GroupMember:
    """Somebody who came later, or was forgotten."""
    meeting = GroupMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.held_on != today_in(by.organisation):
        raise ValidationError(_("Only today's meeting can have more participants."))
    last = meeting.members.aggregate(last=Max("place"))["last"]
    member = _join(meeting, _session(client, "", by, Attendance.ATTENDED), 0 if last is None else last + 1)
    record_access("group.join", [client.pk])
    return member


@transaction.atomic
def set_attendance(*, member: GroupMember, attendance: str, by: Practitioner) -> None:
    """Store whether a participant came, or is expected. ValidationError where there are answers: they were there."""
    session = member.session
    edit_session(session=session, by=by, attendance=attendance)
    record_access("group.attendance", [session.client_id])


@transaction.atomic
def all_are_here(*, meeting: GroupMeeting, by: Practitioner) -> int:
    """Everybody who is still expected has come; how many that were."""
    rows = GroupMember.objects.visible_to(by).filter(meeting=meeting, session__attendance=Attendance.EXPECTED)
    members = list(rows.select_related("session").order_by("session__episode"))
    for member in members:
        set_attendance(member=member, attendance=Attendance.ATTENDED, by=by)
    return len(members)


def parts_of(members: Iterable[GroupMember]) -> list[MemberPart]:
    """The participants in turn with their forms and answers; two queries."""
    members = list(members)
    sessions = {
        session.pk: session
        for session in Session.objects.filter(pk__in=[one.session_id for one in members]).select_related(
            "client", "episode"
        )
    }
    answers: dict[UUID, dict[str, Rating]] = {key: {} for key in sessions}
    for rating in Rating.objects.filter(session__in=sessions, rater="client", superseded_by=None):
        part = FormKey(rating.instrument).part
        if part:
            answers[rating.session_id][part] = rating
    return [
        MemberPart(one, sessions[one.session_id], forms_at(sessions[one.session_id]), answers[one.session_id])
        for one in sorted(members, key=lambda one: one.place)
    ]


def forms_at(session: Session) -> dict[str, FormKey]:
    """The outcome and the alliance form of a participant, of the series that the session belongs to; none under 6."""
    return {part: FormKey(key) for part, key in FORMS.get(band_of(session), GROWN).items()}


def open_for_next(meeting: GroupMeeting, part: str, *, by: Practitioner, handover: UUID, after: int = -1) -> str | None:
    """A token for the form of the next participant the tablet has not been with, in turn; None when all had it.

    `after` is the place of whoever had it last. Who was passed over is met again in the next round; what was open in
    the hand-over is closed: the next participant finds nobody's form behind their own.
    """
    close_handover(handover)
    for one in parts_of(GroupMember.objects.filter(meeting=meeting, place__gt=after)):
        if not one.waits_for(part):
            continue
        try:
            return open_form(session=one.session, form=one.forms[part], by=by, handover=handover)
        except ValidationError:
            continue  # answered, or taken out, at this moment
    return None


def begin_round(request, *, meeting: GroupMeeting, part: str, token: str) -> None:
    """Remember in the parked session that the tablet goes round, with what, and whose form it opens by `token`."""
    has_it = GroupMember.objects.get(meeting=meeting, session=opened_by(token).object_id)
    _remember(request, meeting, part, has_it.place)


def pass_on(request, *, member: GroupMember, part: str, handover: UUID) -> str | None:
    """A token for the form of whoever has the tablet after `member`; None when it has been round.

    It never goes back: the button on a page of before opens the form of whoever has it now, anew.
    """
    meeting, here = member.meeting, request.session[KIOSK][ROUND].get("place", 0)
    after = max(member.place, here - 1)
    token = open_for_next(meeting, part, by=meeting.practitioner, handover=handover, after=after)
    if token is None:
        _remember(request, meeting, part, after + 1)
    else:
        begin_round(request, meeting=meeting, part=part, token=token)
    return token


def _remember(request, meeting: GroupMeeting, part: str, place: int) -> None:
    request.session[KIOSK][ROUND] = {"meeting": str(meeting.pk), "part": part, "place": place}
    request.session.modified = True


def round_of(request, capability: Capability) -> tuple[GroupMember, str] | None:
    """The participant whose form a token opens and the round's part, on the device that goes round; else None."""
    going = request.session.get(KIOSK, {}).get(ROUND)
    if not going or parked_user(request) is None:
        return None
    member = (
        GroupMember.objects.filter(meeting=going["meeting"], session=capability.object_id)
        .select_related("meeting__practitioner", "session__client")
        .first()
    )
    return (member, going["part"]) if member else None


def _session(client: Client, contact_form: str, by: Practitioner, attendance: str = Attendance.EXPECTED) -> Session:
    try:
        where = contact_form or ContactForm.IN_PERSON
        session = start_session(client=client, by=by, contact_form=where, attendance=attendance)
    except ValidationError as error:
        raise ValidationError([f"{client}: {words}" for words in error.messages]) from error
    if GroupMember.objects.filter(session=session).exists():
        raise ValidationError(_("%(client)s takes part in a group today already.") % {"client": client})
    return session


def _join(meeting: GroupMeeting, session: Session, place: int) -> GroupMember:
    return GroupMember.objects.create(
        organisation_id=meeting.organisation_id, meeting=meeting, session=session, place=place
    )
