"""Every route that shows or changes a client's data leaves a row in the access log; refused attempts too."""

import pytest

from organisations.audit.record import DENIED
from organisations.audit.route_arguments import is_about_a_client
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.route_matrix import OK, make_world, named_routes, rolled_back
from tests.shared_worlds import shared
from tests.test_routes import TABLE

# Who asks, in this order: the first who may.
ASKED_BY = ("practitioner", "admin", "consultant", "capability", "anonymous")

# Routes (or "route METHOD") that show and change nothing of a client, and why.
OF_PEOPLE = "people who work here, services and teams: who changed them stands in their history"
OF_ONESELF = "one's own log-in"
OF_MEASURES = "values and wording of the whole organisation; what they change at a client the job records"
OF_FILES = "lines of a file that are no clients yet; the import itself is recorded by its job"
OF_SUPERVISION = "a practitioner and their supervisor; no client"
OF_HANDBOOK = "what an organisation writes for its own people; no client"
OF_NOBODY = "answers the same to everybody"
WITHOUT_CLIENTS = {
    "home": "leads to where each role starts",
    "results-evidence": OF_NOBODY,
    "results-csv": "figures of ten clients or more; what was chosen stands in the log (tests/reports/test_results.py)",
    "results-xlsx": "the same as a workbook (tests/reports/test_results_files.py)",
    "results-pdf": "the same as a report (tests/reports/test_results_files.py)",
    "results-reports": "when reports are made, and which are kept; what was chosen and taken stands in the log",
    **dict.fromkeys(
        ("results-report", "results-report-remove", "results-report-restore"),
        "figures of ten clients or more (tests/reports/test_results_reports.py)",
    ),
    "fit-in-use-csv": "the same of how FIT is used (tests/reports/test_fit_in_use.py)",
    **dict.fromkeys(("who-sees-what", "who-sees-what-csv"), "names of people, numbers of clients"),
    **dict.fromkeys(
        ("breach", "breach-csv"), "names nobody before it is asked; then all (tests/reports/data_protection)"
    ),
    **dict.fromkeys(
        ("data-protection", "processing-record-docx", "impact-assessment-docx", "data-map-csv"),
        "which columns there are, none of their values",
    ),
    **dict.fromkeys(
        (
            *("spread", "spread-csv", "register-files", "register-sample", "register-file"),
            *("register-file-import", "register-file-take-out", "register-file-discard"),
        ),
        "public lines about services; no client",
    ),
    "register-own-services": "yes or no by service and year, no number (tests/reports/spread/test_register.py)",
    **dict.fromkeys(
        (
            *("operator-organisations", "operator-acts", "operator-organisation", "operator-organisation-new"),
            *("operator-suspend", "operator-resume", "operator-copy", "operator-deletion", "operator-deletion-confirm"),
            *("operator-deletion-withdraw", "operator-use", "operator-use-csv", "maintenance", "maintenance-withdraw"),
            *("maintenance-restore", "status", "status-json"),
        ),
        "of whoever runs the installation: no client (tests/organisations/operator)",
    ),
    **dict.fromkeys(
        ("organisation-copies", "organisation-copy-file", "organisation-deletion-agree"),
        "an encrypted file whose making and taking is on record as the organisation's "
        "(tests/organisations/operator/test_organisation_copies.py)",
    ),
    "first-steps": "what one has set up oneself; no client",
    "healthz": OF_NOBODY,
    "readyz": OF_NOBODY,
    "offline": OF_NOBODY,
    "manifest": OF_NOBODY,
    "service-worker": OF_NOBODY,
    "form-shell": OF_NOBODY,
    "api-schema": OF_NOBODY,
    "api-docs": OF_NOBODY,
    **dict.fromkeys(
        (
            *("handbook", "handbook-chapter", "handbook-own-chapter", "handbook-versions", "handbook-scripts"),
            *("handbook-script-versions", "handbook-chapter-new", "handbook-chapter-edit", "handbook-paragraph-new"),
            *("handbook-own-paragraph-new", "handbook-paragraph-edit", "handbook-film-new", "handbook-own-film-new"),
            *("handbook-film", "handbook-captions", "handbook-chapter-withdraw", "handbook-chapter-restore"),
            *("handbook-paragraph-withdraw", "handbook-paragraph-restore"),
            *("handbook-film-withdraw", "handbook-film-restore"),
        ),
        OF_HANDBOOK,
    ),
    "supervision-of": "what a colleague rated; cases of theirs are on record (tests/sessions_app/test_development.py)",
    **dict.fromkeys(
        (
            *("development", "development-of"),
            *("practice-goal-new", "practice-goal-practised", "practice-goal-not-practised", "practice-goal-reached"),
            *("practice-goal-reopen", "practice-goal-remove", "development-show", "development-hide"),
        ),
        "one's own goals, and figures of eight clients or more; that they were looked at is on record",
    ),
    **dict.fromkeys(
        ("team-people", "resource-person-name", "resource-person-end", "introduction-note", "introduction-undo"),
        "what people who work here have learnt; no client",
    ),
    "supervision-rate": OF_SUPERVISION,
    "supervision-remove": OF_SUPERVISION,
    "supervision-share": OF_SUPERVISION,
    "supervision-share-end": OF_SUPERVISION,
    "group-turn": "leads to the form of whose turn it is, which is recorded",
    "rating-next": "leads to the next rater's form, whose opening is recorded",
    "group-code-entry": "asks for a number; the form that a right one leads to is recorded",
    "group-screen": "the same code for all",
    "group-next": "leads to the form of whose turn it is, which is recorded",
    **dict.fromkeys(("expected-course", "expected-course-versions"), "learnt from many: nobody's own"),
    **dict.fromkeys(
        ("shared-courses", "course-publish", "published-course", "shared-course-put-aside", "shared-course-use-again"),
        "coefficients learnt from 200 episodes or more, with noise (tests/sessions_app/measures/test_sharing.py)",
    ),
    "own-tokens": OF_ONESELF,
    "chart-axis": "how one's own curves are drawn",
    **dict.fromkeys(
        ("team-meetings", "team-meeting-new", "team-meeting-edit", "team-meeting-attendance"),
        "when a team meets, and who was there; no client",
    ),
    **dict.fromkeys(
        ("studies", "study-new", "study-edit", "study-open", "study-close", "study-amend", "study-allocate"),
        "what a study asks, and of whom its practitioners are; no client",
    ),
    **dict.fromkeys(
        ("study-leave GET", "study-leave POST"),
        "of another client of this world, of whom it is recorded (tests/sessions_app/test_studies.py)",
    ),
    "study-power": "numbers that somebody types",
    "study-exports": "what was asked for and by whom; no client",
    **dict.fromkeys(
        ("study-export-new", "study-export", "study-export-file", "study-export-remove"),
        "counts; whose data a file holds is on record when it is made and taken (tests/reports/research)",
    ),
    "team-meeting-show": "which case the screens show; each screen's page is recorded",
    "tokens": OF_PEOPLE,
    "token-requests": OF_PEOPLE,
    "token-confirm": OF_PEOPLE,
    "token-revoke": OF_PEOPLE,
    "paper-sheet": "an empty form to print",
    "client-new GET": "an empty form",
    "first-practice": "makes a practice client of one's own, which is recorded of that one",
    "client-new POST": "as sent here it is refused, and nothing of anybody is shown",
    "client-archive POST": "refused here, since an episode is open: nothing is shown or changed",
    "form-started POST": "that the client has begun, nothing of the answer",
    "form-park POST": "logs the device's staff out",
    "sealed-answer POST": "as sent here it is nothing that could be opened",
    "unlock": "the door of a handed-over device: it names nobody",
    "unlock-passkey": "the same door, by a passkey",
    "access-checks": "numbers of look-ups, and who made them",
    "access-sample POST": "what is thought of a look-up; the page that shows whom it was about is recorded",
    "import-sessions": OF_FILES,
    "import-detail": OF_FILES,
    "import-confirm": OF_FILES,
    "import-discard": OF_FILES,
    "import-choices": OF_FILES,
    "import-sample": "made-up clients, the same for everybody",
    "import-undo": "refused here, since nothing was imported; what is undone is recorded",
    "measures": OF_MEASURES,
    "measure-edit": OF_MEASURES,
    "document-fields": OF_MEASURES,
    "document-fields-of": OF_MEASURES,
    "packs": OF_MEASURES,
    **dict.fromkeys(("licence-seats", "licence-seats-csv"), "licences and numbers of people, no client"),
    "pack-detail": OF_MEASURES,
    "pack-withdraw": OF_MEASURES,
    "licence-confirm": OF_MEASURES,
    **dict.fromkeys(("view-new", "view-remove"), "filters under a name of one's own, no client"),
    **dict.fromkeys(("labels", "label-edit", "label-retire", "label-return"), "the list of words, numbers of clients"),
    **dict.fromkeys(("held-mails", "mails-release", "mails-drop", "mails-hold"), "how many mails are held"),
    "retention": "numbers of clients",
    "retention-rule": OF_MEASURES,
    "people": OF_PEOPLE,
    "practitioner-new": OF_PEOPLE,
    "practitioner-edit": OF_PEOPLE,
    "practitioner-invite": OF_PEOPLE,
    "practitioner-deactivate": OF_PEOPLE,
    **dict.fromkeys(("practitioner-hand-over", "practitioner-leave", "practitioner-return"), OF_PEOPLE),
    "practitioner-former": OF_PEOPLE,
    **dict.fromkeys(("people-file", "people-file-send", "people-file-sample", "people-file-workbook"), OF_PEOPLE),
    "practitioner-factors": OF_PEOPLE,
    "practitioner-reactivate": OF_PEOPLE,
    "practitioner-extend": OF_PEOPLE,
    "opened-cases": "of one consultant; whose cases they are is recorded (tests/sessions_app/test_opened_cases.py)",
    "service-new": OF_PEOPLE,
    "service-remove": OF_PEOPLE,
    "team-remove": OF_PEOPLE,
    "practitioner-remove": OF_PEOPLE,
    "service-merge": "numbers of clients; whose team or episode changes when it is sent is recorded",
    "team-merge": "numbers of clients; whose team changes when it is sent is recorded",
    "service-edit": OF_PEOPLE,
    "team-new": OF_PEOPLE,
    "team-edit": OF_PEOPLE,
    "invitation": OF_PEOPLE,
    **dict.fromkeys(("roles", "role-right", "emergency-hours"), OF_PEOPLE),
    "log-in-rules": OF_PEOPLE,
    **dict.fromkeys(
        (
            *("identity-provider", "identity-provider-edit", "identity-provider-try", "identity-provider-switch"),
            *("provisioning", "identity-provider-refresh", "practitioner-untie", "invitation-sign-on"),
        ),
        OF_PEOPLE,
    ),
    "account-sign-on": OF_ONESELF,
    "sign-on-choose": "names of organisations",
    "organisation-choose": OF_ONESELF,
    "account": OF_ONESELF,
    "account-pin": OF_ONESELF,
    "account-stay": OF_ONESELF,
    "uncover": OF_ONESELF,
    "news": OF_ONESELF,
    "typed-again": OF_ONESELF,
    "account-end-sessions": OF_ONESELF,
    "mfa_index": OF_ONESELF,
    "mfa_list_webauthn": OF_ONESELF,
    "screen-settings": OF_ONESELF,
    "form-settings": "how forms look and speak in the organisation",
}


