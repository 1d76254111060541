"""The tab of what a client agrees to."""

from typing import Any

from clients.forms.consent import ConsentForm
from clients.views.consents import consents_shown
from reports.client_page.page import ClientPage


def read_consents(page: ClientPage) -> dict[str, Any]:
    """How everything stands, the history, and the form for one more answer."""
    form, shown = ConsentForm(by=page.by), consents_shown(page.client, page.by)
    form.show_beside(shown["newest"])
    return {"form": form, **shown}
