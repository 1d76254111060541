"""What the practitioner says with a form: while handing it over, and before its lines are read aloud."""

from dataclasses import dataclass

from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.texts.form_wording import handover_sentence, known, spoken_sentence, words_key
from sessions_app.wording.choice import Chosen


@dataclass(frozen=True)
class SpokenForm:
    """Words and the language that they are in."""

    words: str
    language: str


def handover_words(form: FormKey, chosen: Chosen) -> SpokenForm:
    """The pack's own sentence, else ours in the form's language, or in English."""
    if own := chosen.interface.get("handover"):
        return SpokenForm(own, chosen.language)
    return SpokenForm(handover_sentence(words_key(form), chosen.language), known(chosen.language))


def spoken_words(form: FormKey, chosen: Chosen) -> SpokenForm:
    """The same, with the ends of the lines where all lines have the same; else they are said with each line."""
    if own := chosen.interface.get("spoken"):
        return SpokenForm(own, chosen.language)
    ends = {(item.left, item.right) for item in chosen.words.items}
    language = known(chosen.language)
    # Ends in one language inside a sentence in another would be no sentence.
    shared = ends.pop() if len(ends) == 1 and chosen.language == language else None
    return SpokenForm(spoken_sentence(language, shared), language)
