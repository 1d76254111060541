"""What the law lets a service do with a client's data without asking, by country. Data: no other place decides it.

Each ground names its purpose, what it reaches (Content), the law that it stands on and whether the client's no ends
it. Our reading of the laws and no advice: an organisation's data protection officer checks it. What no ground reaches
needs the client's yes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.models.consent import ConsentPurpose
from organisations.models.countries import Country


class Content(StrEnum):
    """What of a client is shared."""

    MARKS = "marks"  # marks, curves, dates, decisions: what the service writes of its own work
    WORDS = "words"  # what the client said, in the client's own words


@dataclass(frozen=True)
class LawfulGround:
    """Why something may be shared for a purpose without the client's yes.

    `said` is one sentence for staff; `law` names the statutes; `yields`: a no of the client ends it.
    """

    purpose: ConsentPurpose
    reaches: frozenset[Content]
    said: str | Promise
    law: str
    yields: bool = False


MARKS = frozenset({Content.MARKS})
OWN_CASEWORK = _("Marks and curves are the service's own casework: colleagues of the client's teams see them.")
FOLLOW_UP = _("The authority that granted the support follows it up: marks and curves may stand in a status note.")
OWN_QUALITY = _("The service follows the quality of its own work: the marks count there, unless the client says no.")
GDPR_CARE = "GDPR art. 6(1)(e), 9(2)(h)"
GDPR_OBJECTION = "GDPR art. 6(1)(e), 9(2)(h), 21"


def _grounds(*, casework: str, follow_up: str, quality: str) -> tuple[LawfulGround, ...]:
    return (
        LawfulGround(ConsentPurpose.TEAM, MARKS, OWN_CASEWORK, casework),
        LawfulGround(ConsentPurpose.CASE_WORKER, MARKS, FOLLOW_UP, follow_up),
        LawfulGround(ConsentPurpose.STATISTICS, MARKS, OWN_QUALITY, quality, yields=True),
    )


LAWFUL: Mapping[str, tuple[LawfulGround, ...]] = {
    Country.DENMARK: _grounds(
        casework=f"{GDPR_CARE}; forvaltningsloven",
        follow_up=f"{GDPR_CARE}; serviceloven § 148; barnets lov",
        quality=f"{GDPR_OBJECTION}; serviceloven § 148 a",
    ),
    Country.SWEDEN: _grounds(
        casework=f"{GDPR_CARE}; socialtjänstlagen (2025:400); lagen (2001:454) § 6",
        follow_up=f"{GDPR_CARE}; socialtjänstlagen (2025:400); lagen (2001:454) § 6",
        quality=f"{GDPR_OBJECTION}; socialtjänstlagen (2025:400)",
    ),
    Country.NORWAY: _grounds(
        casework=f"{GDPR_CARE}; helsepersonelloven § 25; forvaltningsloven § 13 b",
        follow_up=f"{GDPR_CARE}; forvaltningsloven § 13 b",
        quality=f"{GDPR_OBJECTION}; helsepersonelloven § 26; helse- og omsorgstjenesteloven § 4-2",
    ),
    Country.OTHER: (LawfulGround(ConsentPurpose.TEAM, MARKS, OWN_CASEWORK, ""),),
}


def ground_for(country: str, purpose: str, content: Content) -> LawfulGround | None:
    """The ground that reaches this content for a purpose in a country; None: only with the client's yes."""
    found = LAWFUL.get(country, LAWFUL[Country.OTHER])
    return next((ground for ground in found if ground.purpose == purpose and content in ground.reaches), None)
