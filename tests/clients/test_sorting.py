"""Lists follow the alphabet of the organisation's language."""

import pytest

from clients.sorting import sort_key


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


def test_composed_and_decomposed_letters_sort_alike():
    assert sort_key("Å", "da") == sort_key("A\u030a", "da")
