"""Forms of people, teams, invitations and one's own account."""

from allauth.account.forms import ChangePasswordForm, ResetPasswordForm
from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.versions import values_of
from organisations.forms.confirmed import ConfirmedForm
from organisations.login.by_address import SEND_RESET, ask_about
from organisations.models import Practitioner, language_choices
from organisations.models.practitioner import DIGEST_HOURS
from organisations.roles import Can
from organisations.services.account import OWN
from organisations.services.log_in_rules import emergency_admins, rules_of
from organisations.tokens.own import count_open_tokens

PIN = {
    "inputmode": "numeric",
    "autocomplete": "off",
    "maxlength": "6",
    "pattern": "[0-9]{6}",
    "class": "short",
}


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
    digest_hour = forms.TypedChoiceField(
        label=_("Mail of the day"),
        coerce=int,
        choices=[(hour, f"{hour:02}.00") for hour in range(DIGEST_HOURS[0], DIGEST_HOURS[1] + 1)],
        help_text=_("At most one a day, if somebody needs your attention. No word about who it is stands in it."),
    )

    away_until = forms.DateField(
        label=_("Away until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day of your leave. Until then the other contact person is told of your clients' alerts."),
    )

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {"name": by.name, "language": by.user.language, **values_of(by, OWN)}
        if not by.can(Can.VIEW_CLIENT):
            for name in OWN:
                del self.fields[name]
        self.initial = {**stored, **self.initial}
        usual = now("As %(organisation)s: %(language)s") % {
            "organisation": by.organisation.name,
            "language": by.organisation.get_language_display(),
        }
        self.fields["language"].choices = [("", usual), *language_choices()]
        self.add_version(by, stored)

    def last_change(self, name):
        """The language belongs to the log-in, which has no history."""
        return super().last_change(name) if name != "language" else None


class LogInRulesForm(VersionedForm):
    """What an organisation asks of everybody's log-in."""

    requires_second_factor = forms.BooleanField(
        label=_("Everybody here needs a second factor"),
        required=False,
        help_text=_("Who has none is led to set one up at their next page and sees nothing else before."),
    )

    requires_sign_on = forms.BooleanField(
        label=_("Everybody here logs in with the organisation's own log-in"),
        required=False,
        help_text=_("Passwords and passkeys open nothing here any more, but for the administrator below."),
    )
    emergency_admin = forms.ModelChoiceField(
        Practitioner.objects.none(),
        label=_("Logs in by password when it is away"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("An administrator with a second factor whose account is not tied to the organisation's log-in."),
    )

    def __init__(self, *args, by: Practitioner, **kwargs):
        stored = rules_of(by.organisation)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.fields["emergency_admin"].queryset = emergency_admins(by)
        for name in set(self.fields) - set(stored):
            del self.fields[name]
        self.add_version(by.organisation, stored)


class PinForm(ConfirmedForm):
    """A PIN, confirmed by the password: whoever finds an open tablet cannot set one."""

    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("Six digits, only for unlocking a tablet that a client has had."),
        widget=forms.PasswordInput(attrs=PIN),
    )
