"""Clients whose records are old, the rules of their services, and the list of whose time is over."""

import datetime

from django.urls import reverse

from clients.models import Client, ErasureNotice, RetentionChoice
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app.models import EntryMode
from sessions_app.periodic import follow_erasure_notices
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory

NOW = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
LAST = datetime.date(2021, 6, 1)


def old_client(team, reference="O-1", *, last=LAST, ended=True):
    """A client whose last entry is of `last`, which came in by a file of past sessions."""
    here = {"organisation": team.organisation}
    with tenant(team.organisation_id):
        client = ClientFactory(**here, reference=reference, first_name="Karla", teams=[team])
        Client.objects.filter(pk=client.pk).update(created_at=datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC))
        end = {"ended_on": last, "ending": "planned"} if ended else {}
        episode = EpisodeFactory(**here, client=client, service=team.service, started_on=last, **end)
        session = SessionFactory(**here, episode=episode, held_on=last, imported=True)
        RatingFactory(**here, session=session, entry_mode=EntryMode.IMPORTED)
    return client


def rule_for(team, by, rule="dk-health-5", **more):
    with tenant(team.organisation_id):
        return RetentionChoice.objects.create(
            organisation=team.organisation, service=team.service, rule=rule, chosen_by=by, **more
        )


def noticed(client, *, days_ago=40):
    """The notice of a client, which has stood for so many days."""
    follow_erasure_notices(NOW)
    with tenant(client.organisation_id):
        notice = ErasureNotice.objects.standing().get(client=client)
        ErasureNotice.objects.filter(pk=notice.pk).update(noticed_at=NOW - datetime.timedelta(days_ago))
    return notice


def logged(client, action):
    with tenant(client.organisation_id):
        return AccessEvent.objects.filter(action=action, client_ids__contains=[client.pk]).count()


def there(client):
    with tenant(client.organisation_id):
        return Client.objects.filter(pk=client.pk).exists()


def confirm(browser, notice, by, **sent):
    browser.force_login(by.user)
    return browser.post(reverse("erasure-confirm", args=[notice.pk]), sent, follow=True)
