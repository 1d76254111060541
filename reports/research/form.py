"""What somebody says who asks for a study's data, and what the second person decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.forms.confirmed import ConfirmedForm
from sessions_app.models import ExportColumn


class ExportForm(ConfirmedForm):
    """What the data are for, who gets them, and what goes along; confirmed by the password."""

    purpose = forms.CharField(
        label=_("What are the data for?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One question of the study's protocol. It goes into the file and stands here afterwards."),
    )
    recipient = forms.CharField(label=_("Who gets them?"), max_length=120, help_text=_("A person and where they work."))
    columns = forms.MultipleChoiceField(
        label=_("What goes along?"),
        choices=ExportColumn.choices,
        initial=list(ExportColumn.values),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The less there is, the less has to be made coarser. Arm, marks and scores always go along."),
    )


class ExportDecisionForm(ConfirmedForm):
    """Whether the data may leave; confirmed by the password."""

    agrees = forms.TypedChoiceField(
        label=_("What do you decide?"),
        choices=[("yes", _("The data may leave")), ("no", _("They may not"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        empty_value=None,
    )
