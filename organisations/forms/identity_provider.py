"""The form of an organisation's identity provider, in the order in which an IT department answers it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import LastChange
from organisations.models import IdentityProvider, ProviderKind
from organisations.services.identity_provider import PLAIN, ROLE_LISTS, shown

LINES = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ONLY_OIDC = ("application_id", "secret", "secret_ends_on")
ONLY_SAML = ("signs_requests", "wants_encryption")
STARTS: dict[str, dict[str, Any]] = {
    ProviderKind.OIDC: {
        "uid_claim": "sub",
        "level_claim": "acr",
        "name_claim": "name",
        "email_claim": "email",
        "role_claim": "roles",
        "number_claim": "tid",
    },
    ProviderKind.SAML: {"signs_requests": True},
}
"""What providers usually call it; an administrator writes over it."""


class IdentityProviderForm(VersionedForm):
    """Who the provider is, and what of its answers decides here. The secret is never shown again."""

    name = forms.CharField(
        label=_("What people call it"), max_length=60, help_text=_("It stands on the button, such as “Solby's log-in”.")
    )
    issuer = forms.CharField(label=_("Issuer (entity id)"), max_length=300)
    source_url = forms.CharField(label=_("Address of the metadata"), max_length=400)
    application_id = forms.CharField(label=_("Application id"), max_length=200, required=False)
    secret = forms.CharField(
        label=_("Application secret"),
        max_length=400,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    secret_ends_on = forms.DateField(label=_("Last day of the secret"), required=False, widget=DAY)
    number_claim = forms.CharField(label=_("Claim with the organisation's number"), max_length=200)
    number_value = forms.CharField(
        label=_("The organisation's number"),
        max_length=100,
        help_text=_("Such as its CVR number or the id of its tenant. An answer with another number lets nobody in."),
    )
    uid_claim = forms.CharField(label=_("Claim with the lasting id"), max_length=200, required=False)
    role_claim = forms.CharField(label=_("Claim with the role"), max_length=200)
    practitioners = forms.CharField(label=_("Values for practitioners"), required=False, widget=LINES)
    leads = forms.CharField(label=_("Values for team leads"), required=False, widget=LINES)
    admins = forms.CharField(label=_("Values for administrators"), required=False, widget=LINES)
    level_claim = forms.CharField(label=_("Claim with the level of the log-in"), max_length=200, required=False)
    strong_levels = forms.CharField(
        label=_("Levels with two factors"),
        required=False,
        widget=LINES,
        help_text=_("One in each line, exactly as they come. Who logs in so is not asked for a second factor here."),
    )
    weak_levels = forms.CharField(
        label=_("Other levels that are enough"),
        required=False,
        widget=LINES,
        help_text=_("Who logs in so is asked for a second factor here where the organisation requires one."),
    )
    max_age_minutes = forms.IntegerField(
        label=_("How many minutes old a log-in there may be"),
        min_value=1,
        max_value=480,
        initial=60,
        help_text=_("After a log-out here, people always log in anew there."),
    )
    name_claim = forms.CharField(label=_("Claim with the person's name"), max_length=200, required=False)
    email_claim = forms.CharField(label=_("Claim with the e-mail address"), max_length=200, required=False)
    mail_domains = forms.CharField(
        label=_("Domains of your own addresses"),
        required=False,
        widget=LINES,
        help_text=_("One in each line. Mails go to such addresses only; an address never decides who somebody is."),
    )
    admits_new = forms.BooleanField(
        label=_("Whoever has a role gets an account at their first log-in"),
        required=False,
        help_text=_("In no team, so they see no client yet. Otherwise only those come in who were invited."),
    )
    signs_requests = forms.BooleanField(label=_("Our requests are signed"), required=False)
    wants_encryption = forms.BooleanField(label=_("Answers must be encrypted"), required=False)

    def __init__(self, *args, provider: IdentityProvider, **kwargs):
        stored = shown(provider)
        starts = STARTS[provider.kind] if provider._state.adding else {}
        super().__init__(*args, **kwargs | {"initial": stored | starts})
        self.provider = provider
        for name in ONLY_SAML if provider.kind == ProviderKind.OIDC else ONLY_OIDC:
            del self.fields[name]
        self._word_by_kind()
        if not provider._state.adding:
            self.add_version(provider, stored)

    def _word_by_kind(self) -> None:
        if self.provider.kind == ProviderKind.OIDC:
            self.fields["issuer"].label = _("Issuer")
            self.fields["source_url"].label = _("Address of the configuration")
            self.fields["source_url"].help_text = _("It usually ends with /.well-known/openid-configuration.")
            if self.provider.sealed_secret:
                self.fields["secret"].help_text = _("One is stored. Left empty, it stays.")
        else:
            self.fields["uid_claim"].help_text = _("Left empty, the persistent name of the answer counts.")
            self.fields["level_claim"].help_text = _("Left empty, the context of the answer counts.")
        for name in ("practitioners", "leads", "admins"):
            self.fields[name].help_text = _("One in each line.")

    def last_change(self, name: str) -> LastChange | None:
        """Values that give a role stand in one column for all roles."""
        return super().last_change("roles" if name in ROLE_LISTS else name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in PLAIN:
            if isinstance(cleaned.get(name), str):
                cleaned[name] = cleaned[name].strip()
        return cleaned
