"""A practice client is shown to another team; no other client can be, and none becomes a real one while it is."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from clients.services.practice_clients import show_to_team
from organisations.audit.record import recorded
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


@pytest.fixture
def practice(lea, red_team):
    with tenant(lea.organisation_id):
        about = {"reference": "Practice-1", "first_name": "", "is_practice": True, "teams": [red_team]}
        return ClientFactory(organisation=lea.organisation, **about)


def seen_by(someone, client):
    with tenant(someone.organisation_id):
        return Client.objects.visible_to(someone).filter(pk=client.pk).exists()


def test_a_lead_shows_it_to_another_team_and_ends_that(lea, cleo, blue_team, practice):
    browser, page = logged_in(lea), reverse("practice-teams", args=[practice.pk])
    assert not seen_by(cleo, practice)
    assert browser.post(page, {"team": blue_team.pk}).status_code == 302
    assert seen_by(cleo, practice)
    assert "Blue team" in browser.get(page).content.decode()
    browser.post(reverse("practice-team-end", args=[practice.pk, blue_team.pk]))
    assert not seen_by(cleo, practice)
    with tenant(lea.organisation_id):
        assert AccessEvent.objects.filter(action="client.practice_teams", client_ids=[practice.pk]).exists()


def test_ones_own_team_stays(lea, red_team, practice):
    answer = logged_in(lea).post(reverse("practice-team-end", args=[practice.pk, red_team.pk]), follow=True)
    assert "That team works with the client itself." in answer.content.decode()
    assert seen_by(lea, practice)


def test_no_other_client_and_nobody_elses(lea, ann, cleo, nils, blue_team, practice):
    assert logged_in(lea).get(reverse("practice-teams", args=[nils.pk])).status_code == 404
    assert logged_in(ann).get(reverse("practice-teams", args=[practice.pk])).status_code == 403
    with tenant(lea.organisation_id), recorded(organisation_id=lea.organisation_id, request_id="t"):
        with pytest.raises(ValidationError):
            show_to_team(client=nils, team=blue_team, by=lea)
        assert not Client.objects.visible_to(cleo).filter(pk=nils.pk).exists()


def test_without_a_team_it_is_refused_beside_the_field(lea, practice):
    answer = logged_in(lea).post(reverse("practice-teams", args=[practice.pk]), {"team": ""})
    assert answer.status_code == 422


def test_to_a_team_of_another_organisation_it_is_never_shown(lea, dora, practice):
    with tenant(dora.organisation_id):
        theirs = dora.teams.get()
    browser = logged_in(lea)
    assert browser.post(reverse("practice-teams", args=[practice.pk]), {"team": theirs.pk}).status_code == 422
    assert browser.post(reverse("practice-team-end", args=[practice.pk, theirs.pk])).status_code == 404
    assert not seen_by(dora, practice)


def test_it_becomes_no_real_client_while_another_team_sees_it(lea, red_team, blue_team, practice):
    browser, edit = logged_in(lea), reverse("client-edit", args=[practice.pk])
    browser.post(reverse("practice-teams", args=[practice.pk]), {"team": blue_team.pk})
    form = browser.get(edit).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
    sent |= {"teams": [red_team.pk], "version": form.fields["version"].initial}
    sent |= {"form_language": practice.form_language}
    sent.pop("is_practice", None)
    refused = browser.post(edit, sent)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"is_practice"}
    assert "Another team sees this practice client. End that first." in refused.content.decode()
    with tenant(lea.organisation_id):
        assert Client.objects.get(pk=practice.pk).is_practice
