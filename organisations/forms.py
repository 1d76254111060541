"""Forms of people, teams, invitations and one's own account."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm, VersionedForm
from organisations.models import Language, Organisation, Practitioner, Service, Team, User
from organisations.services.by_address import SEND_RESET, ask_about
from organisations.services.invitations import Invitation
from organisations.services.people import may_take_over
from organisations.tokens.models import ApiToken
from organisations.tokens.own import count_open_tokens

PASSWORD_NOW = forms.PasswordInput(attrs={"autocomplete": "current-password"})
PIN = {
    "inputmode": "numeric",
    "autocomplete": "off",
    "maxlength": "6",
    "pattern": "[0-9]{6}",
    "class": "short",
}


class ServiceForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Service
        fields = ["name", "kind", "municipality_code"]
        help_texts = {"kind": _("Decides which forms and which limits fit.")}
        widgets = {"municipality_code": forms.TextInput(attrs={"inputmode": "numeric"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_version_of_row()


class TeamForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "service"]

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(by).order_by("name")
        self.add_version_of_row()


class PractitionerForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Practitioner
        fields = ["name", "email", "role", "teams"]
        widgets = {"teams": forms.CheckboxSelectMultiple}

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(by).select_related("service").order_by("service__name", "name")
        self.fields["teams"].queryset = teams
        self.fields["teams"].label_from_instance = lambda team: f"{team.name} · {team.service.name}"
        self.fields["teams"].help_text = _("All of a team see the team's clients.")
        if ApiToken.objects.visible_to(by).of_systems().filter(practitioner=self.instance.pk).exists():
            self.fields["teams"].help_text = _(
                "A system. With another team its tokens open nothing until a second person has confirmed them anew."
            )
        # Another system, or somebody of an old file, has no address and stays without one.
        self.fields["email"].required = self.instance._state.adding or (
            not self.instance.user_id and bool(self.instance.email)
        )
        if self.instance.user_id:
            self.fields["email"].help_text = _("Mails go here. The address for logging in stays as it is.")
        else:
            self.fields["email"].help_text = _("The invitation goes to this address.")
        self.fields["role"].help_text = _(
            "An administrator manages people and teams and sees of a client the reference and the team only."
        )
        self.add_version_of_row()


class SuccessorForm(ServedForm):
    """Who takes over the clients of somebody who leaves."""

    successor = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Who takes over the clients?"), empty_label=_("Choose")
    )

    def __init__(self, *args, leaving: Practitioner, by: Practitioner, needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = Practitioner.objects.visible_to(by).filter(is_active=True).order_by("name")
        candidates = [colleague.pk for colleague in colleagues if may_take_over(colleague, leaving)]
        self.fields["successor"].queryset = colleagues.filter(pk__in=candidates)
        if not needed:
            del self.fields["successor"]

    def clean(self):
        return {"successor": None} | (super().clean() or {})


class InvitationForm(ServedForm):
    """Name, language, password; the password chosen or, of an account that exists, confirmed."""

    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("As your colleagues know you."))
    language = forms.ChoiceField(label=_("Language of your pages"), choices=Language.choices)
    password = forms.CharField(label=_("Password"), strip=False)

    def __init__(self, *args, request, invitation: Invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.invitation = request, invitation
        self.fields["language"].initial = invitation.practitioner.organisation.language
        if invitation.practitioner.name != invitation.practitioner.email:
            self.fields["name"].initial = invitation.practitioner.name
        if invitation.has_password:
            self.fields["language"].required = False
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["password"].label = _("Your password")
            self.fields["password"].widget = PASSWORD_NOW
        else:
            self.fields["password"].help_text = _("At least 12 characters. Three or four words are a good one.")
            self.fields["password"].widget = forms.PasswordInput(
                attrs={"autocomplete": "new-password", "minlength": "12"}
            )

    def clean_password(self):
        password = self.cleaned_data["password"]
        if self.invitation.has_password:
            check_password(self.request, self.invitation.account, password)
        return password


class NewPasswordForm(ChangePasswordForm):
    """A new password, and whether the programs that work for its owner stay."""

    keep_tokens = forms.BooleanField(
        label=_("My programs keep working"),
        required=False,
        help_text=_(
            "Otherwise their tokens end now. Leave it empty if anybody else may have known the password: they could "
            "have made a token of their own."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user is None or not count_open_tokens(self.user):
            del self.fields["keep_tokens"]


class ResetForm(ResetPasswordForm):
    """The address of whoever has forgotten their password; whether anybody has it is looked up elsewhere."""

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def save(self, request, **kwargs):
        ask_about(SEND_RESET, self.cleaned_data["email"])
        return self.cleaned_data["email"]


class AccountForm(VersionedForm):
    name = forms.CharField(label=_("Your name"), max_length=120)
    language = forms.ChoiceField(label=_("Language of your pages"), required=False)

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {"name": by.name, "language": by.user.language}
        self.initial = {**stored, **self.initial}
        usual = now("As %(organisation)s: %(language)s") % {
            "organisation": by.organisation.name,
            "language": by.organisation.get_language_display(),
        }
        self.fields["language"].choices = [("", usual), *Language.choices]
        self.add_version(by, stored)

    def last_change(self, name):
        """The language belongs to the log-in, which has no history."""
        return super().last_change(name) if name == "name" else None


class LogInRulesForm(VersionedForm):
    """What an organisation asks of everybody's log-in."""

    requires_second_factor = forms.BooleanField(
        label=_("Everybody here needs a second factor"),
        required=False,
        help_text=_("Who has none is led to set one up at their next page and sees nothing else before."),
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        stored = {"requires_second_factor": organisation.requires_second_factor}
        super().__init__(*args, **kwargs | {"initial": stored})
        self.add_version(organisation, stored)


class ConfirmedForm(ServedForm):
    """What only the password confirms; its field stands last, and the service never gets it."""

    password = forms.CharField(label=_("Your password"), strip=False, widget=PASSWORD_NOW)

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["password"] = self.fields.pop("password")

    def clean_password(self):
        check_password(self.request, self.request.user, self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("password", None)
        return cleaned


class PinForm(ConfirmedForm):
    """A PIN, confirmed by the password: whoever finds an open tablet cannot set one."""

    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("Six digits, only for unlocking a tablet that a client has had."),
        widget=forms.PasswordInput(attrs=PIN),
    )


def check_password(request, user: User | None, password: str) -> None:
    """ValidationError unless it is the user's password; counts wrong ones as the log-in page does."""
    found = user and get_adapter().authenticate(request, email=user.email, password=password)
    if not found or found != user:
        raise ValidationError(now("That is not the password."))
