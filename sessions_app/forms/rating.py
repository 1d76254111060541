"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

import uuid

from django import forms
from django.utils.html import format_html, strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import LastChange
from sessions_app.measures import marks as parsing
from sessions_app.measures.instruments.by_age import VERSIONS, own_forms
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, Rating
from sessions_app.services.corrections import lines_of
from sessions_app.services.ratings import Answer, answer_of
from sessions_app.texts.form_wording import known
from sessions_app.texts.marks import MARK_ERRORS, TOTAL_ERRORS, mark_error, nothing_written, other_total
from sessions_app.wording.choice import Chosen

DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


BY_HAND = [(mode.value, mode.label) for mode in (EntryMode.PAPER, EntryMode.READ_ALOUD)]


OWN_FORMS = sorted({form.key for band in VERSIONS for form in own_forms(band)})


class MarkField(forms.CharField):
    """A mark (or, with `total`, a total) as text with comma or dot; cleaned to tenths, None when empty."""

    def __init__(self, *, total: bool = False, **kwargs):
        self.parse = parsing.parse_total if total else parsing.parse_mark
        self.words = TOTAL_ERRORS if total else MARK_ERRORS
        super().__init__(widget=forms.TextInput(attrs=DECIMAL), **kwargs)

    def clean(self, value):
        text = self.to_python(value) or ""
        self.run_validators(text)
        if not text.strip():
            return None
        try:
            return self.parse(text)
        except parsing.MarkError as error:
            raise forms.ValidationError(str(self.words[error.code]), code=error.code) from error

    def prepare_value(self, value):
        if isinstance(value, int):
            return str(parsing.in_points(value))
        return value


def add_lines(form: forms.Form, which: FormKey, chosen: Chosen, prefix: str = "") -> None:
    """Add a form's lines and a total, named `prefix` + item key; how they belong together is `read_lines`.

    The lines are named in the `chosen` words, a pack's or our own.

    Where an answer is chosen, the choices stand instead of the lines, and there is no total.
    """
    choice = which.instrument.is_choice
    for item in chosen.words.items:
        label = _marked(item.label, chosen)
        form.fields[f"{prefix}{item.key}"] = _choice(label, chosen) if choice else MarkField(label=label)
    if choice:
        return
    form.fields[f"{prefix}total"] = MarkField(
        total=True, required=False, label=_("Total"), help_text=_("Only if the four marks are not known.")
    )


def _marked(words: str, chosen: Chosen) -> str:
    """Words of another language than the page's, marked so that they are read and written as what they are."""
    if chosen.language == known(get_language() or ""):
        return words
    return format_html('<bdi lang="{}">{}</bdi>', chosen.language, words)


def _choice(label: str, chosen: Chosen) -> forms.Field:
    said = [(step, _marked(words, chosen)) for step, words in enumerate(chosen.words.answers)]
    return forms.TypedChoiceField(
        label=label, choices=said, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )


def read_lines(form: forms.Form, which: FormKey, prefix: str = "") -> Answer | None:
    """The answer in a form's lines, None when all are empty; adds an error beside each line that is missing."""
    names = [f"{prefix}{key}" for key in (*which.instrument.items, "total")]
    if any(name in form.errors for name in names):
        return None
    *lines, total = (form.cleaned_data.get(name) for name in names)
    marks = [mark for mark in lines if mark is not None]
    if not marks:
        return None if total is None else Answer(None, total)
    if len(marks) < len(lines):
        for name, mark in zip(names, lines, strict=False):
            if mark is None:
                form.add_error(name, mark_error(parsing.EMPTY, which.instrument))
        return None
    answer = answer_of(marks, scored=which.instrument.scored)
    if total is not None and total != answer.total:
        form.add_error(names[-1], other_total(which.instrument))
        return None
    return answer


class LinesForm(forms.Form):
    """The lines of one instrument, typed by staff: four marks, or only a total."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)

    use_required_attribute = False  # either the four marks or the total

    def __init__(self, *args, which: FormKey, chosen: Chosen, **kwargs):
        kwargs["initial"] = {"submission_id": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.which = which
        add_lines(self, which, chosen)

    def clean(self):
        super().clean()
        self.answer = read_lines(self, self.which)
        if self.answer is None and not self.errors:
            raise forms.ValidationError(nothing_written(self.which.instrument))


class AnswerForm(LinesForm):
    """One instrument's answer from paper or read aloud."""

    pack = forms.CharField(required=False, widget=forms.HiddenInput)  # whose words the lines are named in
    entry_mode = forms.ChoiceField(
        label=_("How was it answered?"), choices=BY_HAND, widget=forms.RadioSelect, initial=EntryMode.PAPER
    )


class CorrectionForm(VersionedForm, LinesForm):
    """The right marks of an answer, and why; how it was answered and in whose words stays."""

    reason = forms.CharField(label=_("Why is it corrected?"), max_length=200)

    def __init__(self, *args, rating: Rating, **kwargs):
        stored = lines_of(rating)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.add_version(rating.session, stored, together=[tuple(stored)])
        self.rating = rating

    def label_of(self, name):
        """The line's own words, without the mark of their language."""
        return strip_tags(str(self.fields[name].label))

    def last_change(self, name):
        return LastChange(self.rating.recorded_by, self.rating.created_at)
