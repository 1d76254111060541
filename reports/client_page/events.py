"""Which events a course has beside its measurements: who did not come, what was cancelled, a new contact person.

Another kind (a goal, a decision) is one more entry of `event_names`, its mark in `reports/charts/events.py`, and what
`events_of` says of a session.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from clients.models import Client
from reports.charts.events import CANCELLED, NEW_CONTACT, NO_SHOW, Event
from sessions_app.measures.series import Measured
from sessions_app.models import Attendance, Session

KINDS = {
    Attendance.NO_SHOW: NO_SHOW,
    Attendance.CANCELLED_CLIENT: CANCELLED,
    Attendance.CANCELLED_SERVICE: CANCELLED,
}


def event_names() -> dict[str, str]:
    """What the legend calls each kind."""
    return {NO_SHOW: _("Did not come"), CANCELLED: _("Cancelled"), NEW_CONTACT: _("New contact person")}


def events_of(session: Session, *, new_contact: bool) -> tuple[Event, ...]:
    """What happened at a session; `new_contact`: it is the first one since another contact person took over."""
    found = []
    if kind := KINDS.get(Attendance(session.attendance)):
        found.append(Event(kind, session.get_attendance_display()))
    if new_contact:
        found.append(Event(NEW_CONTACT, _("New contact person")))
    return tuple(found)


def first_with_new_contact(client: Client, ordered: Sequence[Measured]) -> str:
    """The key of the first session on or after the day of the hand-over; "" if none, or if it began like that."""
    since = client.contact_since
    later = [measured.key for measured in ordered if since and measured.held_on >= since]
    return later[0] if later and later[0] != ordered[0].key else ""
