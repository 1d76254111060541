"""What every staff page shows around its content."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from organisations.roles import Can

# What a section holds besides the pages below its own address: its entry is marked there too.
HOLDS = {
    "client-list": ("/sessions/", "/episodes/", "/raters/", "/ratings/", "/paper/"),
    "people": ("/services/", "/teams/", "/tokens/", "/access/"),
}


def _sections():
    return [
        (Can.SEE_TODAY, "today", _("Today")),
        (Can.LIST_CLIENTS, "client-list", _("Clients")),
        (Can.RECORD_SESSION, "groups", _("Groups")),
        (Can.MANAGE_PEOPLE, "people", _("People and teams")),
        (Can.IMPORT_SESSIONS, "import-sessions", _("Import")),
        (Can.SET_MEASURES, "measures", _("Measures")),
        (Can.MANAGE_PACKS, "packs", _("Wording")),
    ]


def surroundings(request):
    """navigation, practitioner, organisation, other_organisations, demo."""
    practitioner = getattr(request, "practitioner", None)
    context = {"practitioner": practitioner, "request_id": getattr(request, "request_id", "")}
    if practitioner is None:
        return context
    context["organisation"] = practitioner.organisation
    context["demo"] = practitioner.organisation.is_demo
    context["other_organisations"] = [
        other.organisation for other in getattr(request, "practices", []) if other.pk != practitioner.pk
    ]
    context["navigation"] = [
        {
            "label": label,
            "url": reverse(name),
            "current": request.path.startswith((reverse(name), *HOLDS.get(name, ()))),
        }
        for verb, name, label in _sections()
        if practitioner.can(verb)
    ]
    context["site_url"] = settings.SITE_URL
    return context
