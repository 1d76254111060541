"""The page on which an administrator lets the IT department make log-ins."""

import pytest
from django.urls import reverse

from organisations.models import AccessEvent, ProvisionedUser, Provisioning
from organisations.tenancy.context import tenant
from tests.factories import ServiceFactory
from tests.people import PASSWORD
from tests.scim.conftest import switch_on

PAGE = "/people/log-in/provisioning/"


@pytest.fixture
def admin(browser, ada):
    """Ada, who has just confirmed that it is her."""
    browser.force_login(ada.user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def stored(of):
    with tenant(of.organisation_id):
        return Provisioning.objects.filter(organisation=of.organisation).first()


def test_it_is_off_until_it_is_switched_on_and_that_is_on_record(admin, ada, service):
    assert stored(ada) is None
    asked = {"is_on": "on", "roles": ["practitioner"], "service": service.pk, "sign_on_by": "", "version": ""}
    page = admin.get(PAGE)
    assert "/scim/v2" in page.content.decode()
    asked["version"] = page.context["form"]["version"].value()
    assert admin.post(PAGE, asked).status_code == 302
    kept = stored(ada)
    assert (kept.is_on, kept.roles, kept.service_id) == (True, ["practitioner"], service.pk)
    with tenant(ada.organisation_id):
        event = AccessEvent.objects.filter(action="account.provisioning_changed").get()
        assert (event.practitioner_id, event.purpose) == (ada.pk, "provisioning on")


@pytest.mark.parametrize("wrong", [{"roles": []}, {"roles": ["consultant"]}, {"sign_on_by": "email"}])
def test_bad_settings_are_refused_beside_their_field(admin, ada, wrong):
    asked = {"is_on": "on", "roles": ["practitioner"], "sign_on_by": "", **wrong}
    asked["version"] = admin.get(PAGE).context["form"]["version"].value()
    page = admin.post(PAGE, asked)
    assert page.status_code == 422
    assert next(iter(wrong)) in page.context["form"].errors
    assert stored(ada) is None


def test_two_who_save_at_once_see_each_other(admin, ada):
    shown = admin.get(PAGE).context["form"]["version"].value()
    asked = {"is_on": "on", "sign_on_by": "", "version": shown}
    assert admin.post(PAGE, asked | {"roles": ["practitioner", "team_lead"]}).status_code == 302
    assert admin.post(PAGE, asked | {"roles": ["admin"]}).status_code == 409
    assert stored(ada).roles == ["practitioner", "team_lead"]


def test_another_organisations_service_is_none(admin, ada, elsewhere):
    with tenant(elsewhere.pk):
        theirs = ServiceFactory(organisation=elsewhere)
    page = admin.post(PAGE, {"is_on": "on", "roles": ["practitioner"], "service": theirs.pk, "sign_on_by": ""})
    assert (page.status_code, "service" in page.context["form"].errors) == (422, True)
    assert stored(ada) is None


def test_what_has_no_use_is_deleted_once_it_is_no_longer_kept(it, admin, ada):
    switch_on(ada, keeps_other=True)
    made = it.made(title="Boss", displayName="Kim")
    form = admin.get(PAGE).context["form"]
    asked = {"is_on": "on", "roles": ["practitioner"], "service": "", "sign_on_by": ""}
    assert admin.post(PAGE, asked | {"version": form["version"].value()}).status_code == 302
    with tenant(ada.organisation_id):
        record = ProvisionedUser.objects.get(practitioner=made["id"])
        assert "Boss" not in str((record.attributes, record.compared)).title()
    assert it.get(f"Users/{made['id']}").json()["displayName"] == "Kim"


def test_the_page_shows_what_went_wrong_in_words(it, admin):
    it.made()
    it.add()
    page = admin.get(PAGE).content.decode()
    assert "Somebody here has that user name already." in page
    assert "POST Users" in page


@pytest.mark.parametrize("who", ["ann", "lea"])
def test_nobody_else_sees_it(browser, who, request):
    browser.force_login(request.getfixturevalue(who).user)
    assert browser.get(PAGE).status_code == 403
