"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Episode
from organisations.models import Practitioner, Service
from sessions_app.measures import marks as parsing
from sessions_app.measures.instruments import BY_KEY, Instrument
from sessions_app.models import Attendance, ContactForm, EntryMode, Note, Skipped
from sessions_app.services.recording import Answer, answer_of
from sessions_app.services.starting import services_of
from sessions_app.wording import labels_for

DATE = {"type": "date"}
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
MARK_ERRORS = {
    parsing.EMPTY: _("This line has no mark yet."),
    parsing.NOT_A_NUMBER: _("Write a number, such as 7.5."),
    parsing.DECIMALS: _("Write at most one decimal."),
    parsing.RANGE: _("A mark lies between 0 and 10."),
}
TOTAL_ERRORS = {**MARK_ERRORS, parsing.RANGE: _("A total lies between 0 and 40.")}
BY_HAND = [(mode.value, mode.label) for mode in (EntryMode.PAPER, EntryMode.READ_ALOUD)]
ABSENCES = [choice for choice in Attendance.choices if choice[0] != Attendance.ATTENDED]
INSTRUMENT_NAMES = {
    "ors": _("Well-being (ORS)"),
    "srs": _("Alliance (SRS)"),
    "gsrs": _("Alliance (GSRS)"),
    "cgsrs": _("Alliance (CGSRS)"),
    "who5": "WHO-5",
}


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
            return parsing.format_tenths(value, decimal_comma=False)
        return value


def add_lines(form: forms.Form, instrument: Instrument, language: str, prefix: str = "") -> None:
    """Add four lines and a total to a form, named `prefix` + item key; how they belong together is `read_lines`."""
    for key, label in labels_for(instrument.key, language).items():
        form.fields[f"{prefix}{key}"] = MarkField(label=label)
    form.fields[f"{prefix}total"] = MarkField(
        total=True, required=False, label=_("Total"), help_text=_("Only if the four marks are not known.")
    )


def read_lines(form: forms.Form, instrument: Instrument, prefix: str = "") -> Answer | None:
    """The answer in a form's lines, None when all are empty; adds an error beside each line that is missing."""
    names = [f"{prefix}{key}" for key in (*instrument.items, "total")]
    if any(name in form.errors for name in names):
        return None
    *lines, total = (form.cleaned_data.get(name) for name in names)
    marks = [mark for mark in lines if mark is not None]
    if not marks:
        return None if total is None else Answer(None, total)
    if len(marks) < len(lines):
        for name, mark in zip(names, lines, strict=False):
            if mark is None:
                form.add_error(name, MARK_ERRORS[parsing.EMPTY])
        return None
    answer = answer_of(marks)
    if total is not None and total != answer.total:
        form.add_error(names[-1], _("The four marks add up to another total. Look at both again."))
        return None
    return answer


class WhereForm(forms.Form):
    """Asks for the episode, or the service of a new one, only where there is a choice."""

    episode: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Episode"), required=False, widget=forms.RadioSelect
    )
    service: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Service"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args, client: Client, by: Practitioner, ended_too: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        episodes = Episode.objects.visible_to(by).filter(client=client).select_related("service")
        choices = episodes.newest_first() if ended_too else episodes.open().newest_first()
        any_open = episodes.open().exists()
        services = Service.objects.none() if any_open else services_of(client, by)
        # A lone ended episode is still a choice: without it a new one would be opened.
        enough = {"episode": 2 if any_open else 1, "service": 2}
        for name, rows in (("episode", choices), ("service", services)):
            self.fields[name].queryset = rows
            self.fields[name].empty_label = None
            if len(rows) < enough[name]:
                del self.fields[name]


class StartForm(WhereForm):
    """How client and practitioner meet today."""

    contact_form = forms.ChoiceField(label=_("Form of contact"), choices=ContactForm, widget=forms.RadioSelect)

    def __init__(self, data=None, **kwargs):
        usual = {"contact_form": ContactForm.IN_PERSON}
        # The start buttons of other pages post nothing: one tap starts.
        posted = None if data is None else {**usual, **data.dict()}
        super().__init__(posted, initial=usual, **kwargs)


class AbsenceForm(WhereForm):
    """Why today's session did not take place."""

    attendance = forms.ChoiceField(label=_("What happened?"), choices=ABSENCES, widget=forms.RadioSelect)


