"""A form whose data go to one service; and one over stored data, which nobody saves over what they have not seen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from organisations.edits.last_change import LastChange, last_change
from organisations.edits.versions import RowVersion, StoredMeanwhile, Unit, values_of
from organisations.edits.words import in_words

VERSION, STORED, TAKE = "version", "stored", "take-"


class ServedForm(forms.Form):
    """A form whose cleaned data go to one service, and that shows what the service refuses."""

    def carry_out(self, service: Callable[..., Any], /, **kwargs: Any) -> bool:
        """Call `service` with the cleaned data if they are valid; whether it was done."""
        if not self.is_valid():
            return False
        try:
            self.outcome = service(**self.cleaned_data, **kwargs)
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True


class VersionedForm(ServedForm):
    """A form over stored data: a hidden field says what it showed, and the service that saves it compares.

    A subclass ends its `__init__` with `add_version`. `together` names fields that are chosen as one. `cleaned_data`
    holds the Version as "version"; the service gives it to `merge` under the row's lock.
    """

    together: Sequence[Unit] = ()
    meanwhile: StoredMeanwhile | None = None
    leaves_stored = False  # of all fields the stored values were chosen: nothing is left to save

    def add_version(self, of: Model, stored: Mapping[str, Any], *, together: Sequence[Unit] = ()) -> None:
        """The hidden field. `stored` are the values that the form shows of the row `of`, by field."""
        self.together = together or self.together
        self.version_of = of
        self.stored = {name: value for name, value in stored.items() if name in self.fields}
        shown = str(RowVersion.of_values(self.stored, of))
        self.fields[VERSION] = forms.CharField(required=False, widget=forms.HiddenInput, initial=shown)
        if self.is_bound and any(name.startswith(self.add_prefix(TAKE)) for name in self.data):
            self._take_choices()

    def add_version_of_row(self) -> None:
        """The hidden field of a ModelForm about a row that is stored already; a new row has no version."""
        if not self.instance._state.adding:
            self.add_version(self.instance, values_of(self.instance, self._meta.fields or ()))

    def clean_version(self) -> RowVersion:
        return RowVersion.parse(self.cleaned_data[VERSION], self.version_of, together=self.together)

    def carry_out(self, service: Callable[..., Any], /, **kwargs: Any) -> bool:
        """As of every form; where somebody stored other values meanwhile, `meanwhile` says which."""
        try:
            return super().carry_out(service, **kwargs)
        except StoredMeanwhile as meanwhile:
            self.note_meanwhile(meanwhile)
            return False

    def note_meanwhile(self, meanwhile: StoredMeanwhile) -> None:
        """Go on from what is stored now: what both sides changed is to be chosen, the rest is merged already.

        The new version leaves out what is to be chosen: saved without a choice, it is asked for again.
        """
        self.meanwhile = meanwhile
        now = {name: value for name, value in meanwhile.stored.items() if name in self.fields}
        self._send(meanwhile.kept)
        undecided = {name for unit in meanwhile.undecided for name in unit}
        known = {name: value for name, value in now.items() if name not in undecided}
        self._set(VERSION, [str(RowVersion.of_values(known, self.version_of))])

    def choice(self, unit: Unit) -> str:
        """The name of the two buttons that choose for a unit."""
        return self.add_prefix(f"{TAKE}{unit[0]}")

    def version_over(self, values: Mapping[str, Any]) -> str:
        """What the button of one's own text sends: the version of the stored values that it is to replace."""
        return str(RowVersion.of_values(values, self.version_of))

    def sent(self, name: str, value: Any) -> list[str]:
        """What a browser sends of a field that shows `value`."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return ["on"] if value else []
        shown = field.widget.format_value(field.prepare_value(value))
        return [] if shown is None else [str(one) for one in (shown if isinstance(shown, list) else [shown])]

    def label_of(self, name: str) -> str:
        """What a field is called beside others of its kind; a subclass with several of one name says whose it is."""
        return str(self.fields[name].label)

    def in_words(self, name: str, value: Any) -> str:
        """A field's value as people read it."""
        return in_words(self.fields[name], value)

    def last_change(self, name: str) -> LastChange | None:
        """Who stored the field's present value; a subclass with fields of other names or rows says which column."""
        return last_change(self.version_of, name)

    def _take_choices(self) -> None:
        """What was chosen on the page that shows both sides: the stored values, or one's own over that version."""
        known = RowVersion.parse(self.data.get(self.add_prefix(VERSION), ""), self.version_of).digests
        version = RowVersion.of_values(self.stored, self.version_of, together=self.together)
        choices = {unit: self.data.get(self.choice(unit)) for unit in version.units(self.stored)}
        self.leaves_stored = set(choices.values()) == {STORED}
        for unit, chosen in choices.items():
            if chosen == STORED:
                self._send({name: self.stored[name] for name in unit})
                known |= {name: version.digests[name] for name in unit}
            elif chosen:
                known |= RowVersion.parse(chosen, self.version_of).digests
        self._set(VERSION, [str(RowVersion(known, self.version_of))])

    def _send(self, values: Mapping[str, Any]) -> None:
        """Let fields be sent as if they had been left with these values."""
        for name, value in values.items():
            self._set(name, self.sent(name, value))

    def _set(self, name: str, sent: list[str]) -> None:
        self.data = self.data.copy()
        self.data.setlist(self.add_prefix(name), sent)
