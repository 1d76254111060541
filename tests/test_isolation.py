"""A name or a client's words in another direction leave the text beside them where it is: shown in isolation."""

import re
from html.parser import HTMLParser

import pytest

from tests.route_matrix import CLIENT_WORDS, HOUSE_WORDS, REFERENCE, make_world, named_routes, rolled_back

ALONE = {"bdi", "option", "textarea", "title", "output", "button"}
# A label of a choice is all there is on its line; what stands alone in its block turns nobody else's text.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMES = re.compile(rf"\b(?:Ann|Ben|Lea|Hus|Tilbud|Red|Blue|Forløb|Ordret:) (?={CLIENT_WORDS}|{HOUSE_WORDS})")
PHRASES = {"a", "span", "strong", "em", "b", "i", "small", "code", "time", "mark", "abbr", "q", "cite"}


class Page(HTMLParser):
    """Blocks of text with the words that stand in one line with others and are not isolated."""

    def __init__(self):
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.block: list[tuple[str, bool]] = []
        self.mixed: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            if tag in {"br", "hr", "input"}:
                self.end_block()
            return
        if tag not in PHRASES | {"bdi"}:
            self.end_block()
        self.stack.append((tag, tag in ALONE or dict(attrs).get("dir") == "auto"))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if tag not in PHRASES | {"bdi"}:
            self.end_block()
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not any(tag == "script" for tag, _ in self.stack):
            self.block.append((NAMES.sub("", " ".join(data.split())), any(alone for _, alone in self.stack)))

    def end_block(self):
        text = " ".join(words for words, _ in self.block)
        for words, alone in self.block:
            for canary in (CLIENT_WORDS, REFERENCE, HOUSE_WORDS):
                beside = text.replace(words, "", 1) + words.replace(canary, "", 1)
                if canary in words and not alone and any(sign.isalnum() for sign in beside):
                    self.mixed.append(text)
        self.block = []


def mixed(html: str) -> list[str]:
    page = Page()
    page.feed(html)
    page.end_block()
    return page.mixed


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["practitioner", "admin"])
def test_names_and_words_stand_isolated(actor):
    world = make_world()
    browser = world.browser_of(actor)
    found = []
    of_a_choice = f"{HOUSE_WORDS} · {HOUSE_WORDS}"  # team and service, beside a box to tick: nothing else to turn
    for name, _ in named_routes():
        with rolled_back():
            answer = browser.get(world.url(name))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found += [f"{name}: {line}" for line in mixed(answer.content.decode()) if line != of_a_choice]
    assert found == []


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        (f"<p>{CLIENT_WORDS} · session 3</p>", True),
        (f"<p><a>{CLIENT_WORDS}</a> · session 3</p>", True),
        (f"<p>with {CLIENT_WORDS}</p>", True),
        (f"<p><bdi>{CLIENT_WORDS}</bdi> · session 3</p>", False),
        (f"<p>session 3</p><p>{CLIENT_WORDS}</p>", False),
        (f'<p dir="auto">{CLIENT_WORDS} 3</p>', False),
    ],
)
def test_what_is_seen(html, seen):
    assert bool(mixed(html)) is seen
