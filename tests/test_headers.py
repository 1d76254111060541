"""What every answer tells the browser: each route for each actor, and each error page."""

import pytest
from django.conf import settings as configured
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.test import Client as Browser
from django.urls import reverse

from organisations.web import errors, headers
from organisations.web.middleware import KioskMiddleware, TenantMiddleware
from sessions_app.measures.instruments.registry import SRS
from tests.people import PASSWORD
from tests.route_matrix import make_world, named_routes, rolled_back

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Pages that show films of the house's own, and such a film itself, which is never a page.
WITH_FILMS, FILM = f"{POLICY}; media-src 'self'", "default-src 'none'; sandbox"
OWN_POLICIES = {"handbook-chapter": WITH_FILMS, "handbook-own-chapter": WITH_FILMS, "handbook-film": FILM}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": headers.PERMISSIONS,
}
NAMES = [name for name, _ in named_routes()]


def directives(policy: str) -> dict[str, set[str]]:
    return {words[0]: set(words[1:]) for part in policy.split(";") if (words := part.split())}


def missing(answer, url: str, name: str = "") -> list[str]:
    """What an answer's headers lack."""
    found = [f"{name}: {answer.get(name)}" for name, value in EVERYWHERE.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "")
    allowed = OWN_POLICIES.get(name, POLICY) if answer.status_code == 200 else POLICY
    if directives(policy) not in (directives(allowed), directives(POLICY)):
        found.append(f"policy: {policy}")
    if "no-store" not in answer.get("Cache-Control", ""):
        found.append(f"cache: {answer.get('Cache-Control')}")
    referrer = "no-referrer" if url.startswith("/f/") else "same-origin"
    if answer.get("Referrer-Policy") != referrer:
        found.append(f"referrer: {answer.get('Referrer-Policy')} instead of {referrer}")
    if not answer.get("X-Request-ID") or "Server" in answer:
        found.append("request id or server")
    return [f"{url} {answer.status_code}: {one}" for one in found]


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize("actor", ["anonymous", "practitioner", "admin", "capability"])
def test_every_route_has_every_header(world, actor):
    browser = world.browser_of(actor)
    found, statuses = [], set()
    for name in NAMES:
        for method in ("get", "post", "put"):
            with rolled_back():
                answer = getattr(browser, method)(world.url(name))
                found += missing(answer, world.url(name), name)
                statuses.add(answer.status_code)
    assert found == []
    assert {404, 405} <= statuses


def as_it_fails(error):
    def fail(self, request, view, args, kwargs):
        raise error

    return fail


@pytest.mark.parametrize("url", ["/today/", "/f/" + "x" * 43 + "/", "/nowhere/", "/account/login/"])
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadRequest("x"), 400),
        (PermissionDenied("x"), 403),
        (Http404("x"), 404),
        (RuntimeError("x"), 500),
        (OperationalError("x"), 503),
    ],
)
def test_error_pages_have_them_too(db, monkeypatch, url, error, status):
    monkeypatch.setattr(KioskMiddleware, "process_view", as_it_fails(error))
    answer = Browser(raise_request_exception=False).get(url)
    assert answer.status_code == (404 if url == "/nowhere/" else status)
    assert missing(answer, url) == []


@pytest.mark.parametrize(
    ("page", "status"),
    [(errors.bad_request, 400), (errors.too_large, 413), (errors.too_many, 429), (errors.unavailable, 503)],
)
@pytest.mark.parametrize("url", ["/today/", "/f/" + "x" * 43 + "/"])
def test_refusals_of_the_middleware_too(db, monkeypatch, url, page, status):
    monkeypatch.setattr(TenantMiddleware, "__call__", lambda self, request: page(request))
    answer = Browser().get(url)
    assert answer.status_code == status
    assert missing(answer, url) == []
    if status in (429, 503):
        assert int(answer["Retry-After"]) > 0


def test_a_refused_cross_site_form_and_a_strange_host_too(db):
    strict = Browser(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "x"})
    assert (answer.status_code, missing(answer, "/account/login/")) == (403, [])
    answer = Browser().get("/today/", headers={"host": "evil.example.org"})
    assert (answer.status_code, missing(answer, "/today/")) == (400, [])


def test_an_answer_that_conflicts_too(world):
    """409: the second, different answer to a form that is answered."""
    device = Browser()
    url = world.url("rating-form")
    marks = dict.fromkeys(SRS.items, "1")
    assert device.post(url, marks | {"submission_id": "6f1dfb0a-5a5c-4d3e-8a43-0c6c4f6e2f11"}).status_code in (303, 409)
    answer = device.post(url, dict.fromkeys(marks, "9") | {"submission_id": "6f1dfb0a-5a5c-4d3e-8a43-0c6c4f6e2f12"})
    assert answer.status_code == 409, answer.content.decode()
    assert missing(answer, url) == []


def test_the_policy_allows_nothing_inline_anywhere():
    words = {word for values in configured.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for word in values}
    assert not {word for word in words if "unsafe" in word or word in ("*", "https:", "http:")}


def test_what_is_missing_is_seen(browser, monkeypatch):
    """The control."""
    answer = browser.get("/account/login/")
    assert missing(answer, "/account/login/") == []
    for name in (*EVERYWHERE, "Content-Security-Policy", "Cache-Control", "Referrer-Policy"):
        kept = answer[name]
        del answer[name]
        assert missing(answer, "/account/login/"), name
        answer[name] = kept


def test_cookies_are_kept_from_scripts_and_other_sites(browser, ann):
    browser.post(reverse("account_login"), {"login": ann.user.email, "password": PASSWORD})
    cookie = browser.cookies[configured.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] in ("Lax", "Strict")
