"""What clients agree to, for other systems: read only, each answer as it was written down."""

import django_filters.rest_framework as filters
from django.db.models import F
from rest_framework import serializers

from clients.api.resources import CONSENTS
from clients.models import Consent, ConsentPurpose
from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import in_organisation
from organisations.api.filters import FreshFilters
from organisations.roles import Can


class ConsentOut(serializers.ModelSerializer):
    """One answer of a client to one purpose. The newest by `recorded_at` holds; no row is ever changed.

    `corrects` is the mistaken entry that a row puts right: it repeats what stood before, and is `unasked` where nothing
    did.
    """

    updated_at = serializers.DateTimeField(source="recorded_at", read_only=True)

    class Meta:
        model = Consent
        fields = [
            "id",
            "client",
            "purpose",
            "state",
            "said_on",
            "said_by",
            "manner",
            "taken_by",
            "recorded_by",
            "recorded_at",
            "corrects",
            "updated_at",
        ]
        read_only_fields = fields


class ConsentFilters(FreshFilters):
    client = filters.UUIDFilter(field_name="client")
    purpose = filters.ChoiceFilter(choices=ConsentPurpose.choices)


class ConsentViewSet(ResourceViewSet):
    resource = CONSENTS
    kind = "consent"
    client_path = "client_id"
    serializer_class = ConsentOut
    filterset_class = ConsentFilters
    lookup_url_kwarg = "consent_id"
    needs = {"list": Can.VIEW_CLIENT, "retrieve": Can.VIEW_CLIENT}

    def rows(self):
        return in_organisation(Consent)(self.request.practitioner).annotate(updated_at=F("recorded_at"))

    @page_described("Answers about consent of the clients that the token sees.", gives=ConsentOut, by=ConsentFilters)
    def list(self, request):
        return super().list(request)

    @described("One answer.", gives=ConsentOut)
    def retrieve(self, request, consent_id):
        return super().retrieve(request)
