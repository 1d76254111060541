"""The words around a form, in a language that the application does not speak itself: those that a pack brings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.texts.form_wording import LANGUAGES
from sessions_app.wording.choice import Chosen, choose_wording, own_words, short

HALF = ("at_end", "near_end", "between", "towards")  # from an end of the line to its middle
END = "{end}"


def words_around(*, organisation_id: UUID, form: FormKey, language: str) -> Chosen:
    """Whose words a page before or after the form speaks: the pack's if it has any, else ours.

    Costs a query only for languages that are none of ours.
    """
    if short(language) not in LANGUAGES:
        chosen = choose_wording(organisation_id=organisation_id, form=form, language=language)
        if chosen.around:
            return chosen
    return own_words(form, language)


def places_on(line: Mapping[str, Any], chosen: Chosen) -> list[str]:
    """How a screen reader says the nine places of a mark on a line; none where the pack has not all the words."""
    words = chosen.around
    if not words.keys() >= {*HALF, "middle"}:
        return []
    left, right = ([words[key].replace(END, line[end]) for key in HALF] for end in ("left", "right"))
    return [*left, words["middle"], *reversed(right)]
