"""Solsikke's IT department: a token that a second person has confirmed, and SCIM switched on."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from organisations.models import Provisioning, TokenConfirmation
from organisations.tenancy.context import tenant
from organisations.tokens.service import mint_system_token

ROOT = "/scim/v2/"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


class IT:
    """Asks with one token."""

    def __init__(self, secret, token=None):
        self.secret, self.token, self.browser = secret, token, Browser(raise_request_exception=False)

    def ask(self, method, path, body=None, **headers):
        given = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        text = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        kind = {"data": text, "content_type": "application/scim+json"} if body is not None else {}
        return self.browser.generic(method, path if path.startswith("/") else ROOT + path, headers=given, **kind)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def filtered(self, wanted, kind="Users", **more):
        """The user names (or names of groups) that a filter finds, in their order."""
        answer = self.ask("POST", f"{kind}/.search", {"schemas": [SEARCH], "filter": wanted, **more})
        assert answer.status_code == 200, answer.content
        name = "userName" if kind == "Users" else "displayName"
        return [one[name] for one in answer.json()["Resources"]]

    def add(self, user_name="kim@solsikke.example", **more):
        return self.ask("POST", "Users", {"schemas": [USER], "userName": user_name, **more})

    def made(self, user_name="kim@solsikke.example", **more):
        answer = self.add(user_name, **more)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def patch(self, path, *operations, **headers):
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.ask("PATCH", path, body, **headers)


def switch_on(by, **rules):
    """The organisation's row, on."""
    with tenant(by.organisation_id):
        stored, _made = Provisioning.objects.get_or_create(organisation=by.organisation)
        for name, value in {"is_on": True, **rules}.items():
            setattr(stored, name, value)
        stored.save()
    return stored


def token_of(by, second=None, lifetime=timedelta(days=1)):
    """A token of a system, confirmed by `second`."""
    with tenant(by.organisation_id):
        minted = mint_system_token(name="IT", scopes=["scim"], lifetime=lifetime, teams=[], by=by)
        if second is not None:
            TokenConfirmation.objects.create(
                organisation_id=by.organisation_id, token=minted.token, confirmed_by=second
            )
    return IT(minted.secret, minted.token)


@pytest.fixture
def on(ada, service):
    """SCIM is on, new groups become teams of the house at the harbour."""
    return switch_on(ada, service=service)


@pytest.fixture
def it(ada, lea, on):
    return token_of(ada, lea)
