"""What hangs on teams, services and people, with numbers."""

from django.utils.translation import ngettext_lazy

CONTACT_OF = ngettext_lazy("contact person of %(count)d client", "contact person of %(count)d clients", "count")
TRANSFERS = ngettext_lazy("%(count)d transfer of a client", "%(count)d transfers of clients", "count")
MESSAGES = ngettext_lazy(
    "%(count)d message between contact persons", "%(count)d messages between contact persons", "count"
)
WORDS = {
    "clients.Episode.service": ngettext_lazy("%(count)d episode", "%(count)d episodes", "count"),
    "clients.ClientTeam.team": ngettext_lazy(
        "%(count)d client, also archived ones", "%(count)d clients, also archived ones", "count"
    ),
    "clients.Consent.taken_by": ngettext_lazy("%(count)d consent taken", "%(count)d consents taken", "count"),
    "clients.Consent.recorded_by": ngettext_lazy("%(count)d consent entered", "%(count)d consents entered", "count"),
    **dict.fromkeys(
        (f"clients.Transfer.{name}" for name in ("from_contact", "to_contact", "made_by", "undone_by")), TRANSFERS
    ),
    "clients.Client.contact": CONTACT_OF,
    "clients.Client.second_contact": CONTACT_OF,
    "clients.Client.next_contact": CONTACT_OF,
    "clients.Client.returns_to": ngettext_lazy(
        "%(count)d client who comes back after a leave", "%(count)d clients who come back after a leave", "count"
    ),
    **dict.fromkeys(
        ("clients.Client.planned_contact", "clients.Client.planned_for"),
        ngettext_lazy("%(count)d planned hand-over", "%(count)d planned hand-overs", "count"),
    ),
    "clients.PairMessage.written_by": MESSAGES,
    "clients.PairMessage.read_by": MESSAGES,
}
