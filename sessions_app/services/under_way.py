"""Sessions that were started and not finished: whose, and what is missing."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.database.statements import written_once
from organisations.models import Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import SKIPPED_COLUMNS, Attendance, Rating, Session
from sessions_app.models.session import SessionQuerySet
from sessions_app.services.forms_due import own_form, parts_of_session

LOOKED_BACK = datetime.timedelta(days=14)
"""An older session that nobody finished is found on the client's page, and asks for nothing."""


@dataclass(frozen=True)
class UnderWay:
    """A started session; `missing` says what comes next in a word or two; `today` whether it is today's."""

    session: Session
    missing: str
    today: bool


def open_sessions() -> SessionQuerySet:
    """Started, attended, not finished and not voided; a group's are followed on the group's own page."""
    return Session.objects.valid().filter(
        attendance=Attendance.ATTENDED,
        finished_at=None,
        started_at__isnull=False,
        imported=False,
        group_member=None,
    )


def has_one_today(today: datetime.date) -> Exists:
    """Whether a client of a query has a session under way today."""
    return Exists(open_sessions().filter(client=OuterRef("pk"), held_on=today))


def under_way(by: Practitioner, clients: Iterable[Client], today: datetime.date) -> dict[UUID, UnderWay]:
    """The latest session under way of each of these clients, by client; at most two queries."""
    keys = [client.pk for client in clients]
    seen = _seen_under_way(by, keys, today) if keys else []
    latest = {session.client_id: session for session in seen}
    answered = _answered([session.pk for session in latest.values()]) if latest else {}
    return {
        key: UnderWay(session, _missing(session, answered.get(session.pk, set())), session.held_on == today)
        for key, session in latest.items()
    }


@written_once
def _seen_under_way(by: Practitioner, clients: list[UUID], today: datetime.date):
    rows = open_sessions().filter(client__any=clients, held_on__gt=today - LOOKED_BACK, held_on__lte=today)
    return rows.visible_to(by).select_related("episode").order_by("held_on", "started_at")


def _answered(sessions: list[UUID]) -> dict[UUID, set[str]]:
    """The details of the answered forms, by session."""
    found: dict[UUID, set[str]] = {}
    rows = Rating.objects.filter(session__in=sessions, superseded_by=None)
    for session, instrument, rater in rows.values_list("session", "instrument", "rater"):
        found.setdefault(session, set()).add(FormKey(instrument, rater).key)
    return found


def _missing(session: Session, answered: set[str]) -> str:
    parts = parts_of_session(session, answered)
    for part, column in SKIPPED_COLUMNS.items():
        if part not in parts and not getattr(session, column):
            return _("%(form)s is missing") % {"form": own_form(session, part).short}
    return _("next time to be agreed")
