"""Find words in the handbook, however their letters are typed: accents, ø and o, å and aa are one."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from organisations.models import Practitioner
from sessions_app.models import HandbookParagraph
from sessions_app.services.handbook import own_paragraph_url, paragraph_url
from sessions_app.texts.handbook import ParagraphText, chapter_texts, handbook_language
from sessions_app.texts.markdown import plain_text

SHORTEST = 2  # letters of a word that is looked for
BEFORE, AFTER = 60, 140  # letters of the excerpt around the first hit
LETTERS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "ß": "s", "đ": "d", "ð": "d", "þ": "t", "ł": "l"})
TWO_AS_ONE = {"aa": "a", "ae": "a", "oe": "o"}  # how æ, ø, å are typed where the keyboard lacks them

Piece = tuple[str, bool]  # a piece of text, and whether it is a hit


@dataclass(frozen=True)
class HandbookHit:
    """A paragraph that has all the words: its address, title and excerpt in pieces, and whether it is the house's."""

    url: str
    title: list[Piece]
    excerpt: list[Piece]
    is_own: bool


@dataclass(frozen=True)
class _Page:
    url: str
    title: str
    text: str
    is_own: bool


def fold(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its letters the place in the text that it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = unicodedata.normalize("NFKD", char.casefold()).translate(LETTERS)
        for letter in plain:
            if unicodedata.combining(letter):
                continue
            if letters and letters[-1] + letter in TWO_AS_ONE:
                letters[-1] = TWO_AS_ONE[letters[-1] + letter]
                continue
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def words_of(asked: str) -> list[str]:
    """What is looked for: each word as it is compared, without those that are too short."""
    folded = (fold(word)[0] for word in re.findall(r"\w+", asked))
    return list(dict.fromkeys(word for word in folded if len(word) >= SHORTEST))


def search_handbook(asked: str, by: Practitioner) -> list[HandbookHit]:
    """The paragraphs that have every word, those with the words in their title first; one query."""
    words = words_of(asked)
    if not words:
        return []
    ranked = [
        (-_score(page, words), number, page)
        for number, page in enumerate([*_ours(), *_own(by)])
        if all(word in fold(f"{page.title} {page.text}")[0] for word in words)
    ]
    return [_hit(page, words) for _score_, _number, page in sorted(ranked, key=lambda each: each[:2])]


def _score(page: _Page, words: list[str]) -> int:
    title, text = fold(page.title)[0], fold(page.text)[0]
    return sum(10 * (word in title) + min(text.count(word), 5) for word in words)


def _ours() -> Iterator[_Page]:
    for chapter in chapter_texts(handbook_language()):
        for paragraph in chapter.paragraphs:
            yield _Page(paragraph_url(paragraph.key), paragraph.title, _all_words(paragraph), False)


def _all_words(paragraph: ParagraphText) -> str:
    said = (line for lines in paragraph.suggestions.values() for line in lines)
    return " ".join([plain_text(paragraph.text), *said])


def _own(by: Practitioner) -> Iterator[_Page]:
    rows = HandbookParagraph.objects.visible_to(by).standing()
    for row in rows.exclude(chapter__withdrawn_at__isnull=False).order_by("place", "title"):
        yield _Page(own_paragraph_url(row), row.title, plain_text(row.text), True)


def _hit(page: _Page, words: list[str]) -> HandbookHit:
    spans = _spans(page.text, words)
    start, end = 0, BEFORE + AFTER
    if spans and spans[0][0] > BEFORE:
        start = page.text.rfind(" ", 0, spans[0][0] - BEFORE) + 1
        end = start + BEFORE + AFTER
    if end < len(page.text):
        end = page.text.find(" ", end) if page.text.find(" ", end) > 0 else len(page.text)
    excerpt = list(_pieces(page.text, spans, start, end))
    return HandbookHit(page.url, list(_pieces(page.title, _spans(page.title, words), 0, None)), excerpt, page.is_own)


def _spans(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text, in order and without overlaps."""
    folded, places = fold(text)
    found = sorted(
        (places[match.start()], places[match.end() - 1] + 1) for word in words for match in re.finditer(word, folded)
    )
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _pieces(text: str, spans: list[tuple[int, int]], start: int, end: int | None) -> Iterator[Piece]:
    last = len(text) if end is None else min(end, len(text))
    if start:
        yield "… ", False
    at = start
    for first, after in spans:
        if first < at or after > last:
            continue
        yield text[at:first], False
        yield text[first:after], True
        at = after
    yield text[at:last] + (" …" if last < len(text) else ""), False
