"""What a handed-over device says beside the form is in the form's language."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.tenancy.context import tenant
from tests.kiosk import hand_over

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def says(language: str) -> str:
    return f'<html lang="{language}"'


@pytest.fixture
def speaks(nils):
    """`speaks(language)`: Nils' forms are in that language."""

    def speaks(language):
        with tenant(nils.organisation_id):
            nils.form_language = language
            nils.save()

    return speaks


@pytest.mark.parametrize(("form", "page"), [("sv", "sv"), ("da", "da"), ("xx", "en"), ("", "en")])
def test_the_page_without_a_network_is_in_the_forms_language(browser, form, page):
    answer = browser.get(reverse("offline"), {"language": form}, headers=ENGLISH)
    assert says(page) in answer.content.decode()
    assert ("There is no network" in answer.content.decode()) == (page == "en")


def test_a_device_is_told_to_keep_that_page_in_the_clients_language(browser, ann, record, speaks):
    speaks("nb")
    browser.force_login(ann.user)
    told = browser.post(reverse("session-offline-tokens", args=[record.pk])).json()
    assert told["offline"] == "/offline/?language=nb"


@pytest.mark.parametrize(
    ("form", "chosen", "page"), [("sv", "", "sv"), ("sv", "da", "da"), ("so", "", "en"), ("en", "", "en")]
)
def test_the_lock_is_in_the_forms_language_where_staff_have_chosen_none(ann, record, speaks, form, chosen, page):
    speaks(form)
    ann.user.language = chosen
    ann.user.save()
    browser = Browser()
    browser.force_login(ann.user)
    hand_over(browser, record)
    assert says(page) in browser.get(reverse("unlock"), headers=ENGLISH).content.decode()


def test_the_pin_goes_to_the_lock_itself_whatever_the_address_bar_says(kiosk):
    assert f'action="{reverse("unlock")}"' in kiosk.get(reverse("unlock")).content.decode()
