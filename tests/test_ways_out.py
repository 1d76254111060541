"""The matrix of consent: what a client agrees to, and every way on which something of a client is shown or leaves.

The ways are found by asking: every page as a colleague of the team who does not work with the client, every route of
the API with that colleague's token, and every file. One that is found and has no line here fails.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Consent, ConsentPurpose, ConsentState
from organisations.tenancy.context import tenant
from sessions_app.models import Note
from tests.api.asking import api_routes, methods_of, system_of, token_routes
from tests.route_matrix import make_world, named_routes, rolled_back
from tests.sealed_words import say

pytestmark = pytest.mark.django_db
YES, NO, SILENT = ConsentState.GIVEN, ConsentState.WITHDRAWN, None
SAID = "kolibri"  # stands in the client's own words and nowhere else

TEAM, STATISTICS = ConsentPurpose.TEAM, ConsentPurpose.STATISTICS
# Ways on which a colleague reads the client's own words, and the purpose that lets them.
OWN_WORDS = {
    "client-detail": TEAM,
    "client-detail document": TEAM,
    "client-changes": TEAM,
    "session-flow": TEAM,
    "session-result": TEAM,
    "client-together": TEAM,
    "note-versions": TEAM,
    "record": TEAM,
    "episode-end": TEAM,
    "api-note-list": TEAM,
    "api-note-detail": TEAM,
}
# Ways on which the team reads together: without a yes nobody is shown the words there, whoever works with the client.
BEFORE_THE_TEAM = {"team-meeting-present": TEAM, "team-meeting-follow": TEAM}
# Ways on which a consultant from outside reads them.
TO_CONSULTANT = {"consultant-case": ConsentPurpose.CONSULTANT}
# What answers with another thing than a page: the purpose that governs it, or why none does. A new one needs a line.
FILES: dict[str, ConsentPurpose | str] = {
    "results-csv": STATISTICS,  # tests/reports/test_results_consent.py
    "results-xlsx": STATISTICS,  # tests/reports/test_results_files.py
    "results-pdf": STATISTICS,  # tests/reports/test_results_files.py
    "results-report": STATISTICS,  # as it was on its day: tests/reports/test_results_reports.py
    "fit-in-use-csv": STATISTICS,  # tests/reports/test_fit_in_use.py
    "study-export-file": ConsentPurpose.RESEARCH,  # tests/reports/research/test_study_exports.py
    "spread-csv": "public lines about services, no client",
    "register-sample": "made-up services",
    **dict.fromkeys(("people-file-sample", "people-file-workbook"), "made-up people"),
    "licence-seats-csv": "licences and numbers of people, no client",
    "published-course": "coefficients with noise, of 200 episodes or more",
    "record-file": ConsentPurpose.CASE_WORKER,  # tests/reports/record/test_record_files.py
    "kept-photo": TEAM,  # tests/sessions_app/test_kept_photos.py
    "plan-evaluation-pdf": ConsentPurpose.CASE_WORKER,  # tests/reports/plan_evaluation/test_plan_evaluation_pdf.py
    "record-csv": "marks for the service's own record: casework",
    "record-svg": "the curve for the service's own record: casework",
    "team-meeting-minutes": "what the team wrote, without identities; the own words are no part of it",
    "subject-file": "to the client themselves, on their request: everything (tests/reports/subject)",
    "subject-letter": "to the client themselves: what became of a request",
    "subject-requests-csv": "references and days of requests; no marks, no words",
    "who-sees-what-csv": "names of people, numbers of clients",
    "breach-csv": "references of clients and who is to tell them; no marks, no words",
    "data-map-csv": "which columns there are, none of their values",
    "processing-record-docx": "which columns there are, none of their values",
    "impact-assessment-docx": "a template; no client",
    "erasure-archive": "everything, for the archive that the law hands it to: no consent is asked for",
    "access-log-export": "who has looked; no marks, no words",
    "client-links-state": "whether links were opened; no marks, no words",
    "group-state": "whose turn it is; no marks, no words",
    "session-sheet": "an empty form to print",
    "paper-sheet": "an empty form to print",
    "handbook-film": "of the organisation, no client",
    "handbook-captions": "of the organisation, no client",
    "import-sample": "made-up clients",
    "account-stay": "one's own log-in",
    "api-schema": "shows no data",
    "service-worker": "the same for everybody",
    "manifest": "the same for everybody",
    "organisation-copy-file": "everything, encrypted to a key of the organisation's own archive",
    "status-json": "the same for everybody",
    "healthz": "the same for everybody",
    "readyz": "the same for everybody",
}


@pytest.fixture
def world():
    made = make_world()
    with tenant(made.people["practitioner"].organisation_id):
        say(Note.objects.filter(pk=made.kwargs["note_id"]), text=SAID)
        say(Note.objects.filter(pk=made.kwargs["note_id"]), text=f"{SAID} {SAID}", version=3)
    return made


def says(world, state, purpose=TEAM):
    """What the client says, as a row."""
    by = world.people["practitioner"]
    with tenant(by.organisation_id):
        Consent.objects.create(
            organisation=by.organisation,
            client=Client.objects.get(pk=world.kwargs["client_id"]),
            purpose=purpose,
            state=state,
            said_on="2026-01-05",
            taken_by=by,
            recorded_by=by,
            recorded_at=timezone.now(),
        )


def pages(world):
    """{way: address} of every page that can be opened about this world's rows."""
    found = {}
    for name, pattern in named_routes():
        if name.startswith(("mfa_", "account_", "/")) or name in token_routes():
            continue
        names = getattr(pattern.pattern, "converters", None) or pattern.pattern.regex.groupindex
        if "token" in names:
            continue
        found[name] = world.url(name)
    client = reverse("client-detail", args=[world.kwargs["client_id"]])
    return found | {f"client-detail {tab}": f"{client}?tab={tab}" for tab in ("document", "goals", "consent")}


