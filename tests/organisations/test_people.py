"""An administrator's page: services, teams, people, invitations, hand-over."""

import pytest
from django.urls import reverse

from clients.models import Client
from organisations.models import AccessEvent, Membership, Outbox, Practitioner, Service, Team
from organisations.roles import GRANTS, Role
from organisations.services.invitations import SEND_INVITATION
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory, SessionFactory
from tests.people import person
from tests.saving import save


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    browser.force_login(ada.user)
    return browser


def again(row):
    """The row as it is stored now."""
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def url(name, row=None):
    return reverse(name, args=[row.pk] if row else [])


def text(page):
    return page.content.decode()


def form_of(practitioner, **changes):
    return {
        "name": practitioner.name,
        "email": practitioner.email,
        "role": practitioner.role,
        "teams": [],
    } | changes


def test_the_page_names_services_teams_people_and_their_access(admin, ada, ann, lea, cleo, dora):
    with tenant(ada.organisation_id):
        Practitioner.objects.filter(pk=cleo.pk).update(is_active=False)
        Practitioner.objects.filter(pk=lea.pk).update(user=None)

    page = text(admin.get(url("people")))

    for words in ("The house at the harbour", "Red team", "Blue team", "Ann Holm", "Team lead"):
        assert words in page
    for access in ("Active", "Invited", "Deactivated"):
        assert page.count(f"{access}</span>") >= 1
    assert "Dora" not in page
    assert "Fjord" not in page


@pytest.mark.parametrize("others", [1, 6])
def test_the_page_costs_the_same_for_any_number_of_people(admin, red_team, others, django_assert_max_num_queries):
    for number in range(others):
        person(red_team, f"Person{number} Of Many")
    with django_assert_max_num_queries(23) as queries:
        admin.get(url("people"))
    assert len([query for query in queries if "organisations_team" in query["sql"]]) == 2


def test_a_service_and_a_team_are_added_and_changed(admin, house):
    saved = admin.post(
        url("service-new"), {"name": "Harbour", "kind": "children", "municipality_code": "0101"}, follow=True
    )
    assert "Harbour" in text(saved)
    with tenant(house.pk):
        service = Service.objects.get(name="Harbour")
    save(admin, url("service-edit", service), {"name": "Port", "kind": "adults", "municipality_code": ""})
    assert (again(service).name, again(service).kind) == ("Port", "adults")

    admin.post(url("team-new"), {"name": "Green team", "service": service.pk})
    with tenant(house.pk):
        team = Team.objects.get(name="Green team")
    save(admin, url("team-edit", team), {"name": "Yellow team", "service": service.pk})
    assert again(team).name == "Yellow team"


def test_a_name_stands_once_and_the_page_says_so(admin, service, red_team):
    page = admin.post(url("service-new"), {"name": service.name, "kind": "adults"})
    assert page.status_code == 422
    assert "There is already a service with that name." in text(page)
    page = admin.post(url("team-new"), {"name": red_team.name, "service": service.pk})
    assert page.status_code == 422
    assert "The service already has a team with that name." in text(page)


def test_a_municipality_code_is_digits(admin):
    page = admin.post(url("service-new"), {"name": "X", "kind": "adults", "municipality_code": "1a"})
    assert page.status_code == 422
    assert "three or four digits" in text(page)


def test_a_team_cannot_be_put_into_a_service_of_another_organisation(admin, dora):
    with tenant(dora.organisation_id):
        theirs = Service.objects.get()
    page = admin.post(url("team-new"), {"name": "Spies", "service": theirs.pk})
    assert page.status_code == 422
    assert theirs.name not in text(page)


def test_a_person_is_added_and_an_invitation_asked_for(admin, house, red_team):
    page = admin.post(
        url("practitioner-new"),
        {"name": "Eva Friis", "email": "Eva@Example.org", "role": "practitioner", "teams": [red_team.pk]},
        follow=True,
    )
    assert "An invitation is on its way to eva@example.org" in text(page)
    with tenant(house.pk):
        eva = Practitioner.objects.get(email="eva@example.org")
        assert [team.pk for team in eva.teams.all()] == [red_team.pk]
    assert eva.user is None
    assert Outbox.objects.filter(task=SEND_INVITATION, object_id=eva.pk).count() == 1


def test_an_address_works_here_once(admin, ann):
    page = admin.post(url("practitioner-new"), form_of(ann, email=ann.email.upper()))
    assert page.status_code == 422
    assert "Somebody with that address already works here." in text(page)
    assert not Outbox.objects.exists()


def test_a_person_is_invited_again_only_until_they_have_accepted(admin, ann):
    page = admin.post(url("practitioner-invite", ann), follow=True)
    assert "needs no invitation" in text(page)
    assert not Outbox.objects.exists()
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=ann.pk).update(user=None)
    admin.post(url("practitioner-invite", ann))
    assert Outbox.objects.filter(task=SEND_INVITATION, object_id=ann.pk).exists()


def test_changing_an_address_leaves_the_log_in_alone(admin, ann, blue_team):
    login = ann.user.email
    save(
        admin,
        url("practitioner-edit", ann),
        form_of(ann, name="Ann Holm-Lund", email="else@example.org", role="team_lead", teams=[blue_team.pk]),
    )
    stored = again(ann)
    assert (stored.name, stored.email, stored.role) == ("Ann Holm-Lund", "else@example.org", "team_lead")
    ann.user.refresh_from_db()
    assert ann.user.email == login
    with tenant(ann.organisation_id):
        assert [team.pk for team in stored.teams.all()] == [blue_team.pk]


