"""The rule of a service, more time for a client on the list, and why records are kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clients.models import ErasureNotice, LegalHold, RetentionChoice
from clients.models.retention import MOST_YEARS
from clients.retention.registry import rules_of
from organisations.edits.forms import ServedForm
from organisations.models import Organisation
from organisations.services.local_day import today_in

NO_RULE = "none"
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RetentionRuleForm(ServedForm):
    """How long a service keeps records; the first rule of the country is proposed, and none holds until it is saved."""

    rule = forms.ChoiceField(label=_("Rule"), widget=forms.RadioSelect)
    years = forms.IntegerField(
        label=_("Years"),
        required=False,
        min_value=1,
        max_value=MOST_YEARS,
        help_text=_("Only where the rule says: as long as the purpose needs them, and for your own period."),
    )
    basis = forms.CharField(
        label=_("What your own period stands on"),
        required=False,
        max_length=RetentionChoice._meta.get_field("basis").max_length,
        help_text=_("The law with its section, the plan or the decision; who settled it, and when."),
    )
    holds_from = forms.DateField(
        label=_("Holds from"),
        required=False,
        widget=DATE,
        help_text=_("Empty: from now on. Before a later day what holds today goes on."),
    )
    archives_first = forms.BooleanField(label=_("Hand records to the archive before they are erased"), required=False)

    def __init__(self, data: Any = None, *, organisation: Organisation, choice: RetentionChoice | None):
        rules = rules_of(organisation.country, today_in(organisation))
        proposed = rules[0]
        initial = {
            "rule": choice.rule or NO_RULE if choice else proposed.key,
            "years": choice.years if choice else None,
            "basis": choice.basis if choice else "",
            "archives_first": choice.archives_first if choice else proposed.archives_first,
        }
        super().__init__(data, initial=initial)
        self.fields["rule"].choices = [
            *((rule.key, gettext(rule.title)) for rule in rules),
            (NO_RULE, gettext("No rule: nothing is erased")),
        ]

    def clean_rule(self) -> str:
        chosen = self.cleaned_data["rule"]
        return "" if chosen == NO_RULE else chosen


class NoticeExtensionForm(ServedForm):
    """Until when the records are needed, and what for."""

    until = forms.DateField(label=_("Until"), widget=DATE)
    reason = forms.CharField(
        label=_("Why"),
        max_length=ErasureNotice._meta.get_field("extension_reason").max_length,
        help_text=_("For example: the case is looked at by the complaints board."),
    )


class ToldForm(ServedForm):
    """By whom an administrator knows that a client whom they do not see may be erased; it stands in the access log."""

    told = forms.CharField(label=_("Who of those who help the client told you, and what?"), max_length=200)


class LegalHoldForm(ServedForm):
    """Why the records of a client are kept, and until when."""

    exception = forms.ChoiceField(label=_("What kind of reason"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=LegalHold._meta.get_field("reason").max_length)
    until = forms.DateField(
        label=_("Until"), required=False, widget=DATE, help_text=_("Empty: until somebody ends it.")
    )

    def __init__(self, data: Any = None, *, organisation: Organisation):
        super().__init__(data)
        kept = {
            one.key: gettext(one.words)
            for rule in rules_of(organisation.country, today_in(organisation))
            for one in rule.exceptions
        }
        self.fields["exception"].choices = [
            ("", gettext("A complaint, a court case or something else")),
            *kept.items(),
        ]
        if not kept:
            del self.fields["exception"]

    def clean(self) -> dict[str, Any]:
        return {"exception": ""} | (super().clean() or {})
