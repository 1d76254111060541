"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

import uuid
from collections.abc import Iterable

from django import forms
from django.utils.html import format_html, strip_tags
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client, Episode
from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import LastChange
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Service
from sessions_app.form_names import short_name
from sessions_app.form_ref import ALLIANCE, OUTCOME, FormRef
from sessions_app.mark_sentences import MARK_ERRORS, TOTAL_ERRORS, mark_error, nothing_written, other_total
from sessions_app.measures import marks as parsing
from sessions_app.models import Attendance, ContactForm, EntryMode, Note, Rating, Session, Skipped
from sessions_app.packs.choosing import Chosen
from sessions_app.services.recording import Answer, answer_of
from sessions_app.services.revisions import lines_of
from sessions_app.services.starting import FACTS, next_appointment, services_of
from sessions_app.versions import VERSIONS, own_forms
from sessions_app.wording import known

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
NO_REASON = [("", "—"), *Skipped.choices]
BY_HAND = [(mode.value, mode.label) for mode in (EntryMode.PAPER, EntryMode.READ_ALOUD)]
OWN_FORMS = sorted({form.detail for band in VERSIONS for form in own_forms(band)})
ABSENCES = [choice for choice in Attendance.choices if choice[0] != Attendance.ATTENDED]


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


def add_lines(form: forms.Form, which: FormRef, chosen: Chosen, prefix: str = "") -> None:
    """Add a form's lines and a total, named `prefix` + item key; how they belong together is `read_lines`.

    The lines are named in the `chosen` words, a pack's or our own.

    Where an answer is chosen, the choices stand instead of the lines, and there is no total.
    """
    choice = which.about.is_choice
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


def read_lines(form: forms.Form, which: FormRef, prefix: str = "") -> Answer | None:
    """The answer in a form's lines, None when all are empty; adds an error beside each line that is missing."""
    names = [f"{prefix}{key}" for key in (*which.about.items, "total")]
    if any(name in form.errors for name in names):
        return None
    *lines, total = (form.cleaned_data.get(name) for name in names)
    marks = [mark for mark in lines if mark is not None]
    if not marks:
        return None if total is None else Answer(None, total)
    if len(marks) < len(lines):
        for name, mark in zip(names, lines, strict=False):
            if mark is None:
                form.add_error(name, mark_error(parsing.EMPTY, which.about))
        return None
    answer = answer_of(marks, scored=which.about.scored)
    if total is not None and total != answer.total:
        form.add_error(names[-1], other_total(which.about))
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
    pack = forms.CharField(required=False, widget=forms.HiddenInput)  # whose words the lines are named in
    entry_mode = forms.ChoiceField(
        label=_("How was it answered?"), choices=BY_HAND, widget=forms.RadioSelect, initial=EntryMode.PAPER
    )

    use_required_attribute = False  # either the four marks or the total

    def __init__(self, *args, which: FormRef, chosen: Chosen, **kwargs):
        kwargs["initial"] = {"submission_id": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.which = which
        add_lines(self, which, chosen)

    def clean(self):
        super().clean()
        self.answer = read_lines(self, self.which)
        if self.answer is None and not self.errors:
            raise forms.ValidationError(nothing_written(self.which.about))


class CorrectionForm(VersionedForm, AnswerForm):
    """The right marks of an answer, and why."""

    # Django's way to leave out inherited fields: how it was answered and in whose words stays.
    entry_mode = pack = None  # type: ignore[assignment]
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


class SessionFacts(forms.Form):
    """When and how a session was held."""

    held_on = forms.DateField(label=_("Date"), widget=DATE)
    attendance = forms.ChoiceField(label=_("Attendance"), choices=Attendance)
    contact_form = forms.ChoiceField(label=_("Form of contact"), choices=ContactForm)


class SessionEditForm(VersionedForm, SessionFacts):
    """Another day, attendance or form of contact of a session that is stored."""

    def __init__(self, *args, session: Session, **kwargs):
        stored = values_of(session, FACTS)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.add_version(session, stored)


class SkipForm(forms.Form):
    """Why the outcome or the alliance form is left out this time; `instrument` is one of the client's own forms."""

    instrument = forms.ChoiceField(choices=[(key, key) for key in OWN_FORMS], widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why is there none this time?"), choices=Skipped)


class NextForm(VersionedForm):
    """The next appointment, and why a form is missing."""

    together = (("next_on", "next_at"),)

    next_on = forms.DateField(label=_("Next appointment"), required=False, widget=DATE)
    next_at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args, session: Session, missing: Iterable[FormRef], **kwargs):
        stored = next_appointment(session, session.client)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.add_version(session.client, stored)
        for form in missing:
            label = format_lazy(_("Why is there no {form} this time?"), form=short_name(form.instrument))
            self.fields[f"{form.part}_skipped"] = forms.ChoiceField(label=label, choices=NO_REASON, required=False)

    def skipped(self) -> dict[str, str]:
        """The given reasons by part."""
        return {part: self.cleaned_data.get(f"{part}_skipped", "") for part in (OUTCOME, ALLIANCE)}


class ReasonForm(forms.Form):
    """Why a session does not count."""

    reason = forms.CharField(label=_("Why?"), max_length=200)


class MoveForm(VersionedForm, ReasonForm, ClientSearchForm):
    """To which client's open episode a session belongs, and why it is moved."""

    chooses = "episode"
    episode: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("The right client and episode"))
    field_order = ["whose", "q", "episode", "reason"]

    def __init__(self, *args, by: Practitioner, session: Session, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        field = self.fields["episode"]
        rows = Episode.objects.visible_to(by).open().select_related("client", "service")
        if not self.is_bound:  # once it is sent, the same move may have been made already, by a second click
            rows = rows.exclude(pk=session.episode_id)
        field.queryset = rows.order_by("client__sort_key", "service__name", "pk")
        field.label_from_instance = _course_name
        self.offer(field.queryset, of_client="client__", chosen=[self.data.get("episode", "")])
        offered = [(row.pk, _course_name(row)) for row in self.offered if row.pk != session.episode_id]
        field.choices = [("", field.empty_label), *offered]
        self.add_version(session, {"episode": session.episode})


def _course_name(episode: Episode) -> str:
    """An episode among those of other clients."""
    client = episode.client
    return f"{client} ({client.reference}), {episode}" if client.first_name else f"{client.reference}, {episode}"


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
