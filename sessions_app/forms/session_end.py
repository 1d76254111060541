"""The flow's last step: the next appointment, and why a form is missing."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organisations.edits.forms import VersionedForm
from organisations.services.local_day import today_in
from sessions_app.forms.session import DATE, NO_REASON
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.models import SKIPPED_COLUMNS, Session
from sessions_app.services.forms_due import own_form
from sessions_app.services.rhythms import usual_weeks
from sessions_app.services.sessions import missing_forms, next_appointment
from sessions_app.texts.instruments import short_name

OTHER, NONE = "other", "none"


class NextForm(VersionedForm):
    """The next appointment: one of the proposed days, another, or none; and why a form is missing.

    `when` holds the proposed day itself, so that what was shown is what is stored. A form that sends no `when`
    (another program's) means the day in `next_on`.
    """

    together = (("next_on", "next_at"),)

    when = forms.ChoiceField(label=gettext_lazy("When do you meet next?"), required=False, widget=forms.RadioSelect)
    next_on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DATE)
    next_at = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    next_contact = forms.TypedChoiceField(label=gettext_lazy("Who takes it?"), required=False, empty_value=None)

    def __init__(self, *args, session: Session, missing: Iterable[FormKey], today: datetime.date, **kwargs):
        stored = next_appointment(session, session.client)
        super().__init__(*args, **kwargs | {"initial": stored | _proposed(session, stored, today)})
        self.fields["when"].choices = _days(session, today, self.data.get("when", ""))
        self._offer_pair(session, today)
        self.add_version(session.client, stored)
        for form in missing:
            label = format_lazy(_("Why is there no {form} this time?"), form=short_name(form.instrument_key))
            self.fields[SKIPPED_COLUMNS[form.part]] = forms.ChoiceField(label=label, choices=NO_REASON, required=False)

    def _offer_pair(self, session: Session, today: datetime.date) -> None:
        """The two contact persons, and first whoever did not hold this session, unless they are away."""
        client = session.client
        if client.contact_id is None or client.second_contact_id is None:
            del self.fields["next_contact"]
            return
        pair = [client.contact, client.second_contact]
        self.fields["next_contact"].choices = [("", _("Not agreed")), *((person.pk, person.name) for person in pair)]
        self.fields["next_contact"].coerce = {str(person.pk): person for person in pair}.get
        turn = [person for person in pair if person.pk != session.practitioner_id and not person.is_away(today)]
        self.initial["next_contact"] = (turn or pair)[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        when = cleaned.get("when", "")
        if when == OTHER and not cleaned.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", _("Choose the day, or say that nothing is agreed."))
        elif when == NONE:
            cleaned |= {"next_on": None, "next_at": None}
        elif when and when != OTHER:
            cleaned["next_on"] = datetime.date.fromisoformat(when)
        return cleaned

    def reasons(self) -> list[forms.BoundField]:
        """The fields that ask why a form is missing."""
        return [self[name] for name in SKIPPED_COLUMNS.values() if name in self.fields]

    def skipped(self) -> dict[str, str]:
        """The given reasons by part."""
        return {part: self.cleaned_data.get(SKIPPED_COLUMNS[part], "") for part in (OUTCOME, ALLIANCE)}

    def _send(self, values: Mapping[str, Any]) -> None:
        """As of every form with a version; the chosen day follows the stored one that is taken."""
        super()._send(values)
        if "next_on" in values:
            self._set("when", [OTHER if values["next_on"] else NONE])


def next_form(session: Session, data: Mapping[str, Any] | None = None) -> NextForm:
    """The form for a session; reads which of its forms are missing."""
    missing = [own_form(session, part) for part in missing_forms(session)]
    return NextForm(data, session=session, missing=missing, today=today_in(session.organisation))


def _proposed(session: Session, stored: Mapping[str, Any], today: datetime.date) -> dict[str, Any]:
    """What the form opens with: what is agreed already, else the rhythm's day at the hour of today's appointment."""
    if stored["next_on"]:
        return {"when": OTHER}
    client = session.client
    at = client.next_at if client.next_on == session.held_on else None
    return {"when": _in_weeks(today, usual_weeks(session)).isoformat(), "next_at": at}


def _days(session: Session, today: datetime.date, sent: str) -> list[tuple[str, Any]]:
    """The proposed days, the rhythm's first; also a day that was proposed before midnight and is `sent` after it."""
    usual = usual_weeks(session)
    weeks = [usual, 1 if usual != 1 else 2]
    days = {_in_weeks(today, number): _in_words(number) for number in weeks}
    if (day := _day_of(sent)) and day not in days:
        days[day] = _("As chosen")
    said = [(day.isoformat(), _card(words, _day_words(day))) for day, words in days.items()]
    other, none = _card(_("Another day"), _("choose it below")), _card(_("Nothing agreed"), _("to be agreed later"))
    return [*said, (OTHER, other), (NONE, none)]


def _in_weeks(today: datetime.date, number: int) -> datetime.date:
    return today + datetime.timedelta(weeks=number)


def _in_words(number: int) -> str:
    if number == 2:
        return _("In 14 days")
    return ngettext("In %d week", "In %d weeks", number) % number


def _day_words(day: datetime.date) -> str:
    return f"{date_format(day, 'D')} {date_format(day, 'MONTH_DAY_FORMAT')}"


def _day_of(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _card(words: str, below: str) -> Any:
    return format_html('<strong>{}</strong> <span class="muted small">{}</span>', words, below)
