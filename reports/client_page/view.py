"""One client's page: the head and, below it, one of the tabs of tabs.py."""

from uuid import UUID

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from clients.models import Client
from clients.services.client_blocks import standing_block
from clients.services.labels import with_labels
from clients.services.pair_messages import pair_line, with_unread
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.client_page.chart_axis import by_date
from reports.client_page.page import ClientPage, chosen_episode, episodes_of
from reports.client_page.tabs import chosen_tab, tabs_for
from sessions_app.services.opened_cases import open_to
from sessions_app.services.under_way import under_way


@requires(Can.VIEW_CLIENT)
def client_detail(request, client_id):
    """The tab named by `tab`, else the first; the newest open episode, or the one named by `episode`."""
    by = request.practitioner
    client = _client_of(by, client_id)
    record_access("client.view", [client.pk])
    episodes = episodes_of(by, client)
    episode = chosen_episode(episodes, request.GET.get("episode"))
    tab = chosen_tab(by, request.GET.get("tab", ""))
    asked = request.GET
    how = {"with_state": asked.get("state") == "on", "by_date": by_date(request), "asked": asked}
    page = ClientPage(client, episodes, episode, by, asked.get("trajectory", ""), **how)
    context = {"client": client, "episode": episode, "tab": tab, **_head_of(client, by)}
    context["tabs"] = [(each, _address(page, each)) for each in tabs_for(by)]
    return TemplateResponse(request, "reports/client_detail.html", context | tab.read(page))


def _head_of(client, by):
    """What stands above the tabs of a client, whichever is shown."""
    today = today_in(by.organisation)
    return {
        "blocked": standing_block(client),
        "teams": _teams_of(client),
        "pair": pair_line(client, by, today),
        "open_now": under_way(by, [client], today).get(client.pk),
        "opened": open_to(client, by),
    }


def _client_of(by, client_id):
    """With what the head of the page says of the contact persons and labels; Http404 without such a client."""
    found = _seen_client(by, client_id)
    if not found:
        raise Http404
    return found[0]


@written_once
def _seen_client(by: Practitioner, client_id: UUID):
    found = Client.objects.visible_to(by).select_related("contact", "second_contact", "next_contact")
    return with_labels(with_unread(found, by)).filter(pk=client_id)


@written_once
def _teams_of(client: Client):
    return client.teams.order_by("name")


def _address(page, tab):
    """Where a tab stands; it shows the episode that is shown now."""
    query = {"tab": tab.key} | ({"episode": page.episode.pk} if page.episode else {})
    return reverse("client-detail", args=[page.client.pk], query=query)