def read_by(world, actor, only=None):
    """The ways (of `only`) on which somebody reads the own words, and those that answer with no page."""
    browser, read, files = world.browser_of(actor), set(), set()
    for name, url in pages(world).items():
        if only is not None and name not in only:
            continue
        with rolled_back():
            answer = browser.get(url)
        if answer.status_code != 200:
            continue
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if SAID in content.decode(errors="replace"):
            read.add(name)
        if "text/html" not in answer.headers["Content-Type"]:
            files.add(name)
    return read | (by_api(world, actor, only) if actor not in ("admin", "consultant") else set()), files


def by_api(world, actor, only):
    """The routes of the API that give the own words out to somebody's token."""
    system, found = system_of(world.people[actor]), set()
    for name, pattern in api_routes().items():
        if "GET" not in methods_of(pattern) or (only is not None and name not in only):
            continue
        answer = system.get(world.url(name))
        if answer.status_code == 200 and SAID in answer.content.decode():
            found.add(name)
    return found


def test_own_words_reach_a_colleague_on_the_named_ways_after_a_yes_and_on_none_without(world):
    ways = {*OWN_WORDS, *BEFORE_THE_TEAM}
    assert read_by(world, "team_lead", ways)[0] == set(), "nobody was asked yet"
    says(world, YES)
    shared, files = read_by(world, "team_lead")
    assert shared == ways, "a new way on which own words are read needs a line"
    _none, files_of_admin = read_by(world, "admin")
    found = {*files, *files_of_admin}
    assert found - set(FILES) == set(), "a new file needs a line"
    says(world, NO)
    assert read_by(world, "team_lead", ways)[0] == set(), "hidden at once"
    theirs = ways - set(BEFORE_THE_TEAM)
    assert read_by(world, "practitioner", ways)[0] == theirs, "who works with the client reads them"


def test_a_yes_to_anything_else_opens_no_own_words(world):
    for purpose in set(ConsentPurpose) - {TEAM}:
        says(world, YES, purpose)
    assert read_by(world, "team_lead", {*OWN_WORDS, *BEFORE_THE_TEAM})[0] == set()


def test_own_words_reach_a_consultant_by_the_opened_case_alone_and_only_while_the_client_agrees(world):
    assert read_by(world, "consultant")[0] == set(TO_CONSULTANT)  # this world's client has said yes
    says(world, NO, ConsentPurpose.CONSULTANT)
    says(world, YES)
    assert read_by(world, "consultant", {*TO_CONSULTANT, *OWN_WORDS})[0] == set()


def test_a_colleague_cannot_write_over_words_that_are_closed_nor_read_them_by_trying(world):
    browser = world.browser_of("team_lead")
    url = reverse("note-save", args=[world.kwargs["session_id"], "after_ors"])
    answer = browser.post(url, {"text": "mine", "version": "1"}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert SAID not in answer.content.decode()
    with tenant(world.people["practitioner"].organisation_id):
        assert SAID in Note.objects.get(pk=world.kwargs["note_id"]).text
    system = system_of(world.people["team_lead"])
    given = {"session": str(world.kwargs["session_id"]), "kind": "after_ors", "text": "mine", "version": 1}
    answer = system.post("notes/", given)
    assert answer.status_code in (400, 409, 422)
    assert SAID not in answer.content.decode()


def test_every_module_of_files_has_a_line():
    """Each view of reports/exports is a way out by where it stands."""
    named = {callback for pattern in dict(named_routes()).values() if (callback := pattern.callback)}
    exports = {
        name
        for name, pattern in named_routes()
        if pattern.callback in named and pattern.callback.__module__.startswith("reports.exports")
    }
    assert exports <= set(FILES)