def test_the_last_administrator_can_neither_leave_nor_step_down(admin, ada):
    page = admin.post(url("practitioner-deactivate", ada))
    assert page.status_code == 422
    assert "is the last administrator" in text(page)
    page = save(admin, url("practitioner-edit", ada), form_of(ada, role="practitioner"))
    assert page.status_code == 422
    assert "is the last administrator" in text(page)
    assert (again(ada).is_active, again(ada).role) == (True, Role.ADMIN)


def test_an_invited_administrator_does_not_count_until_they_have_accepted(admin, ada, red_team):
    second = person(red_team, "Second Admin", Role.ADMIN, teams=[])
    with tenant(ada.organisation_id):
        Practitioner.objects.filter(pk=second.pk).update(user=None)
    assert admin.post(url("practitioner-deactivate", ada)).status_code == 422
    with tenant(ada.organisation_id):
        Practitioner.objects.filter(pk=second.pk).update(user=second.user)
    assert admin.post(url("practitioner-deactivate", ada)).status_code == 302
    assert not again(ada).is_active


def test_deactivation_hands_the_caseload_over_and_leaves_the_history(admin, ann, ben, lea, nils, episode):
    with tenant(ann.organisation_id):
        second = ClientFactory(
            organisation=ann.organisation, contact=lea, second_contact=ann, teams=list(nils.teams.all())
        )
        both = ClientFactory(
            organisation=ann.organisation, contact=ann, second_contact=ben, teams=list(nils.teams.all())
        )
        record = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)

    page = text(admin.get(url("practitioner-deactivate", ann)))
    assert "3 clients are handed over." in page
    assert "N-014" in page
    assert "Nils" not in page

    page = admin.post(url("practitioner-deactivate", ann), {"successor": ben.pk}, follow=True)

    assert "Ann Holm has no access any more." in text(page)
    assert again(nils).contact_id == ben.pk
    assert (again(second).contact_id, again(second).second_contact_id) == (lea.pk, ben.pk)
    assert (again(both).contact_id, again(both).second_contact_id) == (ben.pk, None)
    assert again(record).practitioner_id == ann.pk
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="client.hand_over")
    assert set(event.client_ids) == {nils.pk, second.pk, both.pk}


def test_a_caseload_needs_somebody_who_can_see_the_clients(admin, ann, ada, cleo, nils):
    for successor in ("", ada.pk, ann.pk):
        assert admin.post(url("practitioner-deactivate", ann), {"successor": successor}).status_code == 422
    page = admin.post(url("practitioner-deactivate", ann), {"successor": cleo.pk})
    assert page.status_code == 422
    assert "Cleo Dahl is not in a team of these clients and could not see them: N-014." in text(page)
    assert again(ann).is_active
    assert again(nils).contact_id == ann.pk


def test_somebody_without_clients_leaves_without_a_successor(admin, ben):
    assert "0 clients are handed over." in text(admin.get(url("practitioner-deactivate", ben)))
    assert admin.post(url("practitioner-deactivate", ben)).status_code == 302
    assert not again(ben).is_active


def test_somebody_with_clients_cannot_become_administrator(admin, ann, nils):
    page = save(admin, url("practitioner-edit", ann), form_of(ann, role="admin"))
    assert page.status_code == 422
    assert "Choose other contact persons first." in text(page)
    assert again(ann).role == Role.PRACTITIONER


def test_a_contact_person_stays_in_a_team_of_their_clients(admin, ann, nils, blue_team):
    page = save(admin, url("practitioner-edit", ann), form_of(ann, teams=[blue_team.pk]))
    assert page.status_code == 422
    assert "Ann Holm is the contact person of N-014 and could not see them any more." in text(page)
    with tenant(ann.organisation_id):
        assert Membership.objects.filter(practitioner=ann).exclude(team=blue_team).exists()


def test_access_ends_with_the_next_request_and_can_be_given_back(admin, ben):
    from django.test import Client as Browser

    his = Browser()
    his.force_login(ben.user)
    assert his.get(url("account")).status_code == 200

    admin.post(url("practitioner-deactivate", ben))

    page = his.get(url("account"), follow=True)
    assert page.redirect_chain[-1][0] == url("organisation-choose")
    assert "You belong to no organisation in Medspil at the moment" in text(page)

    admin.post(url("practitioner-reactivate", ben))
    # The log-in of before ended: who comes back logs in anew.
    assert his.get(url("account")).url.startswith(reverse("account_login"))
    his.force_login(ben.user)
    assert his.get(url("account")).status_code == 200


def test_hand_over_takes_the_archived_along(admin, ann, ben, nils):
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(archived_at=nils.created_at)
    admin.post(url("practitioner-deactivate", ann), {"successor": ben.pk})
    assert again(nils).contact_id == ben.pk


def test_every_role_has_its_permissions_and_its_name():
    assert set(GRANTS) == set(Role), "GRANTS in organisations/roles.py"
    named = {value for value, _name in Practitioner._meta.get_field("role").choices}
    assert named == set(Role), "`choices` of Practitioner.role"
