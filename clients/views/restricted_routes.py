"""Every route about a client whose data are kept and not used asks why first (article 18 of the GDPR)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.services.restricted_reading import may_read, restrictions_named
from organisations.login import typed_text
from organisations.web.middleware import Around


class RestrictedClientMiddleware(Around):
    """Before the view, by what the route's arguments name: nobody has to remember it in a view.

    Who comes with a token of their own (the client's form) is no practitioner and is not asked. Another system has no
    reason to give, and is refused (organisations/api/unused.py).
    """

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        by = getattr(request, "practitioner", None)
        if by is None or hasattr(view, "by_token") or getattr(view, "open_while_restricted", False):
            return None
        verbs = getattr(view, "requires", ())
        if verbs and not any(by.can(verb) for verb in verbs):
            return None  # refused by the view itself
        standing = restrictions_named(kwargs, by)
        request.restriction = standing[0] if standing else None
        for restriction in standing:
            if not may_read(restriction.client, request.session):
                return _ask(request, view, restriction.client)
        return None


def _ask(request, view, client):
    """To the page that asks for the reason; what was typed is kept and can be sent afterwards."""
    asks = reverse("restricted-reading", args=[client.pk])
    if "text/html" not in request.headers.get("Accept", "text/html"):
        said = _("This client's data are kept and not used for now. Open the client and say why you need them.")
        return HttpResponse(said, status=403, content_type="text/plain; charset=utf-8")
    if request.method in ("GET", "HEAD"):
        return redirect(reverse("restricted-reading", args=[client.pk], query={"next": request.get_full_path()}))
    if typed_text.keep(request, view):
        return redirect(reverse("restricted-reading", args=[client.pk], query={"next": reverse("typed-again")}))
    return redirect(asks)
