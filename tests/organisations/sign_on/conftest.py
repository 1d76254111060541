"""Solsikke with its own log-in switched on, by OpenID Connect or by SAML, at a provider on this machine."""

from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from organisations.models import IdentityProvider, SignOn
from organisations.services.identity_provider import save_provider
from organisations.tenancy.context import tenant
from tests.identity_providers import Served, settings_of


@pytest.fixture
def provider(settings):
    with Served() as running:
        settings.SIGN_ON_INSIDE_HOSTS = [urlsplit(running.url).netloc]
        yield running


def connect(provider, ada, kind, **more) -> IdentityProvider:
    """The connection as an administrator leaves it, tried and on."""
    with tenant(ada.organisation_id):
        stored = save_provider(kind=kind, by=ada, **settings_of(provider, kind, **more))
        stored.tried_at = timezone.now()
        stored.save()
        organisation = ada.organisation
        organisation.sign_on = SignOn.OFFERED
        organisation.save()
    return stored


@pytest.fixture
def oidc(provider, ada):
    return connect(provider, ada, "oidc")


@pytest.fixture
def saml(provider, ada):
    return connect(provider, ada, "saml")