class AnswerForm(forms.Form):
    """One instrument's answer from paper or read aloud: four marks, or only a total."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    entry_mode = forms.ChoiceField(
        label=_("How was it answered?"), choices=BY_HAND, widget=forms.RadioSelect, initial=EntryMode.PAPER
    )

    use_required_attribute = False  # either the four marks or the total

    def __init__(self, *args, instrument: Instrument, language: str, **kwargs):
        kwargs["initial"] = {"submission_id": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        add_lines(self, instrument, language)

    def clean(self):
        super().clean()
        self.answer = read_lines(self, self.instrument)
        if self.answer is None and not self.errors:
            raise forms.ValidationError(_("Write the four marks, or the total."))


class CorrectionForm(AnswerForm):
    """The right marks of an answer, and why."""

    entry_mode = None  # type: ignore[assignment]  # Django's way to leave out an inherited field
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=200)


class SessionFacts(forms.Form):
    """When and how a session was held."""

    held_on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    attendance = forms.ChoiceField(label=_("Attendance"), choices=Attendance)
    contact_form = forms.ChoiceField(label=_("Form of contact"), choices=ContactForm)


class PastSessionForm(SessionFacts, WhereForm):
    """A session that took place before: its facts and, as far as known, its answers."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, *args, language: str, **kwargs):
        super().__init__(*args, initial={"submission_id": uuid.uuid4()}, ended_too=True, **kwargs)
        self.fields["entry_mode"] = forms.ChoiceField(label=_("How was it answered?"), choices=BY_HAND)
        for key, instrument in BY_KEY.items():
            add_lines(self, instrument, language, prefix=f"{key}_")
            self.fields[f"{key}_skipped"] = forms.ChoiceField(
                label=_("Why is there none?"), choices=[("", "—"), *Skipped.choices], required=False
            )

    def clean(self):
        super().clean()
        self.answers, self.skipped = {}, {}
        attended = self.cleaned_data.get("attendance") == Attendance.ATTENDED
        for key, instrument in BY_KEY.items():
            answer = read_lines(self, instrument, prefix=f"{key}_")
            if answer is not None:
                self.answers[key] = answer
            self.skipped[key] = self.cleaned_data.get(f"{key}_skipped") or ""
        if self.answers and not attended and "attendance" in self.cleaned_data:
            self.add_error("attendance", _("There are answers, so the client was there."))

    def parts(self):
        """(name, lines) of each instrument, for the page's field sets."""
        for key, instrument in BY_KEY.items():
            names = [f"{key}_{item}" for item in (*instrument.items, "total", "skipped")]
            yield INSTRUMENT_NAMES[key], [self[name] for name in names]

    def facts(self):
        """The fields above the lines."""
        names = ("held_on", "attendance", "contact_form", "episode", "service", "entry_mode")
        return [self[name] for name in names if name in self.fields]

    def as_session(self) -> dict:
        """The keyword arguments of `record_past_session`."""
        names = ("held_on", "attendance", "contact_form", "entry_mode", "submission_id", "episode", "service")
        return {name: self.cleaned_data.get(name) for name in names} | {
            "answers": self.answers,
            "skipped": self.skipped,
        }


class SkipForm(forms.Form):
    """Why an instrument is left out this time."""

    instrument = forms.ChoiceField(choices=[(key, key) for key in BY_KEY], widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why is there none this time?"), choices=Skipped)


class NextForm(forms.Form):
    """The next appointment, and why a form is missing."""

    next_on = forms.DateField(
        label=_("Next appointment"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )
    next_at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args, missing: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        for key in missing:
            label = _("Why is there no ORS this time?") if key == "ors" else _("Why is there no SRS this time?")
            self.fields[f"{key}_skipped"] = forms.ChoiceField(
                label=label, choices=[("", "—"), *Skipped.choices], required=False
            )

    def skipped(self) -> dict[str, str]:
        """The given reasons by instrument key."""
        return {key: self.cleaned_data.get(f"{key}_skipped", "") for key in BY_KEY}


class ReasonForm(forms.Form):
    """Why a session does not count."""

    reason = forms.CharField(label=_("Why?"), max_length=200)


class MoveForm(ReasonForm):
    """To which client's open episode a session belongs, and why it is moved."""

    episode: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("The right client and episode"))
    field_order = ["episode", "reason"]

    def __init__(self, *args, by: Practitioner, away_from, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["episode"]
        rows = Episode.objects.visible_to(by).open().exclude(pk=away_from).select_related("client", "service")
        field.queryset = rows.order_by("client__sort_key", "service__name")
        field.label_from_instance = lambda episode: (
            f"{episode.client} ({episode.client.reference}), {episode}"
            if episode.client.first_name
            else f"{episode.client.reference}, {episode}"
        )


class NoteForm(forms.Form):
    """The client's own words, and the version they were written on."""

    text = forms.CharField(
        required=False, strip=False, max_length=Note._meta.get_field("text").max_length, widget=forms.Textarea
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_text(self):
        """Line ends as people see them; browsers send CRLF."""
        return self.cleaned_data["text"].replace("\r\n", "\n")


class UnlockForm(forms.Form):
    """The PIN or the password of whoever handed the device over."""

    secret = forms.CharField(strip=False, max_length=128)

    def __init__(self, *args, pin: bool, **kwargs):
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "off", "autofocus": True}
        if pin:
            attrs |= {"inputmode": "numeric", "maxlength": 6}
        self.fields["secret"].label = _("PIN") if pin else _("Password")
        self.fields["secret"].widget = forms.PasswordInput(attrs=attrs)
