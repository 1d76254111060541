"""Hold a passage back, and give everything out."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clients.models import Client, HeldBackPassage, SubjectRequest
from organisations.edits.forms import ServedForm
from reports.subject.looks import NAMES_BY_COUNTRY

MOST_PURPOSE = 200  # characters that the access log keeps


class HeldBackPassageForm(ServedForm):
    """The words as they stand in the text, and the reason that the client is told."""

    passage = forms.CharField(
        label=_("Words to hold back, as they stand in the text"),
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000}),
        help_text=_("The whole text or a part of it. Wherever the same words stand they are left out."),
    )
    reason = forms.CharField(
        label=_("Reason that the client is told"),
        max_length=HeldBackPassage._meta.get_field("reason").max_length,
        help_text=_("For example: about somebody else, who has not agreed."),
    )


class SubjectFileForm(ServedForm):
    """What for, in which language, whether with names; and that somebody has gone through the words."""

    request: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("The client's request"), required=False, empty_label=_("No request")
    )
    purpose = forms.CharField(label=_("What for"), max_length=MOST_PURPOSE)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    names = forms.BooleanField(label=_("Tell who looked by name"), required=False)
    gone_through = forms.BooleanField(
        label=_("I have gone through the words below and held back what is about others"),
        error_messages={"required": _("Go through the words first.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, client: Client, seen: str):
        spoken = client.form_language if client.form_language in dict(settings.LANGUAGES) else ""
        initial: dict[str, Any] = {"language": spoken or client.organisation.language, "seen": seen}
        initial |= {"names": client.organisation.country in NAMES_BY_COUNTRY}
        super().__init__(data, initial=initial, auto_id="file-%s")
        self.now = seen
        asked: Any = self.fields["request"]
        asked.queryset = SubjectRequest.objects.filter(client=client).order_by("-arrived_on")

    def show_again(self, seen: str) -> None:
        """The page shows the words anew; sent once more, the form brings that along."""
        sent = self.data.copy()  # type: ignore[attr-defined]  # of a request
        sent["seen"] = seen
        self.data = sent

    def clean_seen(self) -> str:
        """What was written since the page was shown nobody has gone through."""
        if self.cleaned_data["seen"] != self.now:
            raise forms.ValidationError(_("Something was written meanwhile. Go through the words once more."))
        return self.now
