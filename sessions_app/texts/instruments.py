"""What forms and raters are called on the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import rater_name
from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, CHILD, YOUNG_CHILD
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.measures.instruments.registry import Instrument
from sessions_app.texts.form_wording import wording_for, words_key

BAND_NAMES: dict[str, Promise] = {
    YOUNG_CHILD: lazy("under 6"),
    CHILD: lazy("6 to 12 years"),
    ADOLESCENT: lazy("13 to 17 years"),
    ADULT: lazy("18 years and over"),
}


def short_name(instrument: str) -> str:
    """The abbreviation, the same in every language: "ORS", "CORS"."""
    return FormKey(instrument).short


def instrument_name(instrument: str) -> str:
    """What it measures and its abbreviation: "Well-being (CORS)"."""
    form = FormKey(instrument)
    if form.part == OUTCOME:
        return _("Well-being (%(form)s)") % {"form": form.short}
    if form.instrument.words:
        return periodic_name(form.instrument, None)
    return _("Alliance (%(form)s)") % {"form": form.short} if form.part == ALLIANCE else form.short


def periodic_name(about: Instrument, pack: str | None) -> str:
    """What answers to a periodic instrument are called: by the words they were given to.

    Where its name is that of a licensed text, `pack` is "" for our own words, None where both are meant.
    """
    words = about.words
    if words is None:
        return about.short
    if pack is None or not words.own_name:
        return _(words.name)
    return about.short if pack else _(words.own_name)


def periodic_words(about: Instrument) -> dict[str, str]:
    """What the pages say of a periodic instrument, by the names of `PeriodicWords`, in the active language."""
    return {name: _(text) if text else "" for name, text in asdict(about.words).items()} if about.words else {}


def curve_name(instrument: str) -> str:
    """The same beside a curve: "Well-being, CORS"."""
    short, part = short_name(instrument), FormKey(instrument).part
    if part == OUTCOME:
        return _("Well-being, %(form)s") % {"form": short}
    return _("Alliance, %(form)s") % {"form": short} if part == ALLIANCE else short


def face_name(form: FormKey, marks: Sequence[int] | None) -> str:
    """What the chosen face of a form without a score is called, in the active language; "" without one."""
    if not marks:
        return ""
    return wording_for(words_key(form), get_language() or "").answers[marks[0]]


def rater_words(rater: str, labels: Mapping[str, str]) -> str:
    """Who fills in: "The client", the rater's own label, or "Mother"."""
    if rater == "client":
        return pgettext("rater", "The client")
    return labels.get(rater) or rater_name(rater)


def form_name(form: FormKey, labels: Mapping[str, str], pack: str | None = None) -> str:
    """The form and, where it is not the client's own, whose: "Well-being (CORS), mother".

    `pack` is that of the words, which only the name of a periodic form depends on.
    """
    name = periodic_name(form.instrument, pack) if form.instrument.words else instrument_name(form.instrument_key)
    return name if form.by_client else f"{name} · {rater_words(form.rater, labels)}"
