"""Names and references: how they are kept, and when two spellings are one."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from organisations.models import Service, Team, normal_form, straight
from organisations.tenancy.context import tenant
from tests.factories import ServiceFactory, TeamFactory

SPELLINGS = [
    "Pia 5",
    "PIA 5",
    " pia\t 5 ",
    "Pia\u00a05",
    "Pia\u2003\u20095",
    "Pi\u00ada 5",
    "\u200bPia 5\ufeff",
    "\u202aPia 5\u202c",
    "\u2068Pia 5\u2069",
    "\u200ePia 5",
    "Pia\ufe0f 5",
    "Pia\n5",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_that_look_alike_are_one(spelling):
    assert normal_form(spelling) == "pia 5"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Åse-1", "A\u030ase-1"), ("ÆBLE", "æble"), ("STRASSE", "straße"), ("Ǆ", "ǆ"), ("ᾳ", "ΑΙ")],
)
def test_letters_are_one_whatever_their_case_and_composition(one, other):
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(("one", "other"), [("417", "00417"), ("A-1", "A1"), ("Åse", "Ase"), ("Pia5", "Pia 5")])
def test_what_can_be_told_apart_is_two(one, other):
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  Pia\u00a0 5 ", "Pia 5"),
        ("A\u030ase", "Åse"),
        ("\u202ePia\u202c", "Pia"),
        ("Pi\u200ba", "Pia"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner is part of the spelling
        ("\u200d", ""),
        ("\u3164", ""),
        ("\u00a0", ""),
    ],
)
def test_what_is_kept_keeps_its_spelling_but_not_what_shows_nothing(said, kept):
    assert straight(said) == kept


@given(st.text())
def test_both_forms_are_stable_and_agree(text):
    assert straight(straight(text)) == straight(text)
    assert normal_form(normal_form(text)) == normal_form(text)
    assert normal_form(straight(text)) == normal_form(text)
    assert len(normal_form(text)) <= 3 * len(text)


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


@pytest.mark.django_db
def test_a_service_and_a_team_are_one_however_they_are_spelled(admin, house, service):
    with tenant(house.pk):
        harbour = ServiceFactory(organisation=house, name="Harbour")
        team = TeamFactory(organisation=house, service=harbour, name="Rød")
    said = {"kind": "adults", "municipality_code": ""}
    page = admin.post(reverse("service-new"), said | {"name": "HARBOUR\u00a0"})
    assert page.status_code == 422
    assert "There is already a service with that name." in page.content.decode()
    page = admin.post(reverse("team-new"), {"name": "RØD", "service": str(harbour.pk)})
    assert page.status_code == 422
    assert "The service already has a team with that name." in page.content.decode()
    admin.post(reverse("team-new"), {"name": "RØD", "service": str(service.pk)})
    with tenant(house.pk):
        assert Service.objects.filter(name__icontains="harbour").exclude(pk=service.pk).count() == 1
        assert Team.objects.filter(service=harbour).count() == 1
        assert Team.objects.filter(service=service, name="RØD").exists()
        assert team.name == "Rød"
