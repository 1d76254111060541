"""A contact person is somebody who logs in and may see the client: never an administrator, never a program."""

import datetime

import pytest
from django.urls import reverse

from clients.models import Client
from organisations.models import AccessEvent, Practitioner
from organisations.tenancy.context import tenant
from tests.api.asking import system_of
from tests.clients.test_pages import fields
from tests.factories import ClientFactory
from tests.people import person
from tests.saving import form_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


@pytest.fixture
def program(red_team):
    """Another system, as a token's form makes one."""
    with tenant(red_team.organisation_id):
        made = Practitioner.objects.create(organisation=red_team.organisation, name="Record system")
        made.memberships.create(organisation=red_team.organisation, team=red_team)
    return made


@pytest.fixture(params=["administrator", "program", "other team", "gone"])
def nobody(request, ada, program, cleo, red_team):
    """Somebody who cannot be Nils' contact person."""
    gone = person(red_team, "Gone Person")
    with tenant(gone.organisation_id):
        Practitioner.objects.filter(pk=gone.pk).update(is_active=False)
    return {"administrator": ada, "program": program, "other team": cleo, "gone": gone}[request.param]


def again(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("name", ["contact", "second_contact"])
def test_the_page_takes_nobody_else(staff, nils, nobody, name):
    url = reverse("client-edit", args=[nils.pk])
    answer = staff.post(url, form_on(staff, url) | {name: str(nobody.pk)})
    assert answer.status_code == 422
    assert getattr(again(nils), f"{name}_id") != nobody.pk


def test_the_page_offers_neither_administrators_nor_programs(staff, nils, ada, program, ben):
    page = staff.get(reverse("client-edit", args=[nils.pk])).content.decode()
    assert str(ben.pk) in page
    assert [str(one.pk) in page for one in (ada, program)] == [False, False]


@pytest.mark.parametrize("name", ["contact", "second_contact"])
def test_the_api_takes_nobody_else_and_says_so(ann, red_team, nils, nobody, name):
    system = system_of(ann)
    changed = system.patch(f"clients/{nils.pk}/", {name: str(nobody.pk)})
    assert changed.status_code == 422
    assert name in changed.json()["errors"]
    body = {"reference": "S-210", "form_language": "da", "teams": [str(red_team.pk)], name: str(nobody.pk)}
    assert system.post("clients/", body).status_code == 422
    assert getattr(again(nils), f"{name}_id") != nobody.pk


def test_whoever_makes_a_client_is_the_contact_person(staff, ann, ben, red_team):
    assert f'value="{ann.pk}" selected' in staff.get(reverse("client-new")).content.decode()
    body = {"form_language": "da", "teams": [str(red_team.pk)]}
    asked = [{"reference": "S-1"}, {"reference": "S-2", "contact": str(ben.pk)}, {"reference": "S-3", "contact": None}]
    for more in [*asked, {"reference": "S-4", "second_contact": str(ann.pk)}]:
        assert system_of(ann).post("clients/", body | more).status_code == 201
    assert staff.post(reverse("client-new"), fields(red_team, reference="S-5", contact="")).status_code == 302
    with tenant(ann.organisation_id):
        found = dict(Client.objects.values_list("reference", "contact"))
    assert found == {"S-1": ann.pk, "S-2": ben.pk, "S-3": None, "S-4": None, "S-5": None}


def test_a_client_made_by_a_program_has_none(red_team, program):
    body = {"reference": "S-1", "form_language": "da", "teams": [str(red_team.pk)]}
    assert system_of(program).post("clients/", body).status_code == 201
    with tenant(red_team.organisation_id):
        assert Client.objects.get().contact is None


def test_one_that_stands_from_before_can_stay_and_other_fields_are_saved(staff, nils, program):
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(contact=program)
    url = reverse("client-edit", args=[nils.pk])
    assert staff.post(url, form_on(staff, url) | {"first_name": "Niels"}).status_code == 302
    assert (again(nils).first_name, again(nils).contact_id) == ("Niels", program.pk)


@pytest.fixture
def caseload(ann, nils, red_team, blue_team):
    """Nils of the red team, Bo of the red team, Kaj of both; all of Ann."""
    with tenant(ann.organisation_id):
        more = {"organisation": ann.organisation, "contact": ann}
        bo = ClientFactory(reference="B-1", teams=[red_team], **more)
        kaj = ClientFactory(reference="K-1", teams=[red_team, blue_team], **more)
    return nils, bo, kaj


def leave(admin, ann, **given):
    return admin.post(reverse("practitioner-deactivate", args=[ann.pk]), given)


def test_a_caseload_is_divided_with_a_day_and_a_word(admin, ann, ben, lea, cleo, caseload):
    nils, bo, kaj = caseload
    page = admin.get(reverse("practitioner-deactivate", args=[ann.pk])).content.decode()
    assert f'name="taker-{kaj.pk}"' in page
    given = {"successor": ben.pk, f"taker-{bo.pk}": lea.pk, f"taker-{kaj.pk}": cleo.pk}
    assert leave(admin, ann, **given, on="2026-11-30", message="Ring first").status_code == 302
    assert [again(one).contact_id for one in caseload] == [ben.pk, lea.pk, cleo.pk]
    assert {(again(one).contact_since, again(one).contact_note) for one in caseload} == {
        (datetime.date(2026, 11, 30), "Ring first")
    }
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="client.hand_over")
        assert set(event.client_ids) == {one.pk for one in caseload}
    admin.force_login(ben.user)
    page = admin.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Handed over on" in page
    assert "Ring first" in page


def test_nobody_takes_over_who_may_not(admin, ann, ada, ben, cleo, program, caseload):
    nils, bo, _kaj = caseload
    page = admin.get(reverse("practitioner-deactivate", args=[ann.pk])).content.decode()
    assert [f'value="{one.pk}"' in page for one in (ada, program)] == [False, False]
    for taker in (ada, program, ann, cleo):
        assert leave(admin, ann, successor=taker.pk).status_code == 422
        assert leave(admin, ann, **{"successor": ben.pk, f"taker-{bo.pk}": taker.pk}).status_code == 422
    assert again(ann).is_active
    assert [again(one).contact_id for one in caseload] == [ann.pk] * 3


def test_a_client_that_was_left_out_is_named(admin, ann, ben, caseload):
    nils, bo, kaj = caseload
    page = leave(admin, ann, **{f"taker-{bo.pk}": ben.pk, f"taker-{kaj.pk}": ben.pk})
    assert page.status_code == 422
    assert "Choose who takes over these clients too: N-014." in page.content.decode()
    assert again(ann).is_active


def test_an_archived_client_whom_nobody_else_sees_keeps_nobody_from_leaving(admin, ann, nils):
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(archived_at=nils.created_at)
    assert leave(admin, ann).status_code == 302
    assert again(nils).contact_id is None


def test_the_words_of_a_hand_over_end_with_another_choice(admin, ann, ben, lea, nils):
    assert leave(admin, ann, successor=ben.pk, message="Ring first").status_code == 302
    admin.force_login(ben.user)
    url = reverse("client-edit", args=[nils.pk])
    assert admin.post(url, form_on(admin, url) | {"contact": str(lea.pk)}).status_code == 302
    assert (again(nils).contact_since, again(nils).contact_note) == (None, "")
