"""Our own handbook as files (handbook_chapters/xx/*.md), the same chapters and paragraphs in every language.

A file is a chapter: "# Title", then for each paragraph "## Title {#key}" and its text in Markdown. A paragraph about an
alert rule has after it three lists of suggestions: "### client", "### self" and "### team".
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sessions_app.texts.form_wording import FALLBACK, known

FOLDER = Path(__file__).with_name("handbook_chapters")
CHAPTERS = ("introducing", "session", "patterns", "alerts", "authority", "children", "team", "evidence", "pages")
"""The chapters in their order, by the names of their files."""
SUGGESTED_TO: dict[str, Promise] = {
    "client": _("Ask the client"),
    "self": _("For yourself"),
    "team": _("For the team"),
}
_PARAGRAPH = re.compile(r"^## (?P<title>.+?) \{#(?P<key>[\w-]+)\}$", re.MULTILINE)
_GROUP = re.compile(r"^### (\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class ParagraphText:
    """A paragraph of ours: `text` in Markdown, `suggestions` by whom they are for."""

    key: str
    chapter: str
    title: str
    text: str
    suggestions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def suggested(self) -> list[tuple[Promise, tuple[str, ...]]]:
        """The suggestions under the words for whom they are."""
        return [(SUGGESTED_TO[group], said) for group, said in self.suggestions.items()]


@dataclass(frozen=True)
class ChapterText:
    """A chapter of ours with its paragraphs in their order."""

    key: str
    title: str
    paragraphs: tuple[ParagraphText, ...]


def of_rule(rule: str) -> str:
    """The key of the paragraph about an alert rule."""
    return f"rule-{rule}"


def of_pattern(pattern: str) -> str:
    """The key of the paragraph about a named shape of the curve."""
    return f"pattern-{pattern}"


def handbook_language() -> str:
    """The language of our texts on the page that is made now."""
    return known(get_language() or FALLBACK)


@cache
def chapter_texts(language: str) -> tuple[ChapterText, ...]:
    """All chapters in a language that we have texts in."""
    return tuple(_chapter(language, key) for key in CHAPTERS)


@cache
def paragraph_texts(language: str) -> dict[str, ParagraphText]:
    """All paragraphs by their keys."""
    return {paragraph.key: paragraph for chapter in chapter_texts(language) for paragraph in chapter.paragraphs}


def _chapter(language: str, key: str) -> ChapterText:
    written = (FOLDER / language / f"{key}.md").read_text(encoding="utf-8")
    title, rest = written.removeprefix("# ").split("\n", 1)
    # Between the headings: title and key of each paragraph, then its text.
    parts = _PARAGRAPH.split(rest)[1:]
    found = zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    return ChapterText(key, title.strip(), tuple(_paragraph(key, *about) for about in found))


def _paragraph(chapter: str, title: str, key: str, written: str) -> ParagraphText:
    text, *groups = _GROUP.split(written)
    suggestions = {
        group: tuple(line.removeprefix("- ") for line in lines.strip().splitlines())
        for group, lines in zip(groups[0::2], groups[1::2], strict=True)
    }
    return ParagraphText(key, chapter, title, text.strip(), suggestions)