def arguments_of(pattern):
    return set(getattr(pattern, "converters", None) or pattern.regex.groupindex)


ROUTES = dict(named_routes())
LISTED = [name for name in ROUTES if name in TABLE]
ABOUT = [name for name in LISTED if is_about_a_client(arguments_of(ROUTES[name].pattern))]


def answered(name):
    """The methods that a route answers with a page or a redirect."""
    expect = TABLE[name]
    return [method for method, status in (("GET", expect.get), ("POST", expect.post)) if status < 400 or status == 422]


def ask(world, name, actor, method, data):
    """(status, the rows about the world's client, all rows) after one request, of which nothing stays."""
    with rolled_back():
        browser = world.browser_of(actor)
        with tenant(world.people["practitioner"].organisation_id):
            before = set(AccessEvent.objects.values_list("pk", flat=True))
        url = world.url(name)
        answer = browser.post(url, data) if method == "POST" else browser.get(url)
        if hasattr(answer, "render"):
            answer.render()
        with tenant(world.people["practitioner"].organisation_id):
            rows = list(AccessEvent.objects.exclude(pk__in=before))
    return answer.status_code, [row for row in rows if world.kwargs["client_id"] in row.client_ids], rows


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    with shared(lambda: make_world().log_in(), django_db_blocker) as worlds:
        yield worlds


