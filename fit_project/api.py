"""The API's routes, its description (OpenAPI 3.1) and the page that shows it."""

import json
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils import translation
from django.views.decorators.http import require_safe
from rest_framework.routers import SimpleRouter

from clients.api.clients import ClientViewSet
from clients.api.consents import ConsentViewSet
from clients.api.episodes import EpisodeViewSet
from fit_project import api_page
from organisations.access import public
from organisations.api.organisation import MeView
from organisations.api.practitioners import PractitionersView
from organisations.web.problems import is_api, problem
from sessions_app.api.alerts import AlertViewSet
from sessions_app.api.decisions import DecisionViewSet
from sessions_app.api.goals import GoalViewSet
from sessions_app.api.notes import NoteViewSet, RemarkViewSet
from sessions_app.api.ratings import RatingViewSet
from sessions_app.api.sessions import SessionViewSet

__all__ = ["is_api", "problem", "urlpatterns"]

router = SimpleRouter(use_regex_path=False)
for name, viewset in {
    "clients": ClientViewSet,
    "episodes": EpisodeViewSet,
    "sessions": SessionViewSet,
    "ratings": RatingViewSet,
    "notes": NoteViewSet,
    "alerts": AlertViewSet,
    "remarks": RemarkViewSet,
    "decisions": DecisionViewSet,
    "goals": GoalViewSet,
    "consents": ConsentViewSet,
}.items():
    router.register(name, viewset, basename=f"api-{viewset.kind}")


@cache
def description() -> dict[str, Any]:
    """The API in OpenAPI 3.1: made once a process, from the code, in English."""
    from drf_spectacular.generators import SchemaGenerator  # only where somebody asks

    with translation.override("en"):
        made = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
    return json.loads(json.dumps(made, default=str))


@public
@require_safe
def schema(request):
    """The description, for programs. It shows no data."""
    return HttpResponse(json.dumps(description()), content_type="application/vnd.oai.openapi+json")


@public
@require_safe
def docs(request):
    """The description, for people: one page without a script."""
    return TemplateResponse(request, "api/docs.html", {"page": api_page.page_of(description())})


urlpatterns = [
    path(
        "api/v1/",
        include(
            [
                *router.urls,
                path("me/", MeView.as_view(), name="api-me"),
                path("practitioners/", PractitionersView.as_view(), name="api-practitioner-list"),
                path("schema/", schema, name="api-schema"),
                path("docs/", docs, name="api-docs"),
            ]
        ),
    ),
]
