"""Every page that a person can open: axe finds nothing, the console is silent, a phone scrolls down only, and what is
pressed is large enough."""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone

from clients.models import Client, ClientLabel, LabelledClient, PairMessage, Rater, SavedView, Transfer
from organisations.models import CapabilityKind, OutgoingMail, Practitioner
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from reports.client_page.tabs import tabs_for
from sessions_app.imports.report import COUNTS
from sessions_app.models import (
    OPEN_STATES,
    Alert,
    ConflictingAnswer,
    FollowUpMeasure,
    Goal,
    GoalMark,
    GoalState,
    HandbookChapter,
    HandbookFilm,
    HandbookParagraph,
    ImportStep,
    Note,
    PlanEvaluation,
    ResultsReport,
    SessionDecision,
    SessionImport,
)
from sessions_app.services.sessions import start_session
from sessions_app.services.studies import close_study, plan_study
from sessions_app.services.study_enrolment import allocate_practitioner, enrol_client, leave_study
from tests.browser.axe import violations
from tests.browser.conftest import is_our_error
from tests.browser.target_sizes import too_small
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    OrganisationFactory,
    PractitionerFactory,
    RatingFactory,
    SessionFactory,
    TeamFactory,
)
from tests.route_matrix import OK, make_world
from tests.studies import acting, fields, new_client, study_of
from tests.test_routes import TABLE

