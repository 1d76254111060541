"""What somebody does about alerts: a decision, a question to a colleague, a reason to set them aside."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from sessions_app.models import Decision

WORDS = {"rows": 3, "maxlength": 400}


class AlertDecisionForm(ServedForm):
    decision = forms.ChoiceField(label=_("What was decided"), choices=Decision.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"), max_length=400, required=False, widget=forms.Textarea(attrs=WORDS)
    )


class AskForm(ServedForm):
    colleague = forms.ModelChoiceField(Practitioner.objects.none(), label=_("Colleague"))
    words = forms.CharField(label=_("Your question"), max_length=400, widget=forms.Textarea(attrs=WORDS))

    def __init__(self, *args, colleagues: QuerySet[Practitioner], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues


class SetAsideForm(ServedForm):
    words = forms.CharField(label=_("Why it needs nothing more"), max_length=400, widget=forms.Textarea(attrs=WORDS))
