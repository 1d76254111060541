"""A blank form as PDF/UA, with lines of 10 cm."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT, FAMILY
from sessions_app.texts.form_wording import known
from sessions_app.wording.choice import Chosen

# The clients' own forms that can be printed: lines, and faces to choose from.
SHEETS = tuple(
    FormKey(key) for key, about in FAMILY.items() if CLIENT in about.raters and not (about.is_choice and about.scored)
)
RENDER = Path(__file__).with_name("render.py")
INK = (
    "<style>.pebble{fill:#fff;stroke:#555;stroke-width:2}.ink,.smile{fill:none;stroke:#111;stroke-width:4;"
    "stroke-linecap:round;stroke-linejoin:round}.eye{fill:#111}.drop,.cheek{fill:#bbb}</style>"
)
SADDEST, GLADDEST = 0, 4  # moods of _face.html
SECONDS = 20  # of waiting; the process itself may use ten of computing


def blank_sheet(*, form: FormKey, chosen: Chosen, reference: str = "") -> bytes:
    """The PDF of a form in the chosen words; `reference` is printed on it, or a place to write one.

    ValidationError where there is no such sheet: answers in words to choose from, or letters that our fonts do not
    have.
    """
    if chosen.words.answers and form.instrument.scored:
        raise ValidationError(_("This form has no sheet to print."))
    data = json.dumps(_data(form, chosen, reference), ensure_ascii=True).encode()
    # A process of its own: words of a pack are others' words, and a typesetter is a large program.
    done = subprocess.run(
        [sys.executable, "-I", str(RENDER)], input=data, capture_output=True, timeout=SECONDS, check=False, env={}
    )
    if done.returncode != 0:
        raise ValidationError(_("This wording cannot be printed: our fonts lack some of its letters."))
    return done.stdout


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
