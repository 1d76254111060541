"""Services, teams and people without anything are removed; what hangs on them is named with numbers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.history.tracking import event_model_of
from organisations.models import Capability, CapabilityKind, Outbox, Practitioner, Service, Team
from organisations.services import removal
from organisations.services.removal import what_hangs_on
from organisations.tasks import send_invitation
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import DocumentTemplate
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    PractitionerFactory,
    ServiceFactory,
    SessionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
KEYS = {Service: "service-remove", Team: "team-remove", Practitioner: "practitioner-remove"}


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


def address(row):
    return reverse(KEYS[type(row)], args=[row.pk])


def is_there(row):
    with tenant(row.organisation_id):
        return type(row).objects.filter(pk=row.pk).exists()


def test_what_is_empty_is_removed_and_its_history_stays(admin, house):
    with tenant(house.pk):
        service = ServiceFactory(organisation=house, name="Mistyped")
        team = TeamFactory(organisation=house, service=service, name="Nobody's")
        person = PractitionerFactory(organisation=house, user=None, name="Eva Invited", email="eva@example.org")
    assert "1 team" in admin.get(address(service)).content.decode()
    assert admin.post(address(service)).status_code == 422
    for row, page in ((team, "team-edit"), (service, "service-edit"), (person, "practitioner-edit")):
        assert address(row) in admin.get(reverse(page, args=[row.pk])).content.decode()
        assert "Nothing hangs on it." in admin.get(address(row)).content.decode()
        assert f"{row.name} is removed." in admin.post(address(row), follow=True).content.decode().replace(
            "&#x27;", "'"
        )
        assert not is_there(row)
        with tenant(house.pk):
            assert event_model_of(type(row)).objects.filter(pgh_obj=row.pk, pgh_label="delete").count() == 1
        assert admin.get(address(row)).status_code == 404


def test_an_invitation_opens_nothing_any_more(admin, house):
    with tenant(house.pk):
        person = PractitionerFactory(organisation=house, user=None, email="e@example.org")
        about = {"organisation_id": house.pk, "object_id": person.pk, "lifetime": timedelta(hours=1)}
        token = capabilities.mint(kind=CapabilityKind.INVITATION, **about)
    admin.post(address(person))
    assert not is_there(person)
    assert not Capability.objects.filter(object_id=person.pk).exists()
    assert Browser().get(reverse("invitation", args=[token])).status_code == 404
    row = Outbox.objects.create(task="-", organisation=house, object_id=person.pk)  # the mail was on its way
    send_invitation(outbox_id=str(row.pk), organisation_id=str(house.pk), object_id=str(person.pk))
    assert mail.outbox == []


def test_what_hangs_on_a_service_a_team_and_a_person_is_said_with_numbers(admin, house, service, red_team, ann, nils):
    with tenant(house.pk):
        former = PractitionerFactory(organisation=house, user=None, teams=[red_team])
        episode = EpisodeFactory(organisation=house, client=nils, service=service)
        SessionFactory(organisation=house, episode=episode, practitioner=former)
        Client.objects.filter(pk=nils.pk).update(second_contact=former)
        ClientFactory(organisation=house, teams=[red_team])
        assert what_hangs_on(service) == ["1 team", "1 episode"]
        assert what_hangs_on(red_team) == ["2 people", "2 clients, also archived ones"]
        assert what_hangs_on(former) == ["contact person of 1 client", "1 session, also those taken out"]
        assert what_hangs_on(ann)[0] == "a log-in: deactivate the person instead"
    for row in (service, red_team, former, ann):
        refused = admin.post(address(row))
        assert refused.status_code == 422
        assert "cannot be removed yet. There is still:" in refused.content.decode()
        assert is_there(row)


@pytest.mark.parametrize("looked_before", [True, False])
def test_what_comes_in_while_somebody_removes_is_not_lost(admin, house, service, monkeypatch, looked_before):
    with tenant(house.pk):
        empty = ServiceFactory(organisation=house)
        client = ClientFactory(organisation=house)
        EpisodeFactory(organisation=house, client=client, service=empty)
    monkeypatch.setattr(removal, "what_hangs_on", lambda row: [])
    if looked_before:  # it came in after Django had looked for rows that protect this one
        monkeypatch.setattr(Service, "delete", lambda row: Service.objects.filter(pk=row.pk)._raw_delete("default"))
    refused = admin.post(address(empty))
    assert refused.status_code == 422
    assert "Somebody put something there meanwhile." in refused.content.decode()
    assert is_there(empty)


def test_every_key_to_services_and_teams_has_words(house, service, red_team):
    with tenant(house.pk):
        labels = {label for row in (service, red_team) for label, _rows in removal._hanging(row)}
    assert labels == {
        "organisations.Team.service",
        "organisations.Membership.team",
        "organisations.Provisioning.service",
        "clients.Episode.service",
        "clients.RetentionChoice.service",
        "clients.ClientTeam.team",
        "sessions_app.DocumentTemplate.service",
        "sessions_app.TeamMeeting.team",
        "sessions_app.TeamQuestion.team",
    }
    assert labels <= set(removal._words) | set(removal._settings)


def own_fields(house, service):
    fields = [{"key": "focus", "label": "Plan of crisis", "on": True}, {"key": "development", "label": "", "on": False}]
    with tenant(house.pk):
        return DocumentTemplate.objects.create(organisation=house, service=service, fields=fields)


def test_a_services_own_fields_of_the_document_go_along_once_that_was_said(admin, house):
    with tenant(house.pk):
        service = ServiceFactory(organisation=house, name="Mistyped")
    template = own_fields(house, service)
    page = admin.get(address(service)).content.decode()
    for words in ("What is set for it alone goes too:", "Plan of crisis (Focus ahead)", "Not in use: Development."):
        assert words in page
    assert admin.post(address(service)).status_code == 302
    assert not is_there(service)
    assert not is_there(template)
    with tenant(house.pk):
        gone = event_model_of(DocumentTemplate).objects.filter(pgh_obj=template.pk, pgh_label="delete")
        assert gone.count() == 1


def test_fields_stay_where_a_service_cannot_go(admin, house, service, red_team):
    template = own_fields(house, service)
    assert admin.post(address(service)).status_code == 422
    assert is_there(template)
