"""Forms of the wording pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.models import Organisation
from sessions_app.models import PackLicence
from sessions_app.services.form_settings import COLUMNS, NUMBER, WORDS, form_choices
from sessions_app.services.kept_photos import LONGEST


class PackForm(forms.Form):
    """A pack's file."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("A JSON file of at most 512 kB. Nobody sees its words before its licence is confirmed."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"empty": _("The file is empty.")},
    )


class LicenceForm(forms.ModelForm):
    """What the licence says."""

    class Meta:
        model = PackLicence
        fields = ["holder", "number", "scope", "valid_until", "seats", "document"]
        widgets = {"valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class FormSettingsForm(VersionedForm):
    """What an organisation chooses about the client's form, on a screen and on paper."""

    numbers = forms.ChoiceField(
        label=_("A screen reader says a mark"),
        choices=[
            (WORDS, _("in words, such as “a little from the middle, towards: good”")),
            (NUMBER, _("as a number, such as 6.2")),
        ],
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(
        label=_("Whom clients ask about their data"),
        max_length=200,
        required=False,
        help_text=_(
            "Stands under a form that opens on the client's own device: a name or an office and how to reach it, "
            "such as the data protection officer's telephone. Everybody with a link can read it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    closings = forms.BooleanField(
        label=_("Practitioners may choose closing words for the client"),
        required=False,
        help_text=_("One of four sentences under the thanks. Without it there are only the thanks."),
    )
    follow_ups = forms.BooleanField(
        label=_("A follow-up after an episode may be sent by e-mail"),
        required=False,
        help_text=_(
            "Only to clients who gave their address for that. The mail holds the link and no word about the client or "
            "you; the address is deleted when it has left."
        ),
    )

    photo_days = forms.IntegerField(
        label=_("Days to keep pictures of confirmed sheets"),
        required=False,
        min_value=0,
        max_value=LONGEST,
        help_text=_(
            "0: nothing of a picture is kept once its sheet is confirmed. Otherwise it stands beside the answer, for "
            "whoever may read the client's own words; 365 days at most. With 0 all pictures are deleted at once, with "
            "fewer days the older ones."
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        stored = form_choices(organisation)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.add_version(organisation, stored)

    def clean_photo_days(self):
        return self.cleaned_data["photo_days"] or 0

    def last_change(self, name):
        return super().last_change(COLUMNS[name])
