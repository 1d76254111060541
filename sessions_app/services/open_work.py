"""What is open when somebody leaves: counted by client before, and given to whoever takes over.

A session under way that is today's goes to the taker, who goes on with it. One of the days before was held by whoever
leaves: it stays theirs and is closed, and what is missing in it can still be filled in. Marks on their way go along.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from clients.models import Client, Episode
from organisations.audit.record import record_access
from organisations.models import Capability, CapabilityKind, Organisation, Practitioner
from organisations.services.caseload import HandOver, OpenWork, TeamWork
from organisations.services.local_day import today_in
from sessions_app.models import (
    Alert,
    FollowUpMeasure,
    PendingAnswer,
    RatingDraft,
    Session,
    SessionDecision,
    TeamMeeting,
    TeamQuestion,
    WaitsFor,
)
from sessions_app.services.under_way import LOOKED_BACK, open_sessions

WORDS = {
    "follow_ups": ngettext_lazy("%(count)d follow-up", "%(count)d follow-ups", "count"),
    "measures": ngettext_lazy("%(count)d planned measure", "%(count)d planned measures", "count"),
    "appointments": ngettext_lazy("%(count)d appointment", "%(count)d appointments", "count"),
    "sessions": ngettext_lazy("%(count)d session under way", "%(count)d sessions under way", "count"),
    "alerts": ngettext_lazy("%(count)d open alert", "%(count)d open alerts", "count"),
    "answers": ngettext_lazy("%(count)d answer to decide on", "%(count)d answers to decide on", "count"),
    "links": ngettext_lazy("%(count)d form that was sent", "%(count)d forms that were sent", "count"),
    "drafts": ngettext_lazy("%(count)d form half filled in", "%(count)d forms half filled in", "count"),
    "questions": ngettext_lazy("%(count)d question to the team", "%(count)d questions to the team", "count"),
}
"""A kind, and how it is said with its number."""


def count_open_work(person: Practitioner, clients: Iterable[UUID]) -> Mapping[str, Mapping[UUID, int]]:
    """By kind and client; of clients beyond these only what names the person. Eleven queries."""
    keys = set(clients)
    paths = ("client", "session__client", "episode__client")
    of_client, of_session, of_episode = ({f"{path}__in": keys} for path in paths)
    return {
        "follow_ups": _by_client(_follow_ups(person), "session__client"),
        "measures": _by_client(_measures(person), "episode__client"),
        "appointments": _by_client(
            Client.objects.filter(pk__in=keys, next_on__gte=today_in(person.organisation)), "pk"
        ),
        "sessions": _by_client(open_sessions().filter(Q(**of_client) | Q(pk__in=_sessions(person))), "client"),
        "alerts": _by_client(Alert.objects.open().filter(**of_episode), "episode__client"),
        "answers": _by_client(PendingAnswer.objects.undecided().filter(**of_episode), "episode__client"),
        "links": _links(keys),
        "drafts": _by_client(
            RatingDraft.objects.of_counting_sessions().filter(Q(**of_session) | Q(recorded_by=person)),
            "session__client",
        ),
        "questions": _by_client(_questions(person).filter(**of_episode), "episode__client"),
    }


def meetings_of(person: Practitioner) -> list[TeamWork]:
    """The meetings still to come that the person planned, with who of the team can see to them; two queries."""
    meetings = list(_meetings(person).select_related("team").order_by("held_on", "team__name"))
    colleagues = _members([meeting.team_id for meeting in meetings], person)
    return [
        TeamWork(
            f"meeting-{meeting.pk}",
            _("Meeting of %(team)s on %(day)s")
            % {"team": meeting.team.name, "day": date_format(meeting.held_on, "SHORT_DATE_FORMAT")},
            colleagues[meeting.team_id],
        )
        for meeting in meetings
    ]


def hand_over_open_work(*, from_: Practitioner, to: HandOver, by: Practitioner) -> None:
    """Give all that names somebody to whoever was chosen, else to the client's contact person; close past sessions.

    ValidationError for what nobody takes, unless it is handed over `later`, and for a taker who may not see it. What
    the person asked their teams stays; an answer that waited for them waits for nobody.
    """
    named = _give(_follow_ups(from_).select_related("session__client__contact__user"), "responsible", to)
    named |= _give(_measures(from_).select_related("episode__client__contact__user"), "planned_by", to)
    named |= _give(_drafts(from_).select_related("session__client__contact__user"), "recorded_by", to)
    sessions, today = _sessions(from_).select_related("client__contact__user"), today_in(from_.organisation)
    named |= _give(sessions.filter(held_on=today), "practitioner", to)
    named |= _close(sessions.filter(held_on__lt=today), from_, to)
    if named:
        record_access("client.hand_over", named)
    _give_meetings(_meetings(from_), from_, to)
    if not to.later:
        _questions(from_).filter(waits_for=WaitsFor.ASKER).update(waits_for=WaitsFor.NOBODY)


def plan_open_work(*, from_: Practitioner, to: HandOver, by: Practitioner) -> None:
    """Of somebody who leaves on a day to come: the meetings from that day on go to whoever was chosen at once."""
    _give_meetings(_meetings(from_).filter(held_on__gte=to.on), from_, to)


def count_left(organisation: Organisation, gone: Iterable[UUID]) -> Mapping[UUID, int]:
    """How much of it names these people; five queries."""
    keys, found = set(gone), Counter[UUID]()
    for rows, column in (
        (SessionDecision.objects.to_follow_up(), "responsible"),
        (FollowUpMeasure.objects.waiting(), "planned_by"),
        (TeamMeeting.objects.open().filter(held_on__gte=today_in(organisation)), "planned_by"),
        (open_sessions().filter(held_on__gt=today_in(organisation) - LOOKED_BACK), "practitioner"),
        (RatingDraft.objects.of_counting_sessions(), "recorded_by"),
    ):
        of_them = rows.filter(**{f"{column}__in": keys}).order_by()
        found.update(dict(of_them.values_list(column).annotate(Count("pk"))))
    return found


OPEN_WORK = OpenWork(WORDS, count_open_work, meetings_of, hand_over_open_work, count_left, plan_open_work)


def _follow_ups(person: Practitioner):
    return SessionDecision.objects.to_follow_up().filter(responsible=person, session__client__merged_into=None)


def _measures(person: Practitioner):
    return FollowUpMeasure.objects.waiting().filter(planned_by=person)


def _sessions(person: Practitioner):
    """Those under way that the person holds, as long as they are asked for on Today."""
    since = today_in(person.organisation) - LOOKED_BACK
    return open_sessions().filter(practitioner=person, held_on__gt=since, client__merged_into=None)


def _drafts(person: Practitioner):
    return RatingDraft.objects.of_counting_sessions().filter(recorded_by=person, session__client__merged_into=None)


def _meetings(person: Practitioner):
    return TeamMeeting.objects.open().filter(planned_by=person, held_on__gte=today_in(person.organisation))


def _questions(person: Practitioner):
    return TeamQuestion.objects.standing().filter(asked_by=person).exclude(waits_for=WaitsFor.NOBODY)


def _by_client(rows: QuerySet[Any], path: str) -> Mapping[UUID, int]:
    return dict(rows.order_by().values_list(path).annotate(Count("pk", distinct=True)))


def _links(clients: Iterable[UUID]) -> Mapping[UUID, int]:
    """Forms that clients have on their own devices and can still answer, by client; three queries."""
    whose = dict(Session.objects.filter(client__in=list(clients)).values_list("pk", "client"))
    whose |= dict(Episode.objects.open().filter(client__in=list(clients)).values_list("pk", "client"))
    kinds = (CapabilityKind.LINK, CapabilityKind.AHEAD)
    given = Capability.objects.filter(kind__in=kinds, object_id__in=whose, used_at=None, revoked_at=None)
    return Counter(
        whose[key] for key in given.filter(expires_at__gt=timezone.now()).values_list("object_id", flat=True)
    )


def _members(teams: Iterable[UUID], but: Practitioner) -> Mapping[UUID, list[Practitioner]]:
    """Who of the teams logs in and sees clients, by team and name; one query."""
    found: dict[UUID, list[Practitioner]] = defaultdict(list)
    people = Practitioner.objects.filter(organisation=but.organisation_id).contacts().exclude(pk=but.pk)
    for one in people.filter(memberships__team__in=list(teams)).order_by("name").prefetch_related("memberships"):
        for membership in one.memberships.all():
            if one not in found[membership.team_id]:
                found[membership.team_id].append(one)
    return found


def _give(rows: QuerySet[Any], column: str, to: HandOver) -> set[UUID]:
    """Put another name into the column of each row; whose clients the rows are."""
    by_taker: dict[Practitioner, list[Any]] = defaultdict(list)
    left = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        taker = _taker_of(_client_of(row), getattr(row, column), to)
        if taker is not None:
            by_taker[taker].append(row)
        else:
            left.append(_client_of(row).reference)
    if left and not to.later:
        raise ValidationError({"successor": _left(left)})
    for taker, given in by_taker.items():
        _refuse_unseen(taker, [_client_of(row) for row in given])
        rows.model.objects.filter(pk__in=[row.pk for row in given]).update(**{column: taker})
    return {_client_of(row).pk for given in by_taker.values() for row in given}


def _close(sessions: QuerySet[Session], from_: Practitioner, to: HandOver) -> set[UUID]:
    """Past sessions that nobody will finish any more; whose they are. What is handed over later stays open."""
    found = sessions.select_for_update(of=("self",)).order_by("pk")
    closed = [one for one in found if not to.later or _taker_of(one.client, from_, to) is not None]
    Session.objects.filter(pk__in=[one.pk for one in closed]).update(finished_at=timezone.now())
    return {one.client_id for one in closed}


def _taker_of(client: Client, leaving: Practitioner, to: HandOver) -> Practitioner | None:
    """Who was chosen for a client, else their contact person; None where nobody sees to it."""
    contact = client.contact if client.contact is not None and client.contact.can_be_contact else None
    return to.takers.get(client.pk) or (contact if contact != leaving else None)


def _client_of(row: SessionDecision | FollowUpMeasure | RatingDraft | Session) -> Client:
    if isinstance(row, Session):
        return row.client
    return row.episode.client if isinstance(row, FollowUpMeasure) else row.session.client


def _left(references: Iterable[str]) -> str:
    said = _("Choose who takes over what is open about these clients too: %(references)s.")
    return said % {"references": ", ".join(sorted(set(references)))}


def _refuse_unseen(taker: Practitioner, clients: Iterable[Client]) -> None:
    seen = set(Client.objects.visible_to(taker).values_list("pk", flat=True))
    unseen = {client.reference for client in clients if client.pk not in seen}
    if unseen:
        said = _("%(name)s is not in a team of these clients and could not see them: %(references)s.")
        raise ValidationError({"successor": said % {"name": taker.name, "references": ", ".join(sorted(unseen))}})


def _give_meetings(rows: QuerySet[TeamMeeting], from_: Practitioner, to: HandOver) -> None:
    meetings = list(rows.select_for_update(of=("self",)).select_related("team").order_by("pk"))
    colleagues = _members([meeting.team_id for meeting in meetings], from_)
    for meeting in meetings:
        key, names = f"meeting-{meeting.pk}", {"team": meeting.team.name}
        taker, could = to.teams.get(key), colleagues[meeting.team_id]
        if taker is None and not to.later and could:
            raise ValidationError({key: _("Choose who sees to the meetings of %(team)s.") % names})
        if taker is not None and taker not in could:
            raise ValidationError({key: _("%(name)s is not in %(team)s.") % (names | {"name": taker.name})})
        if taker is not None:
            TeamMeeting.objects.filter(pk=meeting.pk).update(planned_by=taker)
            TeamMeeting.objects.filter(pk=meeting.pk, presenter=from_).update(presenter=taker)
