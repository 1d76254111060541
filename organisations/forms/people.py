"""Forms of people, teams, invitations and one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm, VersionedForm
from organisations.forms.confirmed import PASSWORD_NOW, check_password
from organisations.models import ApiToken, Practitioner, Team, language_choices
from organisations.roles import Role
from organisations.services.access_ends import LAST_DAY_NEEDED
from organisations.services.invitations import Invitation


class PractitionerForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Practitioner
        fields = ["name", "email", "role", "teams", "invited_in", "access_from", "access_until", "away_until"]
        widgets = {
            "teams": forms.CheckboxSelectMultiple,
            "access_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "access_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "away_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "access_from": _("The first day: the invitation is sent then. Empty: at once."),
            "access_until": _("The last day; then the account ends by itself. A consultant needs one."),
            "away_until": _(
                "The last day of an illness or a leave. Until then others are told of the clients' alerts."
            ),
        }

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
            "An administrator manages people and teams and sees of a client the reference and the team only. "
            "An external consultant reads the cases that are opened to them, without names, and nothing else."
        )
        self.fields["invited_in"].choices = [("", _("as the organisation")), *language_choices()]
        if not self.instance.user_id:
            del self.fields["away_until"]  # who does not log in is told of nothing
        else:
            del self.fields["access_from"], self.fields["invited_in"]  # they are in
        self.add_version_of_row()

    def clean(self):
        """The database asks for it too, but knows no field to say so beside."""
        cleaned = super().clean() or {}
        if cleaned.get("role") == Role.CONSULTANT and not cleaned.get("access_until"):
            self.add_error("access_until", LAST_DAY_NEEDED)
        return cleaned


class InvitationForm(ServedForm):
    """Name, language, password; the password chosen or, of an account that exists, confirmed."""

    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("As your colleagues know you."))
    language = forms.ChoiceField(label=_("Language of your pages"), choices=language_choices)
    password = forms.CharField(label=_("Password"), strip=False)

    def __init__(self, *args, request, invitation: Invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.invitation = request, invitation
        person = invitation.practitioner
        self.fields["language"].initial = person.invited_in or person.organisation.language
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
