"""A blank form as PDF/UA, with lines of 10 cm."""

import json
import subprocess
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from sessions_app.form_ref import FormRef
from sessions_app.packs.choosing import Chosen
from sessions_app.wording import known

RENDER = Path(__file__).with_name("render.py")
SECONDS = 20  # of waiting; the process itself may use ten of computing


def blank_sheet(*, form: FormRef, chosen: Chosen, reference: str = "") -> bytes:
    """The PDF of a form in the chosen words; `reference` is printed on it, or a place to write one.

    ValidationError where there is no such sheet: faces to choose from, or letters that our fonts do not have.
    """
    if chosen.words.answers:
        raise ValidationError(_("This form has no sheet to print."))
    data = json.dumps(_data(form, chosen, reference), ensure_ascii=True).encode()
    # A process of its own: words of a pack are others' words, and a typesetter is a large program.
    done = subprocess.run(
        [sys.executable, "-I", str(RENDER)], input=data, capture_output=True, timeout=SECONDS, check=False, env={}
    )
    if done.returncode != 0:
        raise ValidationError(_("This wording cannot be printed: our fonts lack some of its letters."))
    return done.stdout


def _data(form: FormRef, chosen: Chosen, reference: str) -> dict:
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
        "mark": f"{form.detail} · {chosen.language}",
        "language": chosen.language,
        "direction": chosen.direction,
        "reference": reference,
        "words": labels,
        "answers": list(words.answers),
        "items": [
            {"label": item.label, "sentence": item.sentence, "left": item.left, "right": item.right}
            for item in words.items
        ],
    }
