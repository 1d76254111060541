"""What an organisation takes from a role and gives back: less than the frame, never more; the hours of an emergency."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.history.tracking import event_model_of
from organisations.models import EMERGENCY_HOURS, Organisation, Practitioner
from organisations.roles import NARROWABLE, Can, Role, may, narrowing_key

SHOWN = 20


@dataclass(frozen=True)
class RightChange:
    """One change of what a role may do."""

    at: datetime
    who: str
    role: str
    verb: Can
    is_taken: bool


@transaction.atomic
def set_right(*, role: str, verb: str, is_allowed: bool, by: Practitioner) -> None:
    """Take a right from a role, or give it back; ValidationError for what the frame does not have, and for what an
    organisation cannot take."""
    asked = next((one for one in NARROWABLE if one.value == verb), None)
    if asked is None or not may(role, asked):
        raise ValidationError(_("That cannot be changed here."))
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    narrowed, key = set(organisation.narrowed), narrowing_key(role, asked)
    wanted = narrowed - {key} if is_allowed else narrowed | {key}
    if wanted == narrowed:
        return
    organisation.narrowed = sorted(wanted)
    organisation.save(update_fields=["narrowed"])
    account_events.record_of(by, account_events.RULE_CHANGED, purpose="right given" if is_allowed else "right taken")


@transaction.atomic
def set_emergency_hours(*, emergency_hours: int, by: Practitioner) -> None:
    """For how many hours a client stays open in an emergency; what is open already keeps its end."""
    low, high = EMERGENCY_HOURS
    if not low <= emergency_hours <= high:
        said = _("Choose between %(low)d and %(high)d hours.") % {"low": low, "high": high}
        raise ValidationError({"emergency_hours": said})
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    if organisation.emergency_hours != emergency_hours:
        organisation.emergency_hours = emergency_hours
        organisation.save(update_fields=["emergency_hours"])
        account_events.record_of(by, account_events.RULE_CHANGED, purpose="emergency hours")


def changes_of_rights(by: Practitioner) -> list[RightChange]:
    """The last changes of what roles may do here, the newest first, from the organisation's history; two queries."""
    rows = event_model_of(Organisation).objects.filter(pgh_obj_id=by.organisation_id).order_by("pgh_id")
    rows = list(rows.values_list("narrowed", "pgh_created_at", "pgh_context"))
    found: list[tuple[datetime, str, str, bool]] = []
    before: set[str] = set()
    for narrowed, at, context in rows:
        now = set(narrowed or [])
        who = str((context or {}).get("practitioner", ""))
        found += [(at, who, key, key in now) for key in sorted(now ^ before)]
        before = now
    found = found[::-1][:SHOWN]
    keys = {who for _at, who, *_rest in found if who}
    people = Practitioner.objects.filter(organisation=by.organisation_id, pk__in=keys)
    names = {str(key): name for key, name in people.values_list("pk", "name")}
    known = {narrowing_key(role, verb): (role, verb) for role in Role for verb in NARROWABLE}
    return [
        RightChange(at, names.get(who, ""), str(known[key][0]), known[key][1], is_taken)
        for at, who, key, is_taken in found
        if key in known
    ]