@pytest.fixture
def world(worlds):
    with worlds() as world:
        yield world


def missing(name, world):
    """What of a route goes unrecorded."""
    expect = TABLE[name]
    if expect.library:
        return []  # django-allauth's: one's own log-in
    actor = next((actor for actor in ASKED_BY if expect.of(actor) is OK), None)
    found = []
    for method in answered(name) if actor else []:
        if name in WITHOUT_CLIENTS or f"{name} {method}" in WITHOUT_CLIENTS:
            continue
        status, about, _rows = ask(world, name, actor, method, expect.data)
        if status != 405 and not about:
            found.append(f"{name} {method} as {actor}: {status} and no row")
    return found


def unrecorded_refusals(name, world):
    """Refused people of the same organisation whose attempt left no row."""
    method, found = (answered(name) or ["POST"])[0], []
    for actor, status in (("colleague", 404), ("admin", 403)):
        if TABLE[name].of(actor) != status:
            continue
        answer, _about, rows = ask(world, name, actor, method, TABLE[name].data)
        if answer != status or not [row for row in rows if row.action.startswith(DENIED)]:
            found.append(f"{name} {method} as {actor}: {answer} and no row")
    return found


@pytest.mark.parametrize("name", LISTED)
def test_a_route_that_shows_or_changes_a_client_s_data_leaves_a_row(name, world):
    assert missing(name, world) == []


