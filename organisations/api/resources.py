"""What the API speaks of here, and what its scopes are called."""

from django.utils.translation import gettext_lazy as _

from organisations.tokens.scopes import Resource

PRACTITIONERS = Resource("practitioners", _("Read who works here"))
RESOURCES = (PRACTITIONERS,)
