"""Forms of photographed sheets: sending them, and confirming one line by line."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner
from sessions_app.forms.paper import own_client
from sessions_app.forms.session import DATE
from sessions_app.measures.marks import MarkError, in_points, parse_mark
from sessions_app.models import SheetPhoto
from sessions_app.texts.form_wording import Item
from sessions_app.texts.marks import MARK_ERRORS
from sessions_app.texts.sheet_photos import NOTICES
from sessions_app.wording.choice import Chosen

ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,image/webp,image/tiff,application/pdf,.heic,.heif"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or many files; each of them is asked for, none may be empty."""

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class PhotosForm(forms.Form):
    """Pictures or scans of sheets."""

    pictures = FilesField(
        label=_("Pictures of sheets"),
        help_text=_("From the camera or as files, one sheet on each picture; scans as PDF too."),
        widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        max_length=200,
        error_messages={"empty": _("The file is empty."), "required": _("Take or choose a picture first.")},
    )


@dataclass(frozen=True)
class PhotoLine:
    """One line of a sheet as the page shows it; `cut_out` is a data URI, "" where there is none."""

    item: Item
    cut_out: str
    notice: Promise | str
    mark: forms.BoundField
    fits: forms.BoundField


class SheetPhotoForm(forms.Form):
    """Every line's mark, and that somebody looked at it; whose sheet it is, where the sheet does not say."""

    client = forms.CharField(
        label=_("Client's reference"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    held_on = forms.DateField(label=_("Date"), widget=DATE)

    use_required_attribute = False

    def __init__(self, *args, photo: SheetPhoto, chosen: Chosen, by: Practitioner, asks_whose: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.photo, self.by, self.items = photo, by, chosen.words.items
        if not asks_whose:
            del self.fields["client"], self.fields["held_on"]
        for place, (mark, _notice) in enumerate(photo.proposal):
            shown = None if mark is None else str(in_points(mark))
            number = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 4})
            label = self.items[place].label
            self.fields[f"mark{place}"] = forms.CharField(
                label=label,
                initial=shown,
                widget=number,
                max_length=10,
                error_messages={"required": str(MARK_ERRORS["empty"])},
            )
            self.fields[f"fits{place}"] = forms.BooleanField(
                label=_("Fits"), error_messages={"required": _("Look at this line and say that it fits.")}
            )

    def clean_client(self):
        return own_client(self.cleaned_data["client"], self.by)

    def clean(self):
        super().clean()
        self.marks = [self._mark(place) for place in range(len(self.photo.proposal))]

    def _mark(self, place: int) -> int:
        name = f"mark{place}"
        if name not in self.cleaned_data:
            return 0  # it has an error
        try:
            return parse_mark(self.cleaned_data[name])
        except MarkError as error:
            self.add_error(name, str(MARK_ERRORS[error.code]))
            return 0

    def whose(self) -> dict:
        """The client and the day, where they were asked for."""
        return {name: self.cleaned_data[name] for name in ("client", "held_on") if name in self.fields}

    def lines(self) -> Iterator[PhotoLine]:
        """What the page shows of each line."""
        for place, (_mark, notice) in enumerate(self.photo.proposal):
            yield PhotoLine(
                self.items[place],
                picture_uri(self.photo.cut_outs[place]) if place < len(self.photo.cut_outs) else "",
                NOTICES[notice] if notice else "",
                self[f"mark{place}"],
                self[f"fits{place}"],
            )


def picture_uri(content: bytes | memoryview | None) -> str:
    """A JPEG as the address of a picture, so that no file of it lies on the device; "" for none."""
    return f"data:image/jpeg;base64,{base64.b64encode(bytes(content)).decode()}" if content else ""
