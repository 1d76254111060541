"""Who may use which route: every route x method x actor against one table, generated from the URL conf."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from clients.models import ClientQuerySet
from organisations.access import public
from organisations.database import statements
from organisations.roles import GRANTS, Can, Role
from organisations.web.middleware import KioskMiddleware
from tests.api.asking import token_routes
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
    of_a_clients_lead,
    of_a_lead,
    of_admin,
    of_admin_about,
    of_anybody,
    of_client,
    of_consultant,
    of_editor,
    of_editor_about,
    of_everybody_here,
    of_house,
    of_library,
    of_one_person,
    of_oneself,
    of_operator,
    of_staff,
    of_tokens,
    unlisted,
)
from tests.shared_worlds import shared

LOGGED_IN = ("practitioner", "team_lead", "admin", "consultant", "colleague", "other", "other_admin")
TABLE: dict[str, Expect] = {
    # reports
    "home": of_oneself(get=302, post=302),
    "today": of_staff(),
    "first-steps": of_staff(),
    "first-practice": of_staff(get=405, post=302),
    "client-detail": of_client(),
    "client-together": of_client(),
    "client-changes": of_client(),
    "episode-end": of_client(post=422),
    "client-courses": of_client(),
    "plan-evaluation-new": of_client(post=302),
    "plan-evaluation": of_client(post=409),
    "plan-evaluation-document": of_client(),
    "plan-evaluation-pdf": of_client(post=405),
    "chart-axis": of_staff(get=405, post=302),
    "session-result": of_client(),
    "record": of_client(post=405),
    "record-file-new": of_client(get=405, post=302),
    "record-csv": of_client(post=405),
    "record-svg": of_client(post=405),
    "record-file": of_one_person(post=405),
    "development": of_staff(post=405),
    "development-of": of_one_person(post=405),
    "team-people": of_editor(post=405),
    **dict.fromkeys(
        ("resource-person-name", "resource-person-end", "introduction-note", "introduction-undo"),
        of_editor_about(get=405, post=302),
    ),
    "supervision": of_staff(),
    "supervision-of": of_one_person(),
    "expected-course": of_everybody_here(),
    "expected-course-versions": of_everybody_here(post=405),
    "shared-courses": of_admin(post=422),
    "course-publish": of_admin_about(get=405, post=302),
    "published-course": of_admin_about(post=405),
    **dict.fromkeys(("shared-course-put-aside", "shared-course-use-again"), of_admin_about(get=405, post=302)),
    "team-meeting": of_client(post=422),
    "team-meeting-present": of_client(post=405),
    "team-meeting-follow": of_client(post=405),
    "team-meeting-minutes": of_client(post=405),
    "results": of_everybody_here(post=405),
    "results-csv": of_admin(post=405),
    "results-xlsx": of_admin(post=405),
    "results-pdf": of_editor(post=405),
    "results-reports": of_editor(post=422),
    "results-report": of_a_lead(post=405),
    "results-report-remove": of_a_lead(get=405, post=302),
    "results-report-restore": of_a_lead(get=405, post=302),
    "results-evidence": of_everybody_here(post=405),
    **dict.fromkeys(("who-sees-what", "who-sees-what-csv"), of_admin(post=405)),
    **dict.fromkeys(
        ("data-protection", "processing-record-docx", "impact-assessment-docx", "data-map-csv"), of_admin(post=405)
    ),
    "breach": of_admin(post=422),
    "breach-csv": of_admin(get=405, post=422),
    "people-file": of_admin(post=422),
    "people-file-send": of_admin(get=405, post=302),
    **dict.fromkeys(("people-file-sample", "people-file-workbook"), of_admin(post=405)),
    **dict.fromkeys(("licence-seats", "licence-seats-csv"), of_admin(post=405)),
    "fit-in-use": of_everybody_here(post=405),
    "fit-in-use-csv": of_admin(post=405),
    "spread": of_everybody_here(post=405),
    "spread-csv": of_everybody_here(post=405),
    "register-files": of_admin(post=422),
    "register-sample": of_admin(post=405),
    "register-own-services": of_admin(get=405, post=302),
    "register-file": of_admin_about(post=405),
    **dict.fromkeys(
        ("register-file-import", "register-file-take-out", "register-file-discard"),
        of_admin_about(get=405, post=302),
    ),
    "client-rights": of_client(post=405),
    # Who one is has to be confirmed first: tests/reports/subject/test_subject_export.py.
    "subject-export": of_a_clients_lead(get=302, post=405),
    **dict.fromkeys(("subject-file", "passage-hold-back", "passage-give-free"), of_a_clients_lead(get=405, post=302)),
    "subject-letter": of_a_clients_lead(get=302, post=405),  # back to the request, which waits
    # how long things are kept
    "retention": of_editor(post=405),
    "retention-rule": of_admin_about(post=422),
    "erasure-list": of_editor(post=405),
    "erasure-notice": of_editor_about(post=422),
    **dict.fromkeys(("erasure-confirm", "erasure-undo", "hold-lift"), of_editor_about(get=405, post=302)),
    "erasure-archive": replace(of_editor_about(get=405), admin=403, other_admin=403),
    "client-holds": of_editor_about(post=422),
    # clients
    "subject-requests": of_editor(post=405),
    "subject-requests-csv": of_editor(post=405),
    "subject-request-new": of_client(post=422),
    "subject-request": of_a_clients_lead(post=422),
    "subject-request-extend": of_a_clients_lead(get=405, post=422),
    "subject-request-hand": of_a_clients_lead(get=405, post=302),
    "restriction-new": of_a_clients_lead(post=422),
    "restriction-lift": of_a_clients_lead(post=422),
    "restricted-reading": of_client(post=422),
    "client-list": of_everybody_here(),
    "client-new": of_staff(),
    "client-pair": of_one_person(),
    "message-read": of_one_person(get=405, post=302),
    "message-unread": of_one_person(get=405, post=302),
    "view-new": of_staff(),
    "view-remove": of_one_person(get=405, post=302),
    "labels": of_admin(),
    "label-edit": of_admin_about(),
    "label-retire": of_admin_about(get=405, post=302),
    "label-return": of_admin_about(get=405, post=302),
    "client-edit": of_client(),
    "client-looks": of_client(),
    "client-block": of_client(post=422),
    "client-block-lift": of_client(get=302, post=302),  # nothing to lift here
    "client-protected": of_client(get=405, post=302),
    "emergency-open": of_staff(post=422),
    "emergency-client": of_one_person(post=405),
    "emergency-end": of_one_person(get=405, post=302),
    "emergency-accesses": of_editor(post=405),
    "emergency-look": of_editor_about(get=405, post=302),
    "access-log": of_admin(),
    "access-log-export": of_admin(),
    "client-teams": of_admin_about(),
    "practice-teams": of_editor_about(get=404, post=404),  # of a practice client alone
    "practice-team-end": of_editor_about(get=405, post=404),
    "team-merge": of_admin_about(post=422),
    "service-merge": of_admin_about(post=422),
    "client-raters": of_client(post=422),
    "client-consents": of_client(post=422),
    "consent-correct": of_client(post=422),
    "rater-rename": of_client(get=405, post=409),  # sent without the version that a page shows
    "rater-active": of_client(get=405, post=302),
    "client-archive": of_client(get=405, post=302),
    "client-restore": of_client(get=405, post=302),
    "episode-new": of_client(),
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
    "client-transfer": of_client(post=422),
    "transfer-undo": of_client(get=405, post=302),
    "transfer-seen": of_client(get=405, post=302),
    "follow-up-plan": of_client(post=422),
    "follow-up-measure": of_client(post=422),
    "follow-up-cancel": of_client(get=405, post=302),
    "follow-up-resume": of_client(get=405, post=302),
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
    "kept-photo": of_one_person(post=405),  # of whoever may read the client's own words
    "kept-photo-delete": of_one_person(get=405, post=302),
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
    "link-form": of_oneself(anonymous=OK, get=404, post=405),  # opened by its own cookie alone
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
    "unlock": replace(of_oneself(post=422), **dict.fromkeys(LOGGED_IN, 302), capability=OK),
    # As nobody on that device has a passkey it is not there.
    "unlock-passkey": replace(of_oneself(), **dict.fromkeys(LOGGED_IN, 302), capability=404),
    "studies": expecting(staff=OK, admin=OK, colleague=OK, other=OK, other_admin=OK, post=405),
    "study-power": expecting(staff=OK, admin=OK, colleague=OK, other=OK, other_admin=OK, post=405),
    "study-new": of_admin(post=422),
    "study": of_house(post=405, consultant=403),
    **dict.fromkeys(("study-edit", "study-amend", "study-allocate"), of_admin_about(post=422)),
    **dict.fromkeys(("study-open", "study-close"), of_admin_about(post=302)),
    "study-exports": of_editor_about(post=405),
    "study-export-new": of_admin_about(post=422),
    "study-export": of_editor_about(post=422),
    # Who one is has to be confirmed first; and only whoever asked takes it.
    "study-export-file": expecting(staff=403, admin=OK, colleague=403, other=403, other_admin=302, get=302, post=405),
    "study-export-remove": of_admin_about(get=405, post=302),
    "study-assess": expecting(staff=OK, admin=403, colleague=OK, other=404, other_admin=403, post=422),
    "study-leave": of_client(post=422),
    "team-meetings": of_staff(post=405),
    "team-meeting-new": of_staff(post=422),
    "team-meeting-edit": of_client(post=422),
    "team-meeting-attendance": of_client(post=302),
    **dict.fromkeys(
        (
            *(f"team-meeting-{step}" for step in ("start", "take-over", "join", "end", "cancel", "restore")),
            *(f"meeting-case-{step}" for step in ("up", "down", "more", "less", "remove", "restore")),
            *("team-meeting-show", "team-meeting-order"),
        ),
        of_client(get=405, post=302),
    ),
    "meeting-case-question": of_client(post=409),  # sent without the version that a page shows
    "meeting-case-minutes": of_client(get=405, post=409),
    "team-questions": of_staff(post=405),
    "question-new": of_staff(post=422),
    "question": of_client(post=422),
    **dict.fromkeys(
        (
            *(f"question-{step}" for step in ("answered", "reopen", "withdraw", "restore", "agenda", "off-agenda")),
            *("reply-withdraw", "reply-restore"),
        ),
        of_client(get=405, post=302),
    ),
    "opened-case-new": of_client(post=422),
    "opened-case-close": of_client(get=405, post=302),
    "opened-cases": of_admin_about(post=405),
    "consultant-cases": of_consultant(post=405),
    "consultant-case": of_consultant(post=405),
    "consultant-question": of_consultant(post=422),
    # Of one's own answer: tests/sessions_app/test_opened_cases.py.
    **dict.fromkeys(
        ("consultant-reply-withdraw", "consultant-reply-restore"), replace(of_consultant(get=405), consultant=404)
    ),
    "partner-answer": of_client(get=405, post=404),  # of a practice client alone
    "practice-goal-new": of_staff(post=422),
    "supervision-case-new": of_staff(post=422),
    "supervision-case": of_one_person(post=422),
    **dict.fromkeys(
        (
            *(f"practice-goal-{step}" for step in ("practised", "not-practised", "reached", "reopen", "remove")),
            *("supervision-case-remove", "supervision-case-restore", "development-show", "development-hide"),
        ),
        of_one_person(get=405, post=302),
    ),
    "handbook": of_everybody_here(post=405),
    "handbook-chapter": of_everybody_here(post=405),
    "handbook-own-chapter": of_house(post=405),
    "handbook-versions": of_house(post=405),
    "handbook-script-versions": of_everybody_here(post=405),
    "handbook-film": of_house(post=405),
    "handbook-captions": of_house(post=405),
    **dict.fromkeys(("handbook-chapter-new", "handbook-paragraph-new", "handbook-film-new"), of_editor(post=422)),
    "handbook-scripts": of_editor(post=302),
    "handbook-own-paragraph-new": of_editor_about(post=422),
    "handbook-own-film-new": of_editor_about(post=422),
    "handbook-chapter-edit": of_editor_about(post=422),
    "handbook-paragraph-edit": of_editor_about(post=422),
    **dict.fromkeys(
        (
            *("handbook-chapter-withdraw", "handbook-chapter-restore", "handbook-paragraph-withdraw"),
            *("handbook-paragraph-restore", "handbook-film-withdraw", "handbook-film-restore"),
        ),
        of_editor_about(get=405, post=302),
    ),
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
    "group-code-entry": of_oneself(anonymous=OK, post=422),
    "group-screen": of_oneself(anonymous=OK, post=405),
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
    "metrics": replace(of_oneself(), **dict.fromkeys((*LOGGED_IN, "anonymous", "capability"), 404)),
    # Whoever runs the installation
    **dict.fromkeys(("status", "status-json"), of_anybody(post=405)),
    **dict.fromkeys(
        ("operator-organisations", "operator-acts", "operator-organisation", "operator-use", "operator-use-csv"),
        of_operator(post=405),
    ),
    **dict.fromkeys(("operator-organisation-new", "operator-deletion", "maintenance"), of_operator()),
    **dict.fromkeys(
        (
            *("operator-suspend", "operator-resume", "operator-copy", "operator-deletion-confirm"),
            *("operator-deletion-withdraw", "maintenance-withdraw", "maintenance-restore"),
        ),
        of_operator(get=405, post=302),
    ),
    "organisation-copies": of_admin(),
    "organisation-copy-file": of_admin_about(post=405),
    "organisation-deletion-agree": of_admin(get=405, post=302),  # who one is has to be confirmed first
    "people": of_admin(),
    "held-mails": of_admin(),
    "mails-release": of_admin(get=405, post=302),
    "mails-drop": of_admin(get=405, post=302),
    "mails-hold": of_admin(get=405, post=302),
    "practitioner-new": of_admin(),
    "practitioner-edit": of_admin_about(),
    "practitioner-invite": of_admin_about(get=405, post=302),
    "practitioner-deactivate": of_admin_about(post=302),
    "practitioner-hand-over": of_admin_about(post=422),
    "practitioner-leave": of_admin_about(post=422),
    "practitioner-return": of_admin_about(get=405, post=302),
    "practitioner-former": of_admin_about(post=405),
    "practitioner-reactivate": of_admin_about(get=405, post=302),
    "practitioner-extend": of_admin_about(get=405, post=302),
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
    "invitation": of_oneself(anonymous=OK, named_to_holder=True),
    "organisation-choose": of_oneself(post=405),
    "organisation-switch": of_oneself(get=405, post=404),
    "account": of_oneself(),
    "account-pin": of_oneself(),
    "typed-again": of_oneself(get=302, post=302),
    "account-stay": of_oneself(post=405),
    "uncover": of_oneself(get=405, post=302),
    "account-end-sessions": of_oneself(get=405, post=302),
    "mfa_index": of_oneself(post=405),
    "mfa_list_webauthn": of_oneself(get=302, post=405),
    "log-in-rules": of_admin(get=302, post=302),  # who one is has to be confirmed first
    "identity-provider": of_admin(),
    "provisioning": of_admin(get=302, post=302),  # as above
    "identity-provider-edit": of_admin(get=302, post=302),  # as above
    "identity-provider-try": of_admin(get=405, post=403),  # there is none to try
    "identity-provider-switch": of_admin(get=405, post=302),
    "identity-provider-refresh": of_admin(get=405, post=404),
    "practitioner-untie": expecting(staff=403, admin=OK, colleague=403, other=403, other_admin=302, get=405, post=302),
    # Before a log-in, and shut on a handed-over device. Answers of providers: tests/organisations/sign_on.
    "sign-on-choose": of_oneself(anonymous=OK, post=405),
    "sign-on": of_oneself(anonymous=OK, get=403, post=405, named_to_holder=True),
    "sign-on-answer": of_oneself(anonymous=OK, get=403, post=405),
    "sign-on-finish": of_oneself(anonymous=OK, get=403, post=405),
    "sign-on-acs": of_oneself(anonymous=OK, get=405, post=403),
    "sign-on-metadata": of_oneself(anonymous=OK, get=404, post=405),
    "invitation-sign-on": of_oneself(anonymous=OK, get=403, post=405, named_to_holder=True),
    "account-sign-on": of_oneself(post=403),
    "screen-settings": of_staff(),
    "tokens": of_admin(),
    "own-tokens": of_staff(),
    "token-requests": Expect(
        practitioner=403, team_lead=OK, admin=OK, colleague=403, other=403, other_admin=OK, post=405
    ),
    "token-confirm": Expect(
        practitioner=403, team_lead=OK, admin=OK, colleague=403, other=403, other_admin=404, post=422
    ),
    "roles": of_oneself(post=405),
    "role-right": of_admin(get=405, post=302),
    "emergency-hours": of_admin(get=405, post=422),
    # One's own, or any of the house for an administrator.
    "token-revoke": Expect(
        practitioner=OK, team_lead=404, admin=OK, colleague=404, other=404, other_admin=404, get=405, post=302
    ),
    # The API
    "api-schema": of_anybody(post=405),
    "api-docs": of_anybody(post=405),
    **dict.fromkeys(token_routes(), of_tokens()),
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


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    with shared(lambda: make_world().log_in(), django_db_blocker) as worlds:
        yield worlds


@pytest.fixture
def world(worlds):
    with worlds() as world:
        yield world


@pytest.fixture
def check(world):
    return lambda name: complaints_about(name, TABLE[name], world)


def test_every_route_stands_in_the_table():
    assert unlisted(TABLE, ROUTES) == []


@pytest.mark.parametrize("name", [name for name in ROUTES if name in TABLE])
def test_who_may_use(name, check):
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


@pytest.fixture
def everybody_sees_all(monkeypatch):
    """The wall between teams left out, also of questions that were written before."""
    monkeypatch.setattr(ClientQuerySet, "visible_to", lambda self, practitioner: self.all())
    monkeypatch.setattr(statements, "WRITTEN", {})


def test_rows_of_other_teams_are_seen(everybody_sees_all, check):
    complaints = check("client-detail")
    assert "client-detail GET as colleague: 200 instead of 404" in complaints
    assert f"client-detail GET as colleague: the page shows {CLIENT_WORDS!r}" in complaints
    # The second lock holds: another organisation's rows are not even there.
    assert not [complaint for complaint in complaints if "as other" in complaint]


def test_rows_of_other_teams_in_a_list_are_seen(everybody_sees_all, check):
    assert f"client-list GET as colleague: the page shows {REFERENCE!r}" in check("client-list")


def test_a_page_without_its_guard_is_seen(monkeypatch, check):
    pattern = ROUTES["people"]
    monkeypatch.setattr(pattern, "callback", pattern.callback.__wrapped__)
    complaints = check("people")
    assert "people GET as practitioner: 200 instead of 403" in complaints
    assert "people PUT as admin: 200 instead of 405" in complaints


def test_an_admin_who_could_read_clients_is_seen(monkeypatch, check):
    monkeypatch.setitem(GRANTS, Role.ADMIN, GRANTS[Role.ADMIN] | {Can.VIEW_CLIENT})
    assert f"client-detail GET as admin: the page shows {CLIENT_WORDS!r}" in check("client-detail")


def test_a_device_that_reaches_more_than_its_form_is_seen(monkeypatch, check):
    monkeypatch.setattr(KioskMiddleware, "process_view", lambda *args: None)
    assert [complaint for complaint in check("account_login") if "as capability" in complaint]


def test_a_page_open_to_strangers_is_seen(monkeypatch, check):
    pattern = ROUTES["client-detail"]

    def leak(request, client_id):
        return HttpResponse(f"{CLIENT_WORDS} {HOUSE_WORDS}")

    monkeypatch.setattr(pattern, "callback", public(leak))
    complaints = check("client-detail")
    for actor in ("anonymous", "other", "capability", "admin"):
        assert f"client-detail GET as {actor}: the page shows {CLIENT_WORDS!r}" in complaints
