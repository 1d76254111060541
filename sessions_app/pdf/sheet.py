"""A blank form as PDF/UA, with lines of 10 cm."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT, FAMILY
from sessions_app.paper_reading.layout import CLEAR, CODE, CODE_AT, MARKER, MARKERS, PAGE, marker_corners
from sessions_app.pdf.child import CannotBeSet, typeset
from sessions_app.texts.form_wording import known
from sessions_app.wording.choice import Chosen

# The clients' own forms that can be printed: lines, and faces to choose from.
SHEETS = tuple(
    FormKey(key) for key, about in FAMILY.items() if CLIENT in about.raters and not (about.is_choice and about.scored)
)
INK = (
    "<style>.pebble{fill:#fff;stroke:#555;stroke-width:2}.ink,.smile{fill:none;stroke:#111;stroke-width:4;"
    "stroke-linecap:round;stroke-linejoin:round}.eye{fill:#111}.drop,.cheek{fill:#bbb}</style>"
)
RENDER, SECONDS = "sessions_app.pdf.render", 20  # of waiting; the process itself may use ten of computing
SADDEST, GLADDEST = 0, 4  # moods of _face.html
MARGIN, MARGIN_TOP, QUIET = 22.0, 20.0, 4.0  # of the page; between the code and the words beside it


def is_readable(form: FormKey, chosen: Chosen) -> bool:
    """Whether a photograph of the form's sheet can be read: it has lines, no faces to choose from."""
    return form.instrument.scored and not chosen.words.answers


def blank_sheet(*, form: FormKey, chosen: Chosen, reference: str = "", number: str = "") -> bytes:
    """The PDF of a form in the chosen words; `reference` is printed on it, or a place to write one.

    With a `number` (26 letters of base32) it has the corner markers and the code that a photograph is read by; not
    where its words need more than one page. ValidationError where there is no such sheet: answers in words to choose
    from, or letters that our fonts do not have.
    """
    if chosen.words.answers and form.instrument.scored:
        raise ValidationError(_("This form has no sheet to print."))
    place = _place() if number and is_readable(form, chosen) else None
    facts = _data(form, chosen, reference) | {"place": place, "code": "", "number": number}
    try:
        return typeset(RENDER, facts, seconds=SECONDS)
    except CannotBeSet as error:
        raise ValidationError(_("This wording cannot be printed: our fonts lack some of its letters.")) from error


def _data(form: FormKey, chosen: Chosen, reference: str) -> dict:
    words = chosen.words
    with translation.override(known(chosen.language)):
        labels = {
            "date": _("Date"),
            "reference": _("Reference"),
            "print": _("Print at 100 %: each line is 10 cm long then."),
        }
    return {
        "title": words.title,
        "instruction": words.instruction,
        "foot": words.foot,
        "mark": f"{form.key} · {chosen.language}",
        "language": chosen.language,
        "direction": chosen.direction,
        "reference": reference,
        "words": labels,
        "answers": list(words.answers),
        "faces": _faces(form, chosen),
        "items": [
            {"label": item.label, "sentence": item.sentence, "left": item.left, "right": item.right}
            for item in words.items
        ],
    }


def _place() -> dict:
    """The measures of `paper_reading.layout` as the sheet's drawing takes them."""
    corners = marker_corners()
    return {
        "marker": MARKER,
        "markers": [bits for _number, bits in MARKERS],
        "corners": [corners[number][0] for number, _bits in MARKERS],
        "side": CODE,
        "at": CODE_AT,
        "beside": PAGE[0] - MARGIN - CODE_AT[0] + QUIET,
        "head": CODE_AT[1] + CODE + QUIET - MARGIN_TOP,
        "clear": CLEAR,
    }


def _faces(form: FormKey, chosen: Chosen) -> list[str]:
    """Our own drawn faces as SVG, the saddest first: one for each answer, or for both ends of a child's lines."""
    moods: Sequence[int] = ()
    if not form.instrument.scored:
        moods = range(len(chosen.words.answers))
    elif form.instrument.has_drawn_ends and not chosen.pack:
        moods = (SADDEST, GLADDEST)
    return [_face(mood) for mood in moods]


def _face(mood: int) -> str:
    """The drawing of the form's page, in ink instead of the page's colours."""
    drawing = render_to_string("sessions_app/_face.html", {"mood": mood})
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(">", f">{INK}", 1)
