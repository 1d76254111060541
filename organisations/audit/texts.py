"""What the access log says, in words that a client can read."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.audit import purposes
from organisations.audit.record import DENIED
from organisations.audit.visits import Visit
from organisations.models import AccessEvent, Country, Organisation, Practitioner

# Countries where the client is told the names of those who looked; elsewhere role and team.
NAMES_ARE_TOLD = frozenset({Country.SWEDEN, Country.NORWAY})

REFUSED = _("Was refused")
LOGGED_IN = _("Logged in")
WRONG_PASSWORD = _("Tried to log in with a wrong password")
WRONG_CODE = _("Tried a wrong code as second factor")
FACTOR = _("Changed the second factor")
PASSWORD = _("Changed the password")
OUT = _("Logged out everywhere")
ENDED = _("Access ended by itself")
RULE = _("Changed how everybody logs in")
RESET = _("Took a colleague's second factor away")
COPY = _("Had everything of the organisation made into an encrypted file, or fetched it")
TOKEN = _("Made or revoked a token of the API")
CONFIRMED = _("Confirmed another system's token")
TOKEN_REFUSED = _("Refused another system's token")

TOLD = 3  # kinds of looks in the line of a visit
WITH_REASON: set[str] = set()  # actions of which a reason is typed; of all others what was looked for
TYPED_REASON = _("with a written reason")
REFUSALS = {
    "403": _("without the right to it"),
    "404": _("there is no such page, or not for them"),
    "429": _("too many tries"),
}
# Of this app; each other app adds its own when it starts.
ACTIONS: dict[str, Promise | str] = {
    "account.login": LOGGED_IN,
    "account.login_failed": WRONG_PASSWORD,
    "account.factor_failed": WRONG_CODE,
    "account.factor_added": FACTOR,
    "account.factor_removed": FACTOR,
    "account.codes_renewed": FACTOR,
    "account.password_changed": PASSWORD,
    "account.ended_everywhere": OUT,
    "account.access_ended": ENDED,
    "organisation_copy.ask": COPY,
    "organisation_copy.fetch": COPY,
    "account.access_reopened": _("Got access again"),
    "account.provisioned": _("Came here by SCIM"),
    "account.provisioning_changed": _("Changed what the IT department may do by SCIM"),
    "account.rule_changed": RULE,
    "account.factors_reset": RESET,
    "account.provider_changed": _("Changed the organisation's own log-in"),
    "account.sign_on_tied": _("Tied an account to the organisation's own log-in"),
    "account.sign_on_untied": _("Untied an account from the organisation's own log-in"),
    "account.sign_on_admitted": _("Got an account by the organisation's own log-in"),
    "account.sign_on_refused": _("Was refused at the organisation's own log-in"),
    "token.confirm": CONFIRMED,
    "token.refuse": TOKEN_REFUSED,
    "service_register.import": _("Imported a file of the register of services"),
    "service_register.own": _("Made a file of the own services for the register"),
    "service_register.take_out": _("Took a file out of the register of services"),
}
# By the word before the point, where an action has no words of its own.
KINDS: dict[str, Promise | str] = {"token": TOKEN}


def register_actions(actions: Mapping[str, Promise | str], kinds: Mapping[str, Promise | str] | None = None) -> None:
    """Put an app's actions into words, and its kinds of actions; ValueError for one that has words already."""
    kinds = kinds or {}
    if taken := sorted([*actions.keys() & ACTIONS.keys(), *kinds.keys() & KINDS.keys()]):
        raise ValueError(f"In words already: {', '.join(taken)}")
    ACTIONS.update(actions)
    KINDS.update(kinds)


def register_reasons(*actions: str) -> None:
    """Actions of an app of which the log keeps a reason that somebody typed."""
    WITH_REASON.update(actions)


def describe(action: str) -> str:
    """An action's sentence; an action that nobody put into words is shown by its key."""
    if action.startswith(DENIED):
        return str(REFUSED)
    return str(ACTIONS.get(action) or KINDS.get(action.partition(".")[0]) or action)


def role_name(role: str) -> str:
    """A role of the log or of the history, for a reader."""
    roles = dict(Practitioner._meta.get_field("role").choices or [])
    others = {"capability": _("The client's own form"), "system": _("The program")}
    return str(roles.get(role) or others.get(role) or role)


def row_of(event: AccessEvent, organisation: Organisation) -> dict[str, Any]:
    """A line of a page: when (in the organisation's time), who, in which role, what for."""
    return {
        "at": event.at.astimezone(ZoneInfo(organisation.time_zone)),
        "person": event.practitioner,
        "role": role_name(event.role),
        "what": describe(event.action),
        "reason": reason_of(event),
    }


def reason_of(event: AccessEvent) -> str:
    """The purpose of an event in words. A reason that somebody typed may name anybody: only that there is one."""
    if event.action.startswith(DENIED):
        return str(REFUSALS.get(event.purpose, ""))
    typed = str(TYPED_REASON) if event.typed and event.action in WITH_REASON else ""
    return ", ".join(filter(None, [purposes.in_words(event.purpose), typed]))


def visit_row(visit: Visit, organisation: Organisation) -> dict[str, Any]:
    """A line of a page for a whole visit: from when to when, who, in which role, what for, and its events."""
    rows = [row_of(event, organisation) for event in visit.events]
    whole = list(dict.fromkeys(row["what"] for row in reversed(rows)))
    return rows[0] | {
        "from": rows[-1]["at"],
        "to": rows[0]["at"],
        "what": whole[:TOLD],
        "more_kinds": len(whole) - len(whole[:TOLD]),
        "rows": rows[::-1],
        "count": len(rows) + visit.more,
        "more": visit.more,
    }
