"""Trying an identity provider out before it lets anybody in: what came, and whether it would be enough."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.login.sign_on.answers import ProviderAnswer, address_in, reasons_against, role_in
from organisations.login.sign_on.refusals import Refusal
from organisations.models import IdentityProvider, SignOnAttempt

REPORT = "sign_on_trial"  # in the session of the administrator who tried it
SHOWN = 80  # characters of a value
MOST = 60  # names of claims


def note(provider: IdentityProvider, answer: ProviderAnswer, attempt: SignOnAttempt, *, is_own: bool) -> dict[str, Any]:
    """What to show of a try; where everything was there the provider may be switched on. Kept by the session alone."""
    against = set(reasons_against(answer, provider, began_at=attempt.began_at, is_fresh=attempt.is_fresh))
    is_good = is_own and not against
    name, address = answer.one(provider.name_claim), address_in(answer, provider)
    if is_good:
        provider.tried_at = timezone.now()
        provider.save(update_fields=["tried_at"])
    return {
        "is_good": is_good,
        "rows": [
            _row(_("Lasting id"), Refusal.NO_UID not in against, _("came") if answer.uid else _("did not come")),
            _row(_("Organisation's number"), Refusal.WRONG_NUMBER not in against, _said(answer, provider.number_claim)),
            _row(_("Role"), role_in(answer, provider) is not None, _said(answer, provider.role_claim)),
            _row(_("Level of the log-in"), Refusal.LOW_LEVEL not in against, ", ".join(answer.levels)),
            _row(_("Time of the log-in"), Refusal.OLD_LOG_IN not in against, _age(answer)),
            _row(_("Name"), bool(name), _came(name), needed=False),
            _row(_("E-mail address"), bool(address), _came(address), needed=provider.admits_new),
        ],
        "claims": sorted(name[:SHOWN] for name in answer.claims)[:MOST],
    }


def _row(label: str, is_good: bool, seen: str, *, needed: bool = True) -> dict[str, Any]:
    return {"label": label, "is_good": is_good, "seen": seen[:SHOWN] or _("did not come"), "needed": needed}


def _said(answer: ProviderAnswer, claim: str) -> str:
    return ", ".join(answer.claims.get(claim, []))


def _came(value: str) -> str:
    return _("came") if value else _("did not come")


def _age(answer: ProviderAnswer) -> str:
    if answer.logged_in_at is None:
        return ""
    minutes = max(0, int((timezone.now() - answer.logged_in_at).total_seconds() // 60))
    return _("%(minutes)d min ago") % {"minutes": minutes}
