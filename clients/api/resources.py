"""What the API speaks of here, and what its scopes are called."""

from django.utils.translation import gettext_lazy as _

from organisations.tokens.scopes import Resource

CLIENTS = Resource("clients", _("Read clients"), _("Write clients"))
EPISODES = Resource("episodes", _("Read episodes"), _("Write episodes"))
CONSENTS = Resource("consents", _("Read what clients agree to"))
RESOURCES = (CLIENTS, EPISODES, CONSENTS)