TOTALS = ((142, 330), (150, 340), (180, 350), (169, 362), (204, 370), (226, 375), (241, 380), (263, 376))
IN_VIEW = {"phone": (390, 844), "tablet": (1024, 1366)}
PIN = "204681"
REPORT = {
    "counts": dict.fromkeys(COUNTS, 3),
    "refusals": [{"line": 7, "column": "held_on", "code": "date", "params": {"text": "soon"}}],
    "outline": {
        "header": ["Borgernr", "Dato", "Medarb."],
        "examples": [["00417", "417"], ["2026-01-05"], []],
        "columns": ["client_reference", "held_on", ""],
        "how": ["guessed", "known", "left_out"],
    },
    "fields": {"7": ["00417", "soon", "LB"]},
    "questions": {"practitioner": ["LB"], "attendance": ["kom for sent"], "date_order": ["05/12/2025"]},
    "look_alikes": [{"kind": "client", "name": "417", "other": "00417", "is_stored": False}],
    "creations": {"clients": {"count": 12, "names": ["00417", "417"]}},
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


NO_PAGES = {"healthz", "import-sample", "results-csv", "results-xlsx", "fit-in-use-csv", "access-log-export"}
NO_PAGES |= {"breach-csv", "processing-record-docx", "impact-assessment-docx", "data-map-csv"}
NO_PAGES |= {"who-sees-what-csv", "spread-csv", "register-sample", "results-pdf", "results-report", "published-course"}
NO_PAGES |= {"study-export-file", "erasure-archive", "operator-use-csv", "organisation-copy-file", "status-json"}
NO_PAGES |= {"subject-requests-csv", "subject-letter", "subject-file"}
NO_PAGES |= {"people-file-sample", "people-file-workbook", "licence-seats-csv"}
NO_PAGES |= {"record-csv", "record-svg", "record-file", "plan-evaluation-pdf", "kept-photo"}
NO_PAGES |= {"handbook-film", "handbook-captions"}
SEEN: set[str] = set()  # names of the routes whose page was looked at


class Walk:
    """One browser that goes from page to page; `complaints` is what was wrong on the way."""

    def __init__(self, page):
        self.page, self.complaints = page, []
        page.on("pageerror", lambda error: self.note(f"script: {error}"))
        page.on("console", lambda message: is_our_error(message) and self.note(f"console: {message.text}"))

    def note(self, what):
        self.complaints.append(f"{self.page.url}: {what}")

    def visit(self, *addresses, status=200):
        """Open each address and look at it."""
        for address in addresses:
            answer = self.page.goto(address)
            if answer.status != status:
                self.note(f"{answer.status} instead of {status}")
            if answer.headers.get("content-type", "").startswith("text/html"):  # a PDF shows the browser's own page
                self.look()

    def look(self):
        """The page as it is now, on a tablet and on a phone, with everything folded out."""
        with suppress(Resolver404):
            SEEN.add(resolve(urlsplit(self.page.url).path).url_name)
        self.page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        for size, (width, height) in IN_VIEW.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for found in violations(self.page):
                for node in found["nodes"]:
                    self.note(f"{size}: {found['id']}: {node['html'][:140]}")
            if (over := self.page.evaluate(WIDTH)) > 0:
                self.note(f"{size}: {over} px wider than the screen")
            for small in too_small(self.page):
                self.note(f"{size}: {small}")


@pytest.fixture
def walk_as(new_context, logged_in):
    """`walk_as(practitioner)`: a Walk of somebody logged in; of nobody without one."""

    def start(practitioner=None, **options):
        page = new_context(has_touch=True, reduced_motion="reduce", **options).new_page()
        return Walk(logged_in(page, practitioner.user) if practitioner else page)

    return start


@pytest.fixture
def record(ann, lea, episode):
    """Nils' eight sessions with notes and an alert, one more under way; Ann also works elsewhere."""
    own, today = {"organisation": ann.organisation}, timezone.localdate()
    with tenant(ann.organisation_id):
        for number, totals in enumerate(TOTALS):
            held_on = today - timedelta(weeks=2 * (len(TOTALS) - number))
            session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=held_on)
            session.finished_at = timezone.now()
            session.save()
            for instrument, total in zip(("ors", "srs"), totals, strict=True):
                marks = [total // 4] * 3 + [total - 3 * (total // 4)]
                rating = RatingFactory(**own, session=session, instrument=instrument, marks=marks, total=total)
                Note.objects.create(
                    **own, session=session, kind=f"after_{instrument}", text="Things go better when I sleep."
                )
        Alert.objects.create(**own, episode=episode, rule="O1", level="red", raised_on=today)
        under_way = SessionFactory(**own, episode=episode, practitioner=ann, held_on=today)
        first = RatingFactory(**own, session=under_way, instrument="ors", marks=(60, 61, 62, 63), total=246)
        ConflictingAnswer.objects.create(**own, rating=first, marks=[10, 20, 30, 40], submission_id=under_way.pk)
    return {"session": session, "rating": rating, "under_way": under_way}


@pytest.fixture
def at_the_start(ann, service, red_team):
    """A session of each language of the form, of which nothing is answered yet."""
    ann.user.set_pin(PIN)
    ann.user.save()
    own, sessions = {"organisation": ann.organisation}, {}
    with tenant(ann.organisation_id):
        for language in LANGUAGES:
            client = ClientFactory(**own, form_language=language, teams=[red_team], contact=ann)
            episode = EpisodeFactory(**own, client=client, service=service)
            sessions[language] = SessionFactory(**own, episode=episode, practitioner=ann, held_on=timezone.localdate())
    return sessions


def test_a_practitioners_lists_and_a_clients_pages(walk_as, ann, nils, episode, record, at_the_start):
    walk = walk_as(ann)
    walk.visit(
        "/first-steps/", "/today/", "/today/?whose=mine", "/clients/", "/clients/?q=nobody", "/clients/?show=archived"
    )
    client = f"/clients/{nils.pk}/"
    walk.visit(client, "/clients/new/", f"{client}edit/", f"{client}episodes/new/", f"/episodes/{episode.pk}/end/")
    walk.visit(*(f"{client}?tab={tab.key}" for tab in tabs_for(ann)))
    walk.page.goto(client)
    for name in ("Line by line", "Table"):
        walk.page.get_by_role("main").get_by_text(name, exact=True).first.click()
        walk.look()
    new = at_the_start["en"].client_id
    walk.visit(f"/clients/{new}/", f"{client}sessions/start/", f"{client}sessions/new/")
    walk.visit(
        "/account/",
        "/account/pin/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/logout/",
        "/organisations/",
    )
    walk.visit("/nothing/", status=404)
    walk.visit("/people/", status=403)
    walk.visit(f"{client}together/", client)  # shown together, and then covered
    assert walk.complaints == []


def test_the_document_the_goals_and_a_transfer(walk_as, ann, ben, ada, nils, episode, record, service):
    own, session = {"organisation": ann.organisation}, record["session"]
    with tenant(ann.organisation_id):
        for kind in ("better", "development", "focus", "next_time"):
            Note.objects.create(**own, session=session, kind=kind, text="Sleeps better", version=3, updated_by=ann)
        decided = {"session": session, "support": "Less help", "responsible": ann, "follow_up_on": session.held_on}
        SessionDecision.objects.create(**own, text="Cook on Tuesdays", **decided)
        SessionDecision.objects.create(**own, text="Done", done_at=timezone.now(), done_by=ann, **decided)
        about = {"episode": episode, "since": session.held_on}
        goal = Goal.objects.create(**own, **about, wording="My own flat", aim="Lives alone")
        given = {"client": nils, "to_contact": ann, "made_by": ben, "since": session.held_on}
        Transfer.objects.create(**own, **given, note="Likes tea")
        for state in GoalState:
            ended = None if state in OPEN_STATES else session.held_on
            Goal.objects.create(**own, **about, wording=f"Step {state}", parent=goal, state=state, ended_on=ended)
        Goal.objects.create(**own, **about, wording="Work", set_by="authority", state="reached", ended_on=ended)
        GoalMark.objects.create(**own, goal=goal, session=session, mark=7)
        day = session.held_on
        evaluation = PlanEvaluation.objects.create(
            **own, episode=episode, since=day, until=day, text="So far", made_by=ann
        )
        ends = {"started_on": "2025-02-03", "ended_on": "2025-03-03", "ending": "planned"}
        earlier = EpisodeFactory(**own, client=nils, service=service, **ends)
        asked = {"months": 3, "due_on": session.held_on, "instrument": "ors", "planned_by": ann}
        measure = FollowUpMeasure.objects.create(**own, episode=earlier, **asked)
        SessionFactory(**own, episode=earlier, practitioner=ann, held_on="2025-02-03")
    walk = walk_as(ann)
    client, at = f"/clients/{nils.pk}/", f"/sessions/{session.pk}/"
    walk.visit(f"{client}?tab=document", f"{client}?tab=document&q=nothing", f"{client}?tab=goals", "/today/")
    walk.visit(f"{client}transfer/", f"/episodes/{episode.pk}/end/", f"{client}episodes/new/")
    walk.visit(f"/episodes/{earlier.pk}/follow-up/", f"/follow-ups/{measure.pk}/", f"{client}?episode={earlier.pk}")
    walk.visit(f"{client}?axis=date&compare=on", f"{client}courses/", f"{client}courses/?view=side")
    walk.visit(at, f"{at}goals/", f"{at}notes/focus/versions/", f"{at}notes/better/versions/")
    walk.visit(f"/goals/{goal.pk}/", f"/goals/{goal.pk}/steps/new/", f"/episodes/{episode.pk}/goals/new/")
    at = f"/plan-evaluations/{evaluation.pk}/"
    walk.visit(f"/episodes/{episode.pk}/plan-evaluation/", at, f"{at}document/")
    walk.visit(*(f"/episodes/{episode.pk}/record/?kind={kind}" for kind in ("record", "status", "home")))
    walk.page.goto(f"/goals/{goal.pk}/")
    walk.page.get_by_label("agreed on").fill("")
    walk.page.get_by_role("button", name="Save", exact=True).click()
    walk.look()
    admin = walk_as(ada)
    admin.visit("/document/fields/", f"/document/fields/{service.pk}/")
    assert walk.complaints + admin.complaints == []


def test_a_sessions_pages(walk_as, ann, record, at_the_start):
    walk = walk_as(ann)
    begun, under_way, past = (
        f"/sessions/{session.pk}/" for session in (at_the_start["en"], record["under_way"], record["session"])
    )
    walk.visit(begun, under_way, past)
    walk.visit(*(f"{begun}{step}/" for step in ("key-in/ors", "key-in/srs", "edit", "void", "move", "next")))
    walk.visit(f"{past}result/ors/", f"{past}result/srs/", f"{under_way}result/ors/")
    walk.visit(f"/ratings/{record['rating'].pk}/correct/")
    for path in ("key-in/srs/", "next/", "void/"):
        walk.page.goto(begun + path)
        for other_day in walk.page.locator("main [name=when][value=other]").all():
            other_day.check()
        for field in walk.page.locator("main :is(input[type=text], input[type=date]):visible").all():
            field.fill("")
        walk.page.locator("main form button.btn").first.click()
        walk.look()
    assert walk.complaints == []


def test_the_clients_form_in_every_language(walk_as, ann, at_the_start):
    walk = walk_as(ann)
    for number, session in enumerate(at_the_start.values()):
        walk.page.goto(f"/sessions/{session.pk}/")
        walk.page.locator("form[action*='/handover/'] button").first.click()
        walk.page.wait_for_url("**/f/*/")
        walk.look()
        walk.page.locator("#done").click()
        walk.look()
        for line in walk.page.locator(".track").all():
            line.press("ArrowRight")
        walk.page.locator("#done").click()
        walk.page.locator(".thanks").wait_for()
        walk.look()
        walk.visit("/unlock/")
        with walk.page.expect_navigation():  # the page sends what waits on the device before it sends the PIN
            walk.page.locator("input[name=secret]").fill(PIN if number else "000000")  # the sixth digit sends it
        if not number:
            walk.look()
            walk.page.locator("input[name=secret]").fill(PIN)
        walk.page.wait_for_url("**/sessions/**")
    assert walk.complaints == []


def test_an_administrators_pages(walk_as, ada, ann, ben, nils, service, red_team, blue_team):
    own = {"organisation": ada.organisation}
    with tenant(ada.organisation_id):
        invited = PractitionerFactory(**own, user=None, email="eva@example.org", name="Eva")
        PractitionerFactory(**own, is_active=False, teams=[red_team])
        ResultsReport.objects.create(**own, made_for=ada, about="Everybody", content=b"", file_name="results.pdf")
        uploads = [
            SessionImport.objects.create(
                **own, started_by=ada, file_name="past.csv", content=b"", size=1, step=step, report=REPORT
            )
            for step in ImportStep
        ]
        token = capabilities.mint(
            kind=CapabilityKind.INVITATION,
            organisation_id=ada.organisation_id,
            object_id=invited.pk,
            lifetime=timedelta(hours=1),
        )
    walk = walk_as(ada)
    walk.visit("/people/", "/people/new/", f"/people/{ben.pk}/", f"/people/{ann.pk}/deactivate/")
    walk.visit("/services/new/", f"/services/{service.pk}/", "/teams/new/", f"/teams/{red_team.pk}/")
    walk.visit("/clients/", f"/clients/{nils.pk}/teams/", "/measures/", "/measures/srs-cutoff/")
    walk.visit("/results/", "/results/reports/")
    walk.visit("/imports/", *(f"/imports/{upload.pk}/" for upload in uploads))
    walk.page.goto("/people/new/")
    walk.page.locator("main form button.btn").first.click()
    walk.look()
    stranger = walk_as()
    stranger.visit(f"/invitation/{token}/", "/account/login/", "/account/password/reset/")
    stranger.visit(
        "/account/password/reset/done/",
        "/account/signup/",
        "/account/password/reset/key/1-set-password/",
        "/account/inactive/",
    )
    stranger.visit("/nothing/", status=404)
    assert walk.complaints + stranger.complaints == []


def test_how_colleagues_work_together(walk_as, ada, ann, ben, lea, nils, record):
    own, today = {"organisation": ann.organisation}, timezone.localdate()
    with tenant(ann.organisation_id):
        label = ClientLabel.objects.create(**own, name="Pilot")
        ClientLabel.objects.create(**own, name="Before", retired_at=timezone.now())
        LabelledClient.objects.create(**own, client=nils, label=label)
        Client.objects.filter(pk=nils.pk).update(second_contact=ben, next_contact=ben, next_on=today, outcome_rhythm=7)
        PairMessage.objects.create(**own, client=nils, written_by=ben, text="Ask about the garden.")
        SavedView.objects.create(**own, practitioner=ann, name="Mine", query="contact=mine")
        Practitioner.objects.filter(pk=ben.pk).update(away_until=today)
        Alert.objects.create(**own, episode=record["session"].episode, rule="M2", level="amber", raised_on=today)
        OutgoingMail.objects.create(**own, practitioner=ben, task="", object_id=nils.pk, event="x", state="on_hold")
    walk = walk_as(ann)
    client = f"/clients/{nils.pk}/"
    walk.visit("/today/", "/clients/?contact=mine", client, f"{client}pair/", f"{client}edit/", "/clients/views/new/")
    lead, admin = walk_as(lea), walk_as(ada)
    lead.visit("/today/")
    admin.visit("/people/", "/labels/", f"/labels/{label.pk}/", "/people/mails/", f"/people/{ann.pk}/")
    assert walk.complaints + lead.complaints + admin.complaints == []


def test_the_pages_of_studies(walk_as, ada, ann, ben):
    """A draft; one in which clients take part; one of practitioners; and a client without feedback."""
    today = timezone.localdate()
    with acting(ada):
        draft = plan_study(by=ada, **fields(today, name="Draft"))
    study = study_of(ada, today)
    of_practitioners = study_of(ada, today, name="Practitioners", unit="practitioners", is_blinded=True)
    with acting(ann):
        rows = [enrol_client(study=study, client=new_client(ann), by=ann) for _ in range(6)]
        new_client(ann)
        unseen = next(row for row in rows if not row.allocation.arm.sees_feedback)
        leave_study(participant=rows[0], reason="moved", by=ann)
        allocate_practitioner(study=of_practitioners, practitioner=ann, by=ada)
        session = start_session(client=Client.objects.get(pk=rows[-1].client_id), by=ann)
    admin, staff = walk_as(ada), walk_as(ann)
    admin.visit("/studies/", "/studies/new/", f"/studies/{draft.pk}/", f"/studies/{draft.pk}/edit/")
    admin.visit(*(f"/studies/{study.pk}/{step}" for step in ("", "open/", "close/", "amend/")))
    admin.visit(f"/studies/{of_practitioners.pk}/", f"/studies/{of_practitioners.pk}/lots/", "/studies/power/")
    asked = "d=0.5&sd=1&alpha=0.05&power=0.8&icc=0.05&size=5&cv=0.4&r=0.5&drop_out=0.2&clients=60"
    staff.visit(f"/studies/power/?{asked}", f"/studies/{study.pk}/", f"/studies/{study.pk}/assess/")
    staff.visit(
        f"/studies/participants/{rows[1].pk}/leave/", f"/clients/{unseen.client_id}/", f"/sessions/{session.pk}/"
    )
    with acting(ada):
        close_study(study=study, by=ada)
    admin.visit(f"/studies/{study.pk}/")
    assert admin.complaints + staff.complaints == []


@pytest.fixture
def twin(ann, nils, service, record):
    """A second record of Nils, with an open episode and a day in common."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        teams = list(nils.teams.all())
        twin = ClientFactory(**own, reference="N-14", first_name="Nils Peter", birth_year=2010, teams=teams)
        second = EpisodeFactory(**own, client=twin, service=service)
        SessionFactory(**own, episode=second, practitioner=ann, held_on=record["session"].held_on)
        for client in (nils, twin):
            Rater.objects.create(**own, client=client, key="mother", relation="mother", label=f"Mum {client.reference}")
    return twin


def test_two_records_of_one_person_are_merged_and_taken_apart(walk_as, ann, nils, twin):
    walk = walk_as(ann)
    walk.visit(f"/clients/{nils.pk}/merge/", f"/clients/{nils.pk}/merge/{twin.pk}/")
    walk.page.get_by_role("button", name="Merge", exact=True).click()
    walk.look()
    assert walk.page.get_by_text("Choose which one is right.").count()
    for group in walk.page.locator("main fieldset").all():
        group.get_by_role("radio").first.check()
    walk.page.get_by_role("button", name="Merge", exact=True).click()
    walk.look()
    walk.visit(f"/clients/{nils.pk}/merge/", f"/clients/{nils.pk}/changes/")
    walk.page.goto(f"/clients/{twin.pk}/")
    walk.look()
    walk.page.goto(f"/clients/{nils.pk}/merge/")
    walk.page.get_by_role("button", name="Take it back").click()
    assert walk.page.get_by_text("are two records again, as they were.").count()
    assert walk.complaints == []


def test_an_administrator_merges_and_removes(walk_as, ada, cleo, nils, service, red_team, blue_team):
    walk = walk_as(ada)
    walk.visit(f"/merge/teams/{blue_team.pk}/", f"/merge/teams/{blue_team.pk}/?into={red_team.pk}")
    walk.visit(f"/merge/services/{service.pk}/", f"/teams/{red_team.pk}/remove/", f"/services/{service.pk}/remove/")
    assert walk.complaints == []


def test_a_team_lead_in_two_organisations_and_with_nobody_to_help(walk_as, lea, nils, record):
    elsewhere = OrganisationFactory(name="Fjord Municipality")
    with tenant(elsewhere.pk):
        PractitionerFactory(organisation=elsewhere, user=lea.user, teams=[TeamFactory(organisation=elsewhere)])
    walk = walk_as(lea)
    walk.visit("/organisations/", "/today/", "/clients/", f"/clients/{nils.pk}/", "/account/")
    walk.page.goto("/organisations/")
    walk.page.get_by_role("button", name="Work here").first.click()
    walk.visit("/today/", "/clients/")
    assert walk.complaints == []


def test_in_the_dark(walk_as, ann, nils, record, at_the_start):
    walk = walk_as(ann, color_scheme="dark")
    past = record["session"].pk
    walk.visit("/today/", f"/clients/{nils.pk}/", f"/sessions/{past}/", f"/sessions/{past}/result/ors/")
    walk.page.goto(f"/sessions/{at_the_start['en'].pk}/")
    walk.page.locator("form[action*='/handover/'] button").first.click()
    walk.page.wait_for_url("**/f/*/")
    walk.look()
    assert walk.complaints == []


def test_the_handbook_with_what_a_lead_has_written(walk_as, lea):
    with tenant(lea.organisation_id):
        own = {"organisation": lea.organisation, "language": "da"}
        chapter = HandbookChapter.objects.create(**own, title="Sådan gør vi")
        text = "Vi **begynder** med:\n\n- kaffe\n- [kurven](https://example.org/)"
        paragraph = HandbookParagraph.objects.create(**own, chapter=chapter, title="Begyndelsen", text=text)
        HandbookParagraph.objects.create(**own, beside="why", title="Hos os", text="Vi siger det sådan.")
        about = {"organisation": lea.organisation, "added_by": lea, "title": "Clip", "captions": "WEBVTT"}
        HandbookFilm.objects.create(**about, beside="why", kind="video/webm", size=1, captions_language="da")
        HandbookFilm.objects.create(**about, paragraph=paragraph, link="https://example.org/film")
    walk = walk_as(lea)
    walk.visit("/handbook/", "/handbook/?q=kaffe", "/handbook/?q=zebra", "/handbook/chapters/introducing/")
    walk.visit("/handbook/chapters/alerts/", f"/handbook/own/{chapter.pk}/", f"/handbook/own/{chapter.pk}/edit/")
    walk.visit(f"/handbook/paragraphs/{paragraph.pk}/", f"/handbook/paragraphs/{paragraph.pk}/versions/")
    walk.visit("/handbook/beside/why/film/", "/handbook/scripts/", "/handbook/scripts/versions/?language=da")
    assert walk.complaints == []


@pytest.mark.with_windows  # the other one does not show a PDF
def test_every_page_that_no_walk_has_seen(walk_as):
    """Pages that are new since, or that a link in a mail leads to; alone it goes through all."""
    world = make_world()
    actors = ("admin", "practitioner", "consultant", "anonymous")
    walks = {actor: walk_as(world.people.get(actor)) for actor in actors}
    # The view shown together covers every page of the staff that follows: it comes last.
    for name in sorted(TABLE, key="client-together".__eq__):
        expect = TABLE[name]
        if expect.get == 200 and name not in SEEN | NO_PAGES:
            walk = next((walk for actor, walk in walks.items() if expect.of(actor) in (OK, 200)), None)
            if walk:
                walk.visit(world.url(name))
    assert [each for walk in walks.values() for each in walk.complaints] == []


def test_what_is_wrong_is_reported(walk_as):
    """The control: a page with one fault of each kind."""
    walk = walk_as()
    walk.page.goto("/account/login/")
    walk.page.evaluate(
        """() => {
            const wrong = document.createElement("div");
            wrong.innerHTML = "<p>broad</p><input><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>";
            wrong.firstChild.style.width = "2000px";
            wrong.firstChild.setAttribute("onclick", "alert()");
            for (const [tag, size] of [["button", "43px"], ["a", "20px"], ["a", "20px"]]) {
                const target = wrong.appendChild(document.createElement(tag));
                target.href = "/";
                Object.assign(target.style, { display: "inline-block", margin: 0, padding: 0 });
                Object.assign(target.style, { inlineSize: size, blockSize: size, minBlockSize: 0, minInlineSize: 0 });
            }
            document.querySelector("main").append(wrong);
        }"""
    )
    walk.look()
    said = "\n".join(walk.complaints)
    assert "phone: label: <input>" in said
    assert "phone: image-alt: <img" in said
    assert "px wider than the screen" in said
    assert "console: " in said and "Content Security Policy" in said
    assert "43x43 of 44 px: <button" in said
    assert "20x20 of 24 px: <a" in said
