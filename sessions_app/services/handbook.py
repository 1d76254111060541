"""The handbook as an organisation reads it: our chapters, what it wrote beside them, and chapters of its own."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.history.tracking import event_model_of
from organisations.models import Practitioner
from sessions_app.models import HandbookChapter, HandbookFilm, HandbookParagraph
from sessions_app.texts.handbook import ChapterText, ParagraphText, handbook_language, paragraph_texts

Withdrawable = HandbookChapter | HandbookParagraph | HandbookFilm


@dataclass(frozen=True)
class OwnParagraph:
    """A paragraph of the organisation's own with its films."""

    row: HandbookParagraph
    films: tuple[HandbookFilm, ...]


@dataclass(frozen=True)
class ShownParagraph:
    """A paragraph of ours, and what the organisation has beside it."""

    ours: ParagraphText
    own: tuple[OwnParagraph, ...]
    films: tuple[HandbookFilm, ...]


@dataclass(frozen=True)
class HandbookVersion:
    """What a text was from a moment on; `by` is None where nobody who works here is known to have written it."""

    title: str
    text: str
    at: datetime.datetime
    by: Practitioner | None


def paragraph_url(key: str) -> str:
    """The address of one of our paragraphs. KeyError for one that we do not have."""
    return f"{reverse('handbook-chapter', args=[paragraph_texts(handbook_language())[key].chapter])}#{key}"


def own_paragraph_url(row: HandbookParagraph) -> str:
    """Where a paragraph of the organisation's own stands."""
    page = reverse("handbook-own-chapter", args=[row.chapter_id]) if row.chapter_id else paragraph_url(row.beside)
    return f"{page.partition('#')[0]}#own-{row.pk}"


def film_url(film: HandbookFilm) -> str:
    """Where a film stands."""
    return own_paragraph_url(film.paragraph) if film.paragraph else paragraph_url(film.beside)


def own_chapters(by: Practitioner) -> list[HandbookChapter]:
    """The chapters of one's own organisation, in their order; one query."""
    return list(HandbookChapter.objects.visible_to(by).standing().order_by("place", "title"))


def shown_chapter(chapter: ChapterText, by: Practitioner) -> list[ShownParagraph]:
    """The paragraphs of a chapter of ours, each with what stands beside it; two queries."""
    keys = [paragraph.key for paragraph in chapter.paragraphs]
    rows = HandbookParagraph.objects.visible_to(by).standing().filter(beside__in=keys)
    own = _with_films(rows, by, Q(beside__in=keys))
    films = own.pop("", ())
    return [
        ShownParagraph(
            ours,
            tuple(one for one in own.get("rows", ()) if one.row.beside == ours.key),
            tuple(film for film in films if film.beside == ours.key),
        )
        for ours in chapter.paragraphs
    ]


def shown_own_chapter(chapter: HandbookChapter, by: Practitioner) -> list[OwnParagraph]:
    """The paragraphs of a chapter of the organisation's own; two queries."""
    rows = HandbookParagraph.objects.visible_to(by).standing().filter(chapter=chapter)
    return _with_films(rows, by, Q(pk=None)).get("rows", [])


def _with_films(rows: Any, by: Practitioner, more: Q) -> dict[str, list]:
    """The paragraphs with their films as "rows", and as "" the films that `more` finds."""
    found = list(rows.order_by("place", "title"))
    of_rows = Q(paragraph__in=[row.pk for row in found])
    films = list(HandbookFilm.objects.visible_to(by).for_page().filter(of_rows | more))
    own = [OwnParagraph(row, tuple(film for film in films if film.paragraph_id == row.pk)) for row in found]
    return {"rows": own, "": [film for film in films if film.paragraph_id is None]}


@transaction.atomic
def save_handbook_text(
    *, row: HandbookChapter | HandbookParagraph, by: Practitioner, version: RowVersion | None = None, **fields: Any
) -> HandbookChapter | HandbookParagraph:
    """Store a new chapter or paragraph, or change a stored one; StoredMeanwhile as in `merge`."""
    if row._state.adding:
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save(force_insert=True)
        return row
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    write(row, merge(version, values_of(row, fields), fields))
    return row


@transaction.atomic
def withdraw_handbook_text(*, row: Withdrawable) -> None:
    """Take it out of the handbook; the row and its history stay, so that it can come back."""
    type(row)._default_manager.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def restore_handbook_text(*, row: Withdrawable) -> None:
    """Put it back to where it stood."""
    type(row)._default_manager.filter(pk=row.pk).update(withdrawn_at=None)


def versions_of_texts(model: type[Any], keys: Iterable[UUID]) -> list[HandbookVersion]:
    """Every text that stood in these rows, the newest first; two queries."""
    events = event_model_of(model).objects.filter(pgh_obj__in=list(keys)).order_by("-pgh_id")
    found = [(event, (event.pgh_context or {}).get("practitioner")) for event in events]
    people = Practitioner.objects.in_bulk({UUID(by) for _event, by in found if by})
    versions = [
        HandbookVersion(getattr(event, "title", ""), event.text, event.pgh_created_at, _named(people, by))
        for event, by in found
    ]
    # Taken away, put back or moved: the words are the same.
    return [one for one, before in zip_longest(versions, versions[1:]) if not _alike(one, before)]


def _named(people: Mapping[UUID, Practitioner], by: str | None) -> Practitioner | None:
    return people.get(UUID(by)) if by else None


def _alike(one: HandbookVersion, before: HandbookVersion | None) -> bool:
    return before is not None and (one.title, one.text) == (before.title, before.text)
