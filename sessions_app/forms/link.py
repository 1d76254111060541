"""What the practitioner chooses before a form leaves for the client's own device."""

from django import forms
from django.utils.translation import gettext_lazy as _

QR, TEXT, MAIL = "qr", "text", "mail"
WAYS = [
    (QR, _("A code on this screen, for the phone's camera")),
    (TEXT, _("A text message, to copy from here")),
    (MAIL, _("An e-mail, sent from here")),
]


class LinkForm(forms.Form):
    """Which form, by whom, and how it reaches them."""

    form = forms.ChoiceField(label=_("Form"), widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How"), choices=WAYS, initial=QR, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail address of the one who fills it in"),
        required=False,
        help_text=_("Only for an e-mail. Used for this one mail and not stored."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    protected = forms.BooleanField(
        label=_("I have made sure that this reaches the right person, and tells nobody where the client is")
    )
    closing = forms.ChoiceField(label=_("Closing words for the client"), required=False)

    def __init__(self, *args, choices, closings, is_protected=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_protected:
            del self.fields["protected"]
        form, closing = self.fields["form"], self.fields["closing"]
        assert isinstance(form, forms.ChoiceField) and isinstance(closing, forms.ChoiceField)  # noqa: S101
        form.choices, closing.choices = choices, closings
        if len(closings) == 1:  # only the thanks: nothing to choose
            del self.fields["closing"]
        self.names = dict(choices)  # what each form is called, with its rater
        if len(choices) == 1:
            form.initial = choices[0][0]

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("way") == MAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the address that the e-mail goes to."))
        return cleaned
