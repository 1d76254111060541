"""The form of a session that took place before: its facts and, as far as known, its answers."""

import uuid
from collections.abc import Iterator, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions_app.forms.rating import BY_HAND, add_lines, read_lines
from sessions_app.forms.session import NO_REASON, SessionFacts, WhereForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import SKIPPED_COLUMNS, Attendance
from sessions_app.texts.instruments import form_name
from sessions_app.wording.choice import Chosen


class PastSessionForm(SessionFacts, WhereForm):
    """`chosen` are the words of each form that can be written down, `labels` the raters' own labels by key."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, *args, chosen: Mapping[FormKey, Chosen], labels: Mapping[str, str], **kwargs):
        super().__init__(*args, initial={"submission_id": uuid.uuid4()}, ended_too=True, **kwargs)
        self.which, self.labels = tuple(chosen), labels
        self.fields["entry_mode"] = forms.ChoiceField(label=_("How was it answered?"), choices=BY_HAND)
        for form, words in chosen.items():
            add_lines(self, form, words, prefix=f"{form.key}_")
            # Whose words the lines are named in.
            pack = forms.CharField(required=False, initial=words.pack, widget=forms.HiddenInput)
            self.fields[f"{form.key}_pack"] = pack
            if form.by_client:
                self.fields[SKIPPED_COLUMNS[form.part]] = forms.ChoiceField(
                    label=_("Why is there none?"), choices=NO_REASON, required=False
                )

    def clean(self):
        super().clean()
        self.answers, self.skipped = {}, {}
        attended = self.cleaned_data.get("attendance") == Attendance.ATTENDED
        for form in self.which:
            answer = read_lines(self, form, prefix=f"{form.key}_")
            if answer is not None:
                self.answers[form.key] = answer
            if form.by_client:
                self.skipped[form.part] = self.cleaned_data.get(SKIPPED_COLUMNS[form.part]) or ""
        if self.answers and not attended and "attendance" in self.cleaned_data:
            self.add_error("attendance", _("There are answers, so the client was there."))

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """(name, lines) of each form, for the page's field sets."""
        for form in self.which:
            names = [f"{form.key}_{item}" for item in (*form.instrument.items, "total")]
            names += [SKIPPED_COLUMNS[form.part]] if form.by_client else []
            yield form_name(form, self.labels), [self[name] for name in names if name in self.fields]

    def packs(self) -> dict[FormKey, str]:
        """The pack that each answered form was written down from, "" for our own words."""
        return {form: self.cleaned_data[f"{form.key}_pack"] for form in self.which if form.key in self.answers}

    def facts(self) -> list[forms.BoundField]:
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
