"""What hangs on teams, services and people, with numbers."""

from django.utils.translation import ngettext_lazy

CONTACT_OF = ngettext_lazy("contact person of %(count)d client", "contact person of %(count)d clients", "count")
WORDS = {
    "clients.Episode.service": ngettext_lazy("%(count)d episode", "%(count)d episodes", "count"),
    "clients.ClientTeam.team": ngettext_lazy(
        "%(count)d client, also archived ones", "%(count)d clients, also archived ones", "count"
    ),
    "clients.Client.contact": CONTACT_OF,
    "clients.Client.second_contact": CONTACT_OF,
}