@pytest.mark.parametrize("name", ABOUT)
def test_a_refused_attempt_leaves_a_row(name, world):
    assert unrecorded_refusals(name, world) == []


# Arguments of routes that lead to no client.
OTHER_ARGUMENTS = {
    *("token", "instrument", "kind", "part", "language", "measure", "key", "uidb36", "pk", "format"),
    *("provider_kind", "slug"),
    *(
        "import_id",
        "register_import_id",
        *("fit_id", "published_course_id", "shared_course_id"),
        "pack_id",
        "licence_id",
        "practitioner_id",
        "service_id",
        "team_id",
        "token_id",
    ),
    *("system_token_id", "provisioned_id", "schema_name"),
    *("label_id", "view_id", "beside", "chapter", "film_id", "handbook_chapter_id", "handbook_paragraph_id"),
    "study_id",  # whom it names is recorded of each
    "team_meeting_id",  # what it shows of clients is recorded of each
    *("membership_id", "practice_goal_id"),
    "study_export_id",  # whose data a file holds is on record when it is made and taken
    *("organisation_id", "maintenance_id", "copy_id"),  # of whoever runs the installation, and an encrypted file
    "results_report_id",  # figures of ten clients or more
    *("access_alarm_id", "access_sample_id", "share_id", "supervision_id"),
}


def test_every_argument_of_a_route_is_about_a_client_or_is_not():
    """Whose refusal is on record hangs on it; a new one has to be decided."""
    arguments = {argument for pattern in ROUTES.values() for argument in arguments_of(pattern.pattern)}
    assert [name for name in sorted(arguments - OTHER_ARGUMENTS) if not is_about_a_client([name])] == []


def test_every_exception_is_a_route():
    assert not {name.partition(" ")[0] for name in WITHOUT_CLIENTS} - set(TABLE)
    # A route about one client has an exception for a method at most, never for all.
    assert not set(ABOUT) & set(WITHOUT_CLIENTS)


# Controls: without the line that records, the same check goes red.


def test_a_page_that_records_nothing_is_seen(monkeypatch, world):
    monkeypatch.setattr("reports.client_page.view.record_access", lambda *args, **more: None)
    assert "client-detail GET as practitioner: 200 and no row" in missing("client-detail", world)


def test_refusals_that_nobody_records_are_seen(monkeypatch, world):
    monkeypatch.setattr("organisations.audit.record.record_denied", lambda *args: None)
    assert "client-detail GET as colleague: 404 and no row" in unrecorded_refusals("client-detail", world)
