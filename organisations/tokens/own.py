"""The tokens that act for somebody themselves, in every organisation where they work: they end with the log-ins."""

from django.utils import timezone

from organisations.audit.account_events import places_of
from organisations.models import ApiToken, User
from organisations.tenancy.context import tenant
from organisations.tokens.service import revoke_tokens_of


def count_open_tokens(user: User) -> int:
    """How many tokens work for a person now."""
    found = 0
    for place in places_of(user):
        with tenant(place.organisation_id):
            tokens = ApiToken.objects.filter(practitioner=place).with_validity()
            found += tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count()
    return found


def end_tokens(user: User) -> int:
    """Close every token of a person, on record in each organisation; how many were open."""
    ended = 0
    for place in places_of(user):
        with tenant(place.organisation_id):
            ended += revoke_tokens_of(practitioner=place, by=place)
    return ended
