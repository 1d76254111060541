"""Our own texts of the handbook: whole in every language, for every rule, pattern and page; Markdown does no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.web.context_help import help_paragraphs, help_url
from organisations.web.navigation import sections
from organisations.web.route_checks import routes
from sessions_app.measures.rules import RULES
from sessions_app.measures.verdict.patterns import PATTERNS
from sessions_app.services.handbook_scripts import FORMS, our_script
from sessions_app.texts.form_wording import LANGUAGES
from sessions_app.texts.handbook import CHAPTERS, SUGGESTED_TO, chapter_texts, of_pattern, of_rule, paragraph_texts
from sessions_app.texts.markdown import plain_text, render_markdown

ENGLISH = "en"
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
EXPLAINS_ITSELF = {"handbook", "consultant-cases"}  # the second is of people who have no handbook


def without_suggestions(texts, rules) -> list[str]:
    """The rules whose paragraph is missing or has not two suggestions for each of the three."""
    wanted = {rule.key: texts.get(of_rule(rule.key)) for rule in rules}
    return [
        key
        for key, text in wanted.items()
        if text is None
        or list(text.suggestions) != list(SUGGESTED_TO)
        or any(len(said) < 2 or not all(said) for said in text.suggestions.values())
    ]


@in_every_language
def test_every_language_has_the_same_chapters_and_paragraphs(language):
    assert [chapter.key for chapter in chapter_texts(language)] == list(CHAPTERS)
    assert list(paragraph_texts(language)) == list(paragraph_texts(ENGLISH))
    texts = paragraph_texts(language).values()
    assert sum(len(chapter.paragraphs) for chapter in chapter_texts(language)) == len(texts), "a key stands once"
    assert all(text.title and text.text for text in texts)


@in_every_language
def test_no_paragraph_is_left_in_another_language(language):
    if language == ENGLISH:
        return
    for key, text in paragraph_texts(language).items():
        assert text.text != paragraph_texts(ENGLISH)[key].text, key


@in_every_language
def test_every_registered_rule_has_suggestions_for_the_client_oneself_and_the_team(language):
    assert without_suggestions(paragraph_texts(language), RULES) == []


def test_a_rule_without_suggestions_is_seen():
    texts = dict(paragraph_texts(ENGLISH))
    del texts[of_rule("O1")]
    texts[of_rule("O2")] = texts["why"]
    assert without_suggestions(texts, RULES) == ["O1", "O2"]


@in_every_language
def test_every_named_shape_of_the_curve_has_its_paragraph(language):
    assert {of_pattern(pattern) for pattern in PATTERNS} <= set(paragraph_texts(language))


@in_every_language
def test_every_script_has_our_words(language):
    for part, audience in FORMS.values():
        first, later = (our_script(part, moment, audience, language) for moment in ("first", "later"))
        assert first and later and first != later


def unexplained(helped) -> list[str]:
    """The pages of the menu that have no paragraph."""
    return [section.route for section in sections() if section.route not in {*helped, *EXPLAINS_ITSELF}]


def test_every_page_of_the_menu_leads_to_a_paragraph_that_there_is_in_every_language():
    helped = help_paragraphs()
    assert unexplained(helped) == []
    assert set(helped) <= {route.name for _path, route in routes()}, "pages that there are"
    for language in LANGUAGES:
        assert set(helped.values()) <= set(paragraph_texts(language))
    assert help_url("today") == "/handbook/chapters/pages/#page-today"
    assert help_url("healthz") == ""


def test_a_page_of_the_menu_without_a_paragraph_is_seen():
    assert unexplained({name: key for name, key in help_paragraphs().items() if name != "today"}) == ["today"]


def test_the_evidence_is_told_as_it_is():
    for language in LANGUAGES:
        text = paragraph_texts(language)["research"].text
        assert re.search(r"g = 0[.,]27", text)
        assert "2018" in text and "65" in text
        assert "**" in text, "that the trial found no effect stands out"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("**b** and *e*", "<p><strong>b</strong> and <em>e</em></p>"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("[x](/handbook/)", '<p><a href="/handbook/">x</a></p>'),
        (
            "[x](https://a.example/?a=1&b=2)",
            '<p><a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">x</a></p>',
        ),
        ("[x](http://a.example/)", "<p>x</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](//a.example/)", "<p>x</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<b onclick=x>y</b>", "<p>&lt;b onclick=x&gt;y&lt;/b&gt;</p>"),
        ("![x](https://a.example/x.png)", None),
        ("# no heading", "<p># no heading</p>"),
    ],
)
def test_markdown(text, html):
    shown = render_markdown(text)
    assert html is None or shown == html
    assert "<img" not in shown


TAGS = re.compile(r"</?(p|ul|ol|li|blockquote|strong|em)>|<br>|</a>|<a href=\"(https://|/handbook/)[^\"<>]*\"[^<>]*>")
PIECES = (
    *("<script>", "</p>", "](", "[x", "javascript:", "https://", ")", '"', "'", "*", "> ", "- ", "\n", "&lt;"),
    *("<a href=", "`"),
)
HOSTILE = st.lists(st.sampled_from(PIECES))


@given(HOSTILE.map("".join))
def test_of_any_text_only_our_own_tags_come_out(text):
    left = TAGS.sub("", render_markdown(text))
    assert "<" not in left and ">" not in left


@given(st.text(max_size=200))
def test_markdown_takes_any_text(text):
    assert "<script" not in render_markdown(text)
    plain_text(text)
