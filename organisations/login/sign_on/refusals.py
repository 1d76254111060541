"""Why an answer of an identity provider lets nobody in: one sentence each, for whoever stands there and for the log."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(StrEnum):
    """The reason of a refusal, as it stands in the row of the try."""

    LATE = "late"
    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    NOT_FOR_US = "not_for_us"
    OUT_OF_DATE = "out_of_date"
    USED = "used"
    NO_UID = "no_uid"
    WRONG_NUMBER = "wrong_number"
    NO_ROLE = "no_role"
    LOW_LEVEL = "low_level"
    OLD_LOG_IN = "old_log_in"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    NO_ADDRESS = "no_address"
    ADDRESS_TAKEN = "address_taken"
    UID_TAKEN = "uid_taken"
    ROLE_CHANGED = "role_changed"
    ELSEWHERE = "elsewhere"
    OFF = "off"


SENTENCES: dict[Refusal, Promise] = {
    Refusal.LATE: _("It took too long, or was begun in another window. Try again."),
    Refusal.CANCELLED: _("You did not finish logging in there. Try again."),
    Refusal.UNREACHABLE: _("Your organisation's log-in does not answer just now. Try again in a little while."),
    Refusal.UNTRUSTED: _("The answer of your organisation's log-in could not be trusted."),
    Refusal.NOT_FOR_US: _("The answer of your organisation's log-in was meant for another place."),
    Refusal.OUT_OF_DATE: _("The answer of your organisation's log-in was no longer valid. Try again."),
    Refusal.USED: _("This answer has been used before. Try again."),
    Refusal.NO_UID: _("Your organisation's log-in does not say lastingly who you are."),
    Refusal.WRONG_NUMBER: _("That log-in belongs to another organisation."),
    Refusal.NO_ROLE: _("Your organisation's log-in gives you no role in Medspil."),
    Refusal.LOW_LEVEL: _("You logged in there in a way that is not secure enough for Medspil."),
    Refusal.OLD_LOG_IN: _("You logged in there too long ago. Try again, and log in anew."),
    Refusal.UNKNOWN: _("Nobody here is tied to your log-in yet. Ask an administrator for an invitation."),
    Refusal.CLOSED: _("Your access here has ended. If you are still to work here, ask an administrator."),
    Refusal.NO_ADDRESS: _("Your organisation's log-in gives no e-mail address of the organisation's own for you."),
    Refusal.ADDRESS_TAKEN: _(
        "Somebody with your e-mail address is here already. If that is you, use the link of your invitation, or log in "
        "as before and tie your account on its page."
    ),
    Refusal.UID_TAKEN: _("That log-in is tied to somebody else here."),
    Refusal.ROLE_CHANGED: _(
        "You have another role now, and clients or duties here that do not go with it. An administrator hands them "
        "over first."
    ),
    Refusal.ELSEWHERE: _(
        "Your account works in another organisation too, so this one cannot open it. Ask for an invitation to another "
        "address."
    ),
    Refusal.OFF: _("Logging in with your organisation is not switched on here."),
}


class SignOnRefused(Exception):
    """Nobody is let in; `reason` says why."""

    def __init__(self, reason: Refusal):
        super().__init__(reason.value)
        self.reason = reason


def sentence_of(outcome: str) -> str:
    """The sentence of a stored outcome; "" for none."""
    said = {reason.value: sentence for reason, sentence in SENTENCES.items()}
    return str(said.get(outcome, ""))
