"""Another system that asks the API: a token, and requests with it."""

import json
import re
from datetime import timedelta
from typing import Any

from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse

from organisations.tenancy.context import tenant
from organisations.tokens.scopes import SCOPES
from organisations.tokens.service import Minted, mint_token
from organisations.web.route_checks import routes
from tests.people import PASSWORD

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"
# An administrator asks for a token of a system; a second person answers.
FORM = {"name": "Record system", "scopes": ["clients:read", "sessions:read"], "lifetime": "90", "password": PASSWORD}
YES, NO = {"agrees": "yes", "password": PASSWORD}, {"agrees": "no", "password": PASSWORD}


def mint(practitioner, scopes=SCOPES, lifetime=timedelta(days=1)) -> Minted:
    """A token with a practitioner's rights; an admin's too, whom the pages would refuse one."""
    with tenant(practitioner.organisation_id):
        role, practitioner.role = practitioner.role, "practitioner"
        minted = mint_token(practitioner=practitioner, name="Copy", scopes=scopes, lifetime=lifetime, by=practitioner)
        practitioner.role = role
    return minted


class System:
    """Asks with one token; `secret` "" asks without."""

    def __init__(self, secret: str = ""):
        self.secret = secret
        self.browser = Browser(raise_request_exception=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str):
        """`path` below /api/v1/, or a whole one; `body` as JSON."""
        given = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith("/") else ROOT + path
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        kwargs = {"data": text, "content_type": "application/json"} if method in {"POST", "PATCH", "PUT"} else {}
        return self.browser.generic(method, address, headers=given, **kwargs)

    def get(self, path: str, **headers: str):
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str):
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str):
        return self.ask("PATCH", path, body, **headers)


def system_of(practitioner, scopes=SCOPES, **more) -> System:
    """A system with a practitioner's token."""
    return System(mint(practitioner, scopes, **more).secret)


def token_routes() -> dict[str, URLPattern]:
    """{name: pattern} of every route that wants a token."""
    get_resolver()
    return {pattern.name: pattern for _path, pattern in routes() if getattr(pattern.callback, "by_token", False)}


def api_routes() -> dict[str, URLPattern]:
    """Those of the API; the others are SCIM's, which no token of the API opens (tests/scim)."""
    return {name: pattern for name, pattern in token_routes().items() if not name.startswith("scim-")}


def methods_of(pattern: URLPattern) -> list[str]:
    """The methods that a route knows, HEAD left out."""
    actions = getattr(pattern.callback, "actions", None) or {"get": "get"}
    return [method.upper() for method in actions if method != "head"]


def decide(browser, by, token, answer=YES, teams=None):
    """Open the page as `by`, and send what it holds with an answer."""
    browser.force_login(by.user)
    url = reverse("token-confirm", args=[token.pk])
    page = browser.get(url)
    shown = re.findall(r'name="teams" value="([\w-]+)"', page.content.decode())
    return browser.post(url, answer | {"teams": shown if teams is None else teams})
