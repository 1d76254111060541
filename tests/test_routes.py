"""Who may use which route: every route x method x actor against one table, generated from the URL conf."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from clients.models import ClientQuerySet
from organisations.access import public
from organisations.roles import GRANTS, Can, Role
from organisations.web.middleware import KioskMiddleware
from tests.api.asking import api_routes
from tests.route_matrix import (
    CLIENT_WORDS,
    HOUSE_WORDS,
    OK,
    REFERENCE,
    Expect,
    complaints_about,
    expecting,
    make_world,
    named_routes,
    of_admin,
    of_admin_about,
    of_anybody,
    of_client,
    of_everybody_here,
    of_library,
    of_one_person,
    of_staff,
    of_tokens,
    unlisted,
)

pytestmark = pytest.mark.django_db

TABLE: dict[str, Expect] = {
    # reports
    "home": of_everybody_here(get=302, post=302),
    "today": of_staff(),
    "first-steps": of_staff(),
    "first-practice": of_staff(get=405, post=302),
    "client-detail": of_client(),
    "client-together": of_client(),
    "client-changes": of_client(),
    "session-result": of_client(),
    "supervision": of_staff(),
    "supervision-of": of_one_person(),
    "expected-course": of_everybody_here(),
    "results": of_everybody_here(post=405),
    "results-csv": of_admin(post=405),
    "results-evidence": of_everybody_here(post=405),
    # clients
    "client-list": of_everybody_here(),
    "client-new": of_staff(),
    "client-edit": of_client(),
    "client-looks": of_client(),
    "access-log": of_admin(),
    "access-log-export": of_admin(),
    "client-teams": of_admin_about(),
    "team-merge": of_admin_about(post=422),
    "service-merge": of_admin_about(post=422),
    "client-raters": of_client(post=422),
    "rater-rename": of_client(get=405, post=409),  # sent without the version that a page shows
    "rater-active": of_client(get=405, post=302),
    "client-archive": of_client(get=405, post=302),
    "client-restore": of_client(get=405, post=302),
    "episode-new": of_client(),
    "episode-end": of_client(),
    "episode-reopen": of_client(get=405, post=302),
    # sessions_app
    "client-merge": of_client(post=422),
    "client-merge-preview": of_client(post=422),
    "client-merge-undo": of_client(get=405, post=302),
    "session-start": of_client(post=302),
    "session-absent": of_client(get=405, post=422),
    "session-new": of_client(post=422),
    "session-flow": of_client(),
    "session-handover": of_client(get=405, post=302),
    "session-skip": of_client(get=405, post=302),
    "session-next": of_client(post=422),
    "session-edit": of_client(post=422),
    "session-void": of_client(post=422),
    "session-move": of_client(post=422),
    "session-unskip": of_client(get=405, post=302),
    "session-restore": of_client(get=405, post=302),
    "session-reopen": of_client(get=405, post=302),
    "session-move-back": of_client(get=405, post=302),
    "note-save": of_client(get=405, post=422),
    "note-versions": of_client(),
    "decision-save": of_client(get=405, post=409),  # sent without the version that a page shows
    "decision-done": of_client(get=405, post=302),
    "decision-reopen": of_client(get=405, post=302),
    "goal-new": of_client(post=422),
    "goal-edit": of_client(post=422),
    "goal-step-new": of_client(post=422),
    "goal-reached": of_client(get=405, post=302),
    "goal-reopen": of_client(get=405, post=302),
    "goal-marks": of_client(post=302),
    "document-fields": of_admin(post=422),
    "document-fields-of": of_admin_about(post=422),
    "rating-key-in": of_client(post=422),
    "rating-read-aloud": of_client(post=422),
    "draft-delete": of_client(post=302),
    "paper-grid": of_staff(),
    "paper-sheet": of_staff(post=405),
    "sheet-photos": of_staff(post=422),
    "sheet-photo": of_one_person(post=422),
    "sheet-photo-discard": of_one_person(get=405, post=302),
    "session-sheet": of_client(post=405),
    "rating-correct": of_client(post=422),
    "conflict-decide": of_client(get=405, post=302),
    "series-begin": of_client(get=405, post=302),
    "alert-acknowledge": of_client(get=405, post=302),
    "alert-take-up": of_client(get=405, post=302),
    **dict.fromkeys(("alert-decide", "alert-ask", "alert-set-aside"), of_client(post=422)),
    "rating-form": of_anybody(post=422, goals_to_client=True),
    "rating-thanks": of_anybody(get=302, post=405),
    "rating-save-draft": of_anybody(post=303),
    "rating-marks": of_anybody(get=405, post=204),
    "rating-next": of_anybody(get=405, post=303),
    "form-started": of_anybody(get=405, post=204),
    "form-park": of_anybody(get=405, post=204),
    "form-shell": of_anybody(post=405),
    "link-form": of_everybody_here(anonymous=OK, get=404, post=405),  # opened by its own cookie alone
    "sealed-answer": of_anybody(get=405, post=422),
    "offline": of_anybody(post=405),
    "manifest": of_anybody(post=405),
    "service-worker": of_anybody(post=405),
    "session-offline-tokens": of_client(get=405, post=200),
    "pending-answer-decide": of_client(get=405, post=302),
    "client-links": of_client(post=422),
    "client-links-state": of_client(post=405),
    "link-withdraw": of_client(get=405, post=302),
    # Only where a device has been handed over is there anything to unlock.
    "unlock": expecting(staff=302, admin=302, colleague=302, other=302, other_admin=302, capability=OK, post=422),
    # As nobody on that device has a passkey it is not there.
    "unlock-passkey": expecting(staff=302, admin=302, colleague=302, other=302, other_admin=302, capability=404),
    "groups": of_staff(post=422),
    "group": of_client(post=422),
    "group-round": of_client(get=405, post=302),
    "group-all-here": of_client(get=405, post=302),
    "group-attendance": of_client(get=405, post=302),
    # Without a round on this device the token's own form is shown.
    "group-turn": of_anybody(get=302, post=405),
    "group-next": of_anybody(get=302, post=302),
    "group-state": of_client(post=405),
    "group-code": of_client(get=405, post=200),
    "group-code-close": of_client(get=405, post=302),
    "group-code-entry": of_everybody_here(anonymous=OK, post=422),
    "group-screen": of_everybody_here(anonymous=OK, post=405),
    "supervision-rate": of_staff(post=422),
    "supervision-remove": of_one_person(get=405, post=302),
    "supervision-share": of_staff(get=405, post=302),
    "supervision-share-end": of_one_person(get=405, post=302),
    "access-checks": of_admin(),
    "access-alarm": of_admin_about(post=422),
    "access-sample": of_admin_about(post=302),
    "import-sessions": of_admin(post=422),
    "import-detail": of_admin_about(),
    "import-confirm": of_admin_about(get=405, post=302),
    "import-sample": of_admin(),
    "import-choices": of_admin_about(get=405, post=302),
    "import-undo": of_admin_about(get=405, post=302),
    "import-discard": of_admin_about(get=405, post=302),
    "measures": of_admin(post=302),
    "measure-edit": of_admin(post=422),
    "packs": of_admin(post=422),
    "form-settings": of_admin(post=422),
    "pack-detail": of_admin_about(post=422),
    "pack-withdraw": of_admin_about(get=405, post=302),
    "licence-confirm": of_admin_about(get=405, post=302),
    # organisations
    "healthz": of_anybody(post=405),
    "readyz": of_anybody(post=405),
    "news": of_anybody(get=404, post=405),  # with its pass: tests/organisations/test_news.py
    # Without METRICS_TOKEN, as here, there is no such page: tests/test_metrics.py.
    "metrics": expecting(
        anonymous=404, capability=404, staff=404, admin=404, colleague=404, other=404, other_admin=404
    ),
    "people": of_admin(),
    "practitioner-new": of_admin(),
    "practitioner-edit": of_admin_about(),
    "practitioner-invite": of_admin_about(get=405, post=302),
    "practitioner-deactivate": of_admin_about(post=302),
    "practitioner-reactivate": of_admin_about(get=405, post=302),
    # Who one is has to be confirmed first.
    "practitioner-factors": expecting(
        staff=403, admin=OK, colleague=403, other=403, other_admin=302, get=302, post=302
    ),
    "practitioner-remove": of_admin_about(post=422),
    "service-remove": of_admin_about(post=422),
    "team-remove": of_admin_about(post=422),
    "service-new": of_admin(),
    "service-edit": of_admin_about(),
    "team-new": of_admin(),
    "team-edit": of_admin_about(),
    "invitation": of_everybody_here(anonymous=OK, named_to_holder=True),
    "organisation-choose": of_everybody_here(post=405),
    "organisation-switch": of_everybody_here(get=405, post=404),
    "account": of_everybody_here(),
    "account-pin": of_everybody_here(),
    "typed-again": of_everybody_here(get=302, post=302),
    "account-stay": of_everybody_here(post=405),
    "uncover": of_everybody_here(get=405, post=302),
    "account-end-sessions": of_everybody_here(get=405, post=302),
    "mfa_index": of_everybody_here(post=405),
    "mfa_list_webauthn": of_everybody_here(get=302, post=405),
    "log-in-rules": of_admin(get=302, post=302),  # who one is has to be confirmed first
    "screen-settings": of_staff(),
    "tokens": of_admin(),
    "own-tokens": of_staff(),
    "token-requests": Expect(
        practitioner=403, team_lead=OK, admin=OK, colleague=403, other=403, other_admin=OK, post=405
    ),
    "token-confirm": Expect(
        practitioner=403, team_lead=OK, admin=OK, colleague=403, other=403, other_admin=404, post=422
    ),
    "roles": of_everybody_here(post=405),
    # One's own, or any of the house for an administrator.
    "token-revoke": Expect(
        practitioner=OK, team_lead=404, admin=OK, colleague=404, other=404, other_admin=404, get=405, post=302
    ),
    # The API
    "api-schema": of_anybody(post=405),
    "api-docs": of_anybody(post=405),
    **dict.fromkeys(api_routes(), of_tokens()),
    # django-allauth
    "account_login": of_library(anonymous=200, staff=302),
    "account_logout": of_library(anonymous=302, staff=200),
    "account_inactive": of_library(anonymous=200, staff=200),
    "account_signup": of_library(anonymous=200, staff=302),
    "account_reauthenticate": of_library(anonymous=302, staff=200),
    "account_change_password": of_library(anonymous=302, staff=200),
    "account_reset_password": of_library(anonymous=200, staff=200),
    "account_reset_password_done": of_library(anonymous=200, staff=200),
    "account_reset_password_from_key": of_library(anonymous=200, staff=200),
    "account_reset_password_from_key_done": of_library(anonymous=200, staff=200),
    "mfa_authenticate": of_library(anonymous=302, staff=302),
    "mfa_reauthenticate": of_library(anonymous=302, staff=302),
    "mfa_reauthenticate_webauthn": of_library(anonymous=302, staff=302),
    "mfa_login_webauthn": of_library(anonymous=302, staff=302),
    "mfa_activate_totp": of_library(anonymous=302, staff=302),
    "mfa_deactivate_totp": of_library(anonymous=302, staff=404),
    "mfa_view_recovery_codes": of_library(anonymous=302, staff=404),
    "mfa_generate_recovery_codes": of_library(anonymous=302, staff=302),
    "mfa_add_webauthn": of_library(anonymous=302, staff=302),
    "mfa_edit_webauthn": of_library(anonymous=302, staff=302),
    "mfa_remove_webauthn": of_library(anonymous=302, staff=302),
}


ROUTES = dict(named_routes())


def check(name):
    return complaints_about(name, TABLE[name], make_world())


def test_every_route_stands_in_the_table():
    assert unlisted(TABLE, ROUTES) == []


@pytest.mark.parametrize("name", [name for name in ROUTES if name in TABLE])
def test_who_may_use(name):
    complaints = check(name)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", ["rating-form", "rating-thanks", "group-code-entry", "group-screen", "invitation"])
@pytest.mark.parametrize("token", ["A" * 43, "x", "%2e%2e", "…"])
def test_a_made_up_token_opens_nothing(name, token, browser):
    assert browser.get(reverse(name, args=[token])).status_code == 404


# Controls: the same check goes red when a guard is gone.


def test_a_route_that_nobody_listed_is_seen():
    assert unlisted(TABLE, [*TABLE, "brand-new"]) == ["brand-new"]
    assert unlisted(TABLE | {"long-gone": of_staff()}, TABLE) == ["long-gone"]


def test_rows_of_other_teams_are_seen(monkeypatch):
    monkeypatch.setattr(ClientQuerySet, "visible_to", lambda self, practitioner: self.all())
    complaints = check("client-detail")
    assert "client-detail GET as colleague: 200 instead of 404" in complaints
    assert f"client-detail GET as colleague: the page shows {CLIENT_WORDS!r}" in complaints
    # The second lock holds: another organisation's rows are not even there.
    assert not [complaint for complaint in complaints if "as other" in complaint]


def test_rows_of_other_teams_in_a_list_are_seen(monkeypatch):
    monkeypatch.setattr(ClientQuerySet, "visible_to", lambda self, practitioner: self.all())
    assert f"client-list GET as colleague: the page shows {REFERENCE!r}" in check("client-list")


def test_a_page_without_its_guard_is_seen(monkeypatch):
    pattern = ROUTES["people"]
    monkeypatch.setattr(pattern, "callback", pattern.callback.__wrapped__)
    complaints = check("people")
    assert "people GET as practitioner: 200 instead of 403" in complaints
    assert "people PUT as admin: 200 instead of 405" in complaints


def test_an_admin_who_could_read_clients_is_seen(monkeypatch):
    monkeypatch.setitem(GRANTS, Role.ADMIN, GRANTS[Role.ADMIN] | {Can.VIEW_CLIENT})
    assert f"client-detail GET as admin: the page shows {CLIENT_WORDS!r}" in check("client-detail")


def test_a_device_that_reaches_more_than_its_form_is_seen(monkeypatch):
    monkeypatch.setattr(KioskMiddleware, "process_view", lambda *args: None)
    assert [complaint for complaint in check("account_login") if "as capability" in complaint]


def test_a_page_open_to_strangers_is_seen(monkeypatch):
    pattern = ROUTES["client-detail"]

    def leak(request, client_id):
        return HttpResponse(f"{CLIENT_WORDS} {HOUSE_WORDS}")

    monkeypatch.setattr(pattern, "callback", public(leak))
    complaints = check("client-detail")
    for actor in ("anonymous", "other", "capability", "admin"):
        assert f"client-detail GET as {actor}: the page shows {CLIENT_WORDS!r}" in complaints
