"""What forms and raters are called on the pages."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import rater_name
from sessions_app.measures.instruments.cutoffs import ADOLESCENT, ADULT, CHILD, YOUNG_CHILD
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.measures.instruments.registry import WHO5
from sessions_app.texts.form_wording import wording_for, words_key

BAND_NAMES: dict[str, Promise] = {
    YOUNG_CHILD: lazy("under 6"),
    CHILD: lazy("6 to 12 years"),
    ADOLESCENT: lazy("13 to 17 years"),
    ADULT: lazy("18 years and over"),
}


def short_name(instrument: str) -> str:
    """The abbreviation in every language: "ORS", "CORS", "WHO-5"."""
    return FormKey(instrument).short


def instrument_name(instrument: str) -> str:
    """What it measures and its abbreviation: "Well-being (CORS)"."""
    short, part = short_name(instrument), FormKey(instrument).part
    if part == OUTCOME:
        return _("Well-being (%(form)s)") % {"form": short}
    if instrument == WHO5.key:
        return wellbeing_name(None)
    return _("Alliance (%(form)s)") % {"form": short} if part == ALLIANCE else short


def wellbeing_name(pack: str | None) -> str:
    """What five answers about the last two weeks are called: by the words they were given to.

    WHO-5 is the name of a licensed text; `pack` is "" for our own words, None where both are meant.
    """
    if pack is None:
        return _("Well-being over two weeks")
    return short_name(WHO5.key) if pack else _("Well-being, our own five questions")


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

    `pack` is that of the words, which only the name of WHO-5 depends on.
    """
    name = wellbeing_name(pack) if form.instrument == WHO5.key else instrument_name(form.instrument)
    return name if form.by_client else f"{name} · {rater_words(form.rater, labels)}"
