"""Who asks, and whether they may: the token that the middleware found, its scopes, its practitioner's rights."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from organisations.tokens.scopes import PROVISIONING, scope_for

READING = ("GET", "HEAD")
UNKNOWN = (None, "metadata")  # a method that the route does not know: answered with 405 by whoever asks


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, and nothing else: a browser's cookie opens no route of the API."""

    def authenticate(self, request):
        token = getattr(request._request, "api_token", None)
        if token is None:
            return None
        return token.practitioner.user or AnonymousUser(), token

    def authenticate_header(self, request):
        return 'Bearer realm="medspil"'


class TokenMay(BasePermission):
    """The token has the route's scope, and its practitioner may do what the route does."""

    def has_permission(self, request, view):
        if request.auth is None:
            return False
        if request.auth.is_waiting:
            raise PermissionDenied(
                _("The token opens nothing yet: a second person has to confirm it, for each team of its system.")
            )
        if PROVISIONING in request.auth.scopes:
            raise PermissionDenied(_("The token makes log-ins by SCIM, and opens nothing here."))
        if view.resource is None or view.action in UNKNOWN:
            return True
        scope = scope_for(view.resource, write=request.method not in READING)
        if scope not in request.auth.scopes:
            raise PermissionDenied(_("The token has not the scope %(scope)s.") % {"scope": scope})
        verb = view.verb()
        return verb is not None and request.practitioner.can(verb)


class TokenScheme(OpenApiAuthenticationExtension):
    """The token in the API's description."""

    target_class = "organisations.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that an administrator (for a system) or a practitioner (for themselves) has made.",
        }
