"""Practitioners' remarks for other systems: read only, and never among the clients' own words."""

import django_filters.rest_framework as filters

from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import in_organisation
from organisations.roles import Can
from sessions_app.api.notes import NoteFilters, NoteOut
from sessions_app.api.resources import REMARKS
from sessions_app.models import OWN_WORDS, Note, NoteKind


class RemarkOut(NoteOut):
    """What a practitioner wrote at a session. `version` counts the changes."""


class RemarkFilters(NoteFilters):
    kind = filters.ChoiceFilter(choices=[choice for choice in NoteKind.choices if choice[0] not in OWN_WORDS])


class RemarkViewSet(ResourceViewSet):
    resource = REMARKS
    kind = "remark"
    client_path = "session.client_id"
    serializer_class = RemarkOut
    filterset_class = RemarkFilters
    lookup_url_kwarg = "remark_id"
    needs = {"list": Can.VIEW_CLIENT, "retrieve": Can.VIEW_CLIENT}

    def rows(self):
        return in_organisation(Note)(self.request.practitioner).remarks().select_related("session")

    @page_described("Remarks about the clients that the token sees.", gives=RemarkOut, by=RemarkFilters)
    def list(self, request):
        return super().list(request)

    @described("One remark.", gives=RemarkOut)
    def retrieve(self, request, remark_id):
        return super().retrieve(request)
