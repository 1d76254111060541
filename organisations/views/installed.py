"""What makes the pages an application that a tablet can install: a manifest and a service worker."""

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisations.access import public


@public
@require_http_methods(["GET", "HEAD"])
def manifest(request):
    return JsonResponse(
        {
            "name": "Medspil",
            "short_name": "Medspil",
            "description": _("Four lines at the start, four at the end, and a curve to talk about."),
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f7f5f0",
            "theme_color": "#12555c",
            "icons": [
                {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
            ],
        },
        content_type="application/manifest+json",
    )


@public
@require_http_methods(["GET", "HEAD"])
def service_worker(request):
    """At the root, since a worker answers only for addresses below its own."""
    context = {"static_url": settings.STATIC_URL}
    return render(request, "service_worker.js", context, content_type="text/javascript; charset=utf-8")
