"""Lists follow the alphabet of the organisation's language."""

import json
from pathlib import Path

import pytest

from clients.models import Client
from clients.models.sorting import sort_key
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory


@pytest.mark.parametrize(
    ("language", "alphabetical"),
    [
        ("da", ["Adam", "Zoe", "Æble", "Øjvind", "Åse"]),
        ("nb", ["Adam", "Zoe", "Æble", "Øyvind", "Åse"]),
        ("sv", ["Adam", "Zoe", "Åsa", "Älva", "Örjan"]),
        ("en", ["A-9", "A-10", "A-100", "B-1"]),
        ("da", ["Emil", "Émile", "Emilie"]),
        ("da", ["zz", "Ægir", "Ängla", "Ødis", "Östen"]),
    ],
)
def test_the_order_is_the_languages_own(language, alphabetical):
    mixed = alphabetical[1:] + alphabetical[:1]
    assert sorted(mixed, key=lambda text: sort_key(text, language)) == alphabetical


# As Intl.Collator sorts them (sensitivity "base"), by the ICU and CLDR that the file names; equal names stand together.
COLLATED = json.loads((Path(__file__).parents[1] / "data/collation.json").read_text(encoding="utf-8"))["languages"]


@pytest.mark.parametrize("language", COLLATED)
def test_names_sort_as_the_unicode_collation_of_the_language_does(language):
    expected = COLLATED[language]
    names = sorted(name for group in expected for name in group)
    keys = sorted({sort_key(name, language) for name in names})
    assert [[name for name in names if sort_key(name, language) == key] for key in keys] == expected


def test_composed_and_decomposed_letters_sort_alike():
    assert sort_key("Å", "da") == sort_key("A\u030a", "da")


@pytest.mark.parametrize(("language", "order"), [("da", "Adam Aage"), ("nb", "Adam Aage"), ("sv", "Aage Adam")])
def test_clients_are_listed_in_the_order_of_the_organisations_language(house, language, order):
    house.language = language
    house.save()
    with tenant(house.pk):
        for name in ("Aage", "Adam"):
            ClientFactory(organisation=house, first_name=name)
        assert " ".join(Client.objects.alphabetical().values_list("first_name", flat=True)) == order
