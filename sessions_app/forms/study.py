"""Forms of a study: its protocol and arms, an amendment, who is assessed and who is out, how many it needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.edits.forms import ServedForm, VersionedForm
from organisations.edits.last_change import LastChange
from organisations.models import Practitioner
from sessions_app.forms.session import DATE
from sessions_app.measures.studies.power import Design
from sessions_app.models import Exclusion, LeftReason, Study, StudyAmendment
from sessions_app.models.study import HIGHEST_WEIGHT
from sessions_app.services.studies import ARMS, FIELDS, stored_fields
from sessions_app.services.study_enrolment import clients_to_assess, practitioners_to_allocate

ENROL = "enrol"


class StudyForm(VersionedForm, forms.ModelForm):
    """What the study is about, and up to three arms."""

    class Meta:
        model = Study
        fields = FIELDS
        widgets = {
            "purpose": forms.Textarea({"rows": 3}),
            "criteria": forms.Textarea({"rows": 3}),
            "protocol": forms.Textarea({"rows": 10}),
            "starts_on": DATE,
            "ends_on": DATE,
        }
        labels = {
            "by_service": gettext_lazy("Draw lots within each service"),
            "by_age": gettext_lazy("Draw lots within each age group"),
            "by_intake": gettext_lazy("Draw lots apart for low and high first scores"),
        }
        help_texts = {
            "purpose": gettext_lazy("In a sentence or two, as the clients are told."),
            "criteria": gettext_lazy("So that two people who assess the same client come to the same answer."),
            "protocol": gettext_lazy("Once the study is open the text stands. What changes then is an amendment."),
            "approver": gettext_lazy("Who has approved the study, for example an ethics committee."),
            "unit": gettext_lazy("A practitioner's clients are all in one arm, or each client has a lot of their own."),
            "is_blinded": gettext_lazy("Until it is closed, pages call the arms by letters and tell of nobody's arm."),
            "who5_weeks": gettext_lazy("From everybody in the study, whichever the arm."),
            "by_service": gettext_lazy("Lots are drawn within each service, so that the arms are alike there."),
            "by_age": gettext_lazy("Only where lots are drawn for clients."),
            "by_intake": gettext_lazy("Only where lots are drawn for clients. Without an ORS the first WHO-5 counts."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        shown = stored_fields(self.instance)
        for number in ARMS:
            self._add_arm(number, shown)
        if not self.instance._state.adding:
            self.add_version(self.instance, shown)

    def last_change(self, name: str) -> LastChange | None:
        """Who stored it; of an arm nobody is named, for all of them are stored anew with each change."""
        return super().last_change(name) if name in FIELDS else None

    def _add_arm(self, number: int, shown: dict[str, Any]) -> None:
        given = {"number": number}
        unseen = _("Without it only WHO-5 is asked for, and nobody sees the answers before the study is closed.")
        self.fields[f"arm_{number}"] = forms.CharField(
            label=_("Arm %(number)d: name") % given,
            max_length=60,
            required=number < ARMS[-1],
            initial=shown[f"arm_{number}"],
        )
        self.fields[f"arm_{number}_feedback"] = forms.BooleanField(
            label=_("Arm %(number)d sees feedback") % given,
            required=False,
            initial=shown[f"arm_{number}_feedback"],
            help_text=unseen if number == ARMS[0] else "",
        )
        self.fields[f"arm_{number}_weight"] = forms.IntegerField(
            label=_("Arm %(number)d: share") % given,
            min_value=1,
            max_value=HIGHEST_WEIGHT,
            initial=shown[f"arm_{number}_weight"],
        )


class AmendmentForm(ServedForm, forms.ModelForm):
    """What is changed in an open study, and by whose leave."""

    class Meta:
        model = StudyAmendment
        fields = ("text", "approval_reference")
        widgets = {"text": forms.Textarea({"rows": 6})}


class AssessForm(ServedForm):
    """Whom, and whether they take part."""

    client: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Client"), empty_label=gettext_lazy("Choose a client")
    )
    assessment = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[(ENROL, gettext_lazy("Takes part: draw the lot")), *Exclusion.choices],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A lot that is drawn stands. Ask for the consent to research first."),
    )

    def __init__(self, *args: Any, study: Study, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = clients_to_assess(study, by)
        self.fields["client"].label_from_instance = lambda client: client.reference
        self.offered = [client.pk for client in self.fields["client"].queryset]


class AllocateForm(ServedForm):
    """For which practitioner the next lot is drawn."""

    practitioner: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Practitioner"), empty_label=gettext_lazy("Choose a practitioner")
    )

    def __init__(self, *args: Any, study: Study, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = practitioners_to_allocate(study, by)
        self.fields["practitioner"].label_from_instance = lambda person: person.name
        self.offered = bool(self.fields["practitioner"].queryset)


class LeaveForm(ServedForm):
    """Why somebody is out of the study. A consent that is taken back is entered where consents are."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[one for one in LeftReason.choices if one[0] != LeftReason.CONSENT],
        widget=forms.RadioSelect,
    )


class PowerForm(forms.Form):
    """The design of two arms; every number has a usual value."""

    d = forms.FloatField(
        localize=True,
        label=gettext_lazy("Difference between the arms"),
        min_value=0.01,
        max_value=100,
        initial=0.5,
        help_text=gettext_lazy("In points; in standard deviations where the number below is 1."),
    )
    sd = forms.FloatField(
        localize=True, label=gettext_lazy("Standard deviation"), min_value=0.01, max_value=100, initial=1
    )
    alpha = forms.FloatField(
        localize=True, label=gettext_lazy("Significance level, two-sided"), min_value=0.001, max_value=0.2, initial=0.05
    )
    power = forms.FloatField(
        localize=True, label=gettext_lazy("Power wanted"), min_value=0.5, max_value=0.99, initial=0.8
    )
    icc = forms.FloatField(
        localize=True,
        label=gettext_lazy("Likeness of one practitioner's clients (ICC)"),
        min_value=0,
        max_value=0.9,
        initial=0.05,
        help_text=gettext_lazy("0: the practitioner makes no difference. About 0.05 is usual."),
    )
    size = forms.FloatField(
        localize=True,
        label=gettext_lazy("Clients of each practitioner, on average"),
        min_value=1,
        max_value=500,
        initial=5,
    )
    cv = forms.FloatField(
        localize=True,
        label=gettext_lazy("How unequal that is (coefficient of variation)"),
        min_value=0,
        max_value=3,
        initial=0.4,
    )
    r = forms.FloatField(
        localize=True,
        label=gettext_lazy("Correlation of first and last score"),
        min_value=0,
        max_value=0.95,
        initial=0.5,
    )
    drop_out = forms.FloatField(
        localize=True, label=gettext_lazy("Share without a last score"), min_value=0, max_value=0.9, initial=0.2
    )
    clients = forms.IntegerField(
        label=gettext_lazy("Clients in each arm that you can enrol"), min_value=2, max_value=100_000, required=False
    )

    @property
    def design(self) -> Design:
        """What was typed, of a form that is valid."""
        typed = self.cleaned_data
        return Design(
            d=typed["d"] / typed["sd"],
            alpha=typed["alpha"],
            icc=typed["icc"],
            cluster_size=typed["size"],
            cluster_cv=typed["cv"],
            r=typed["r"],
            drop_out=typed["drop_out"],
        )
