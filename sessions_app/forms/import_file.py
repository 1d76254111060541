"""Forms of the import page."""

from collections.abc import Iterator
from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner, normal_form
from sessions_app.imports.choices import DAY_FIRST, FORMER, MONTH_FIRST, UNUSED, Choices
from sessions_app.imports.columns import COLUMNS, REQUIRED, SKIPS
from sessions_app.imports.look_alikes import CLIENT, SERVICE, TEAM, LookAlike
from sessions_app.imports.texts import ATTENDANCE_NAMES, COLUMN_NAMES, look_alike_sentence
from sessions_app.models import SessionImport

KINDS = {CLIENT: "clients", SERVICE: "services", TEAM: "teams"}  # of look-alikes, as Choices calls them


class UploadForm(forms.Form):
    """A file of past sessions."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_(
            "A spreadsheet (.xlsx) or a CSV file of at most 10 MB and 50,000 lines. It is checked first; nothing is "
            "imported yet."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv"}),
        error_messages={"empty": _("The file is empty.")},
    )


class ConfirmForm(forms.Form):
    """Whether refused lines stop the others; `of` is the id of the page's form that it is sent with."""

    all_or_nothing = forms.BooleanField(label=_("Import nothing as long as a line is refused"), required=False)

    def __init__(self, *args, of: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if of:
            self.fields["all_or_nothing"].widget.attrs["form"] = of


class ChoicesForm(forms.Form):
    """What the columns of a waiting file mean, and what its lines leave open: one field for each."""

    def __init__(self, *args, upload: SessionImport, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.report, self.before = upload.report, Choices.from_json(upload.choices)
        self.outline = self.report.get("outline", {})
        self.header = self.outline.get("header", [])
        self.asked = self.report.get("questions", {})
        self.people = {normal_form(name): name for name in self.asked.get("practitioner", [])}
        self.words = {normal_form(word): word for word in self.asked.get("attendance", [])}
        self.alike = [LookAlike(**found) for found in self.report.get("look_alikes", [])]
        self._add_sheet()
        self._add_columns()
        self._add_questions(by)
        for place, found in enumerate(self.alike):
            self.fields[f"alike{place}"] = forms.ChoiceField(
                label=look_alike_sentence(found),
                choices=[("both", _("Keep both")), ("same", _("They are one"))],
                widget=forms.RadioSelect,
                initial="both",
            )
        remember = forms.BooleanField(label=_("Remember this for the next file"), required=False, initial=True)
        self.fields["remember"] = remember

    def _add_sheet(self) -> None:
        sheets = self.report.get("sheets", [])
        if sheets:
            choices = [(name, name) for name in sheets]
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=choices, widget=forms.RadioSelect)

    def _add_columns(self) -> None:
        meanings = [(UNUSED, _("Not used")), *((name, COLUMN_NAMES[name]) for name in (*COLUMNS, *SKIPS))]
        for place, (name, column) in enumerate(zip(self.header, self.outline.get("columns", []), strict=True)):
            self.fields[f"column{place}"] = forms.ChoiceField(
                label=name, choices=meanings, required=False, initial=column
            )

    def _add_questions(self, by: Practitioner) -> None:
        if self.asked.get("date_order") or self.before.date_order:
            orders = [(DAY_FIRST, _("The day: 31/12/2025")), (MONTH_FIRST, _("The month: 12/31/2025"))]
            self.fields["date_order"] = forms.ChoiceField(
                label=_("What comes first in the dates?"),
                choices=orders,
                required=False,
                widget=forms.RadioSelect,
                initial=self.before.date_order,
            )
        staff = Practitioner.objects.visible_to(by).exclude(email="", user=None).select_related("user").order_by("name")
        known = [((one.email or one.user.email).lower(), one.name) for one in staff] if self.people else []
        for place, name in enumerate(self.people.values()):
            former = (f"{FORMER}{name}", _("Somebody who has left"))
            self.fields[f"person{place}"] = forms.ChoiceField(
                label=name, choices=[("", _("Nobody yet: leave these lines out")), former, *known], required=False
            )
        for place, word in enumerate(self.words.values()):
            self.fields[f"word{place}"] = forms.ChoiceField(
                label=word, choices=[("", _("Leave these lines out")), *ATTENDANCE_NAMES.items()], required=False
            )

    def columns(self) -> Iterator[dict]:
        """Each column of the file for the page: its field, its examples, and how its meaning is known."""
        for place, (examples, how) in enumerate(
            zip(self.outline.get("examples", []), self.outline.get("how", []), strict=True)
        ):
            yield {"field": self[f"column{place}"], "examples": examples, "how": how}

    def _group(self, start: str) -> list:
        return [self[name] for name in self.fields if name.startswith(start)]

    def person_fields(self) -> list:
        """The fields that ask whose a name is."""
        return self._group("person")

    def word_fields(self) -> list:
        """The fields that ask what a word for attendance means."""
        return self._group("word")

    def alike_fields(self) -> list:
        """The fields that ask whether two names are one."""
        return self._group("alike")

    def clean(self):
        super().clean()
        chosen = {place: self.cleaned_data.get(f"column{place}", UNUSED) for place in range(len(self.header))}
        for place, column in chosen.items():
            if column and column in list(chosen.values())[:place]:
                self.add_error(f"column{place}", _("Another column has this meaning already."))
        for column in REQUIRED if self.header and "sheet" not in self.fields else ():
            if column not in chosen.values():
                self.add_error(None, _("Say which column is “%(name)s”.") % {"name": COLUMN_NAMES[column]})

    def was_changed(self) -> bool:
        """Whether the page was sent with other choices than it was shown with."""
        return any(name in self.data for name in self.fields) and set(self.changed_data) - {"remember"} != set()

    def chosen(self) -> Choices:
        """What was said before and now."""
        data, before = self.cleaned_data, self.before
        columns = {normal_form(name): data[f"column{place}"] for place, name in enumerate(self.header)}
        one = {kind: dict(getattr(before, kind)) for kind in KINDS.values()}
        for place, found in enumerate(self.alike):
            if data[f"alike{place}"] == "same":
                one[KINDS[found.kind]][normal_form(found.name)] = found.other
        return replace(
            before,
            columns=columns if "sheet" not in self.fields else {},
            sheet=data.get("sheet", before.sheet),
            date_order=data.get("date_order", before.date_order),
            people={**before.people, **self._said("person", self.people)},
            attendance={**before.attendance, **self._said("word", self.words)},
            **one,
        )

    def _said(self, start: str, asked: dict[str, str]) -> dict[str, str]:
        return {key: said for place, key in enumerate(asked) if (said := self.cleaned_data[f"{start}{place}"])}
