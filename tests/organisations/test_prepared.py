"""Parts of a page that are prepared once a language: the same text, and nothing of the page they stand in."""

import pytest
from django.template import engines
from django.template.base import TextNode
from django.utils import translation

from organisations.templatetags.prepared import NotPrepared

WORDS = '{% load i18n %}<p>{% translate "Log out" %}</p>'


def template(text):
    return engines["django"].from_string(text)


def test_text_is_that_of_the_language():
    made = template(f"{{% prepared %}}{WORDS}{{% endprepared %}}")
    plain = template(WORDS)
    for language in ("en", "da", "sv", "nb", "da", "en"):
        with translation.override(language):
            assert made.render({}) == plain.render({})


def test_it_is_rendered_once_a_language(monkeypatch):
    made = template(f"{{% prepared %}}{WORDS}{{% endprepared %}}")
    first = made.render({})
    monkeypatch.setattr(type(made.template.nodelist), "render", lambda *_args: pytest.fail("rendered again"))
    assert made.template.nodelist[0].render(None) == first


@pytest.mark.parametrize(
    "inside",
    [
        "{{ name }}",
        "{% if name %}x{% endif %}",
        "{% if name == 'x' and other %}x{% endif %}",
        "{% for one in name %}x{% endfor %}",
        "{% csrf_token %}",
        '{% include "components/_messages.html" %}',
    ],
)
def test_what_asks_for_something_of_the_page_is_refused(inside):
    with pytest.raises(NotPrepared):
        template(f"{{% prepared %}}{inside}{{% endprepared %}}").render({"name": "Mia", "csrf_token": "x"})


def test_names_that_it_makes_itself_are_its_own():
    made = template('{% load i18n %}{% prepared %}{% translate "Log out" as said %}{{ said }}{% endprepared %}')
    with translation.override("en"):
        assert made.render({"said": "something else"}) == "Log out"


def test_icon_stands_in_the_template_as_text():
    made = template('{% include "components/_icon_lock.html" %}')
    assert [type(node) for node in made.template.nodelist] == [TextNode]
    icon = engines["django"].get_template("components/_icon_lock.html")
    assert made.render({}) == icon.render({})
    with_words = template('{% include "components/_empty.html" with text="x" %}')
    assert type(with_words.template.nodelist[0]) is not TextNode
