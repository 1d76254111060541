"""The tabs of a client's page. A new one is an entry here, a function that reads for it, and its template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner
from organisations.roles import Can
from reports.client_page.consent_tab import read_consents
from reports.client_page.course_tab import read_course
from reports.client_page.document_tab import read_document
from reports.client_page.goals_tab import read_goals
from reports.client_page.page import ClientPage


@dataclass(frozen=True)
class Tab:
    """One tab: `key` in the address, `label` on its link, who may see it, and the template with what it shows.

    The template's context is the page's own (client, teams, episode) and what `read` gives. That somebody has seen
    the client's page is on record before `read` is called.
    """

    key: str
    label: str | Promise
    verb: Can
    template: str
    read: Callable[[ClientPage], dict[str, Any]]


# The first is shown where none is named. The links appear as soon as somebody may see two.
TABS = [
    Tab("course", _("Course"), Can.VIEW_CLIENT, "reports/_client_course.html", read_course),
    Tab("document", _("Document"), Can.VIEW_CLIENT, "reports/_client_document.html", read_document),
    Tab("goals", _("Goals"), Can.VIEW_CLIENT, "reports/_client_goals.html", read_goals),
    Tab("consent", _("Consent"), Can.EDIT_CLIENT, "clients/_consents.html", read_consents),
]


def tabs_for(by: Practitioner) -> list[Tab]:
    """The tabs that `by` may see, in their order."""
    return [tab for tab in TABS if by.can(tab.verb)]


def chosen_tab(by: Practitioner, key: str) -> Tab:
    """The tab of that key, where `by` may see it; else their first one."""
    seen = tabs_for(by)
    return next((tab for tab in seen if tab.key == key), seen[0])
