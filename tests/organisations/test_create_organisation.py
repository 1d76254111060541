"""manage.py create_organisation"""

import io

import pytest
from django.core.management import CommandError, call_command

from organisations.models import Capability, Organisation, OrganisationEvent, Practitioner, PractitionerEvent, User
from organisations.roles import Role
from organisations.tenancy.context import tenant
from tests.factories import UserFactory
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def create(slug="solsikke", **options):
    """What the command prints."""
    out = io.StringIO()
    given = {"name": "Solsikke Kommune", "country": "DK", "admin": "Ada@Example.org"} | options
    arguments = [word for option, value in given.items() for word in (f"--{option.replace('_', '-')}", value)]
    call_command("create_organisation", slug, *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("country", "language", "time_zone"),
    [
        ("DK", "da", "Europe/Copenhagen"),
        ("SE", "sv", "Europe/Stockholm"),
        ("NO", "nb", "Europe/Oslo"),
        ("other", "en", "UTC"),
    ],
)
def test_the_organisation_speaks_the_countrys_language_in_its_time(country, language, time_zone):
    create(country=country)
    organisation = Organisation.objects.get(slug="solsikke")
    assert (organisation.language, organisation.time_zone) == (language, time_zone)


def test_language_and_time_zone_can_be_chosen():
    create(language="en", time_zone="America/Nuuk")
    organisation = Organisation.objects.get(slug="solsikke")
    assert (organisation.language, organisation.time_zone) == ("en", "America/Nuuk")


def test_the_last_line_is_a_link_that_lets_the_administrator_in(browser, settings):
    settings.SITE_URL = "https://medspil.example.org"
    link = create().splitlines()[-1]
    assert link.startswith("https://medspil.example.org/invitation/")
    path = link.removeprefix("https://medspil.example.org")
    browser.post(path, {"name": "Ada Berg", "language": "da", "password": "four words make one"})
    organisation = Organisation.objects.get(slug="solsikke")
    with tenant(organisation.pk):
        ada = Practitioner.objects.select_related("user").get()
    assert (ada.name, ada.role, ada.user.email) == ("Ada Berg", Role.ADMIN, "ada@example.org")
    assert browser.get("/people/").status_code == 200


def test_its_history_begins_with_the_program():
    create()
    organisation = Organisation.objects.get(slug="solsikke")
    with tenant(organisation.pk):
        events = [*OrganisationEvent.objects.all(), *PractitionerEvent.objects.all()]
    assert [event.pgh_context for event in events] == [{"role": "system", "request": "create_organisation"}] * 2


def test_an_account_that_exists_is_used(browser):
    user = UserFactory(email="ada@example.org")
    path = create().splitlines()[-1].removeprefix("http://localhost:8000")
    browser.post(path, {"name": "Ada Berg", "password": PASSWORD})
    assert User.objects.count() == 1
    with tenant(Organisation.objects.get(slug="solsikke").pk):
        assert Practitioner.objects.get().user == user


def test_a_taken_short_name_is_one_sentence_and_changes_nothing():
    create()
    with pytest.raises(
        CommandError, match=r"already an organisation with the short name “solsikke”\. Nothing was"
    ) as raised:
        create(name="Another")
    assert raised.value.returncode == 1
    assert Organisation.objects.get(slug="solsikke").name == "Solsikke Kommune"
    assert Capability.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"admin": "no address"}, "--admin"),
        ({"admin": ""}, "needs an e-mail address"),
        ({"time_zone": "Europe/Hogwarts"}, "--time-zone: “Europe/Hogwarts” is not a time zone"),
        ({"slug": "Not A Slug"}, "SLUG"),
        ({"name": " "}, "--name"),
        ({"country": "FI"}, "--country"),
        ({"language": "fi"}, "--language"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(options, words):
    with pytest.raises(CommandError) as raised:
        create(**options)
    assert words in str(raised.value)
    assert not Organisation.objects.exists()
    assert not Capability.objects.exists()
