"""Two pages of one form: the later save overwrites nothing. Every form of the URL conf has the check, or a reason."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import resolve

from organisations.tenancy.context import tenant
from sessions_app.models import ContactForm
from tests.factories import TeamFactory
from tests.route_matrix import HOUSE_WORDS, make_world, named_routes, rolled_back
from tests.saving import form_on, forms_on

pytestmark = pytest.mark.django_db
ADMIN, LEAD, STAFF = "admin", "team_lead", "practitioner"
HEADING = "This was changed in the meantime"


@dataclass(frozen=True)
class Edit:
    """Two saves of one form: what the first and the second person write, and the words that tell of it on a page."""

    first: dict[str, Any]
    second: dict[str, Any]
    words: tuple[str, str]
    actor: str = STAFF
    page: str = ""  # the route whose page shows the form, where it is not the form's own
    also: dict[str, Any] = field(default_factory=dict)  # what both write: a reason, a confirmation
    told_on: tuple[str, str] | None = None  # what the page says of each value, where its form does not show it


MARKS = ("individual", "relations", "social", "overall")
EDITS = {
    "client-edit": Edit(
        {"next_on": "2999-03-01", "next_at": "10:30"},
        {"next_on": "2999-04-02", "next_at": "11:45"},
        ("March 1, 2999", "April 2, 2999"),
    ),
    "client-teams": Edit({"teams": ["red", "blue"]}, {"teams": ["red", "green"]}, ("Blue", "Green"), ADMIN),
    "rater-rename": Edit(
        {"network-label": "Mormor"}, {"network-label": "Farmor"}, ("Mormor", "Farmor"), page="client-raters"
    ),
    "episode-end": Edit(
        {"ended_on": "2026-11-01", "ending": "planned"},
        {"ended_on": "2026-11-02", "ending": "moved"},
        ("Planned", "Moved away"),
    ),
    "session-edit": Edit(
        {"contact_form": "phone"},
        {"contact_form": "video"},
        (str(ContactForm.PHONE.label), str(ContactForm.VIDEO.label)),
    ),
    "session-next": Edit(
        {"next_on": "2999-03-01"},
        {"next_on": "2999-04-02"},
        ("March 1, 2999", "April 2, 2999"),
        also={"when": "other", "alliance_skipped": "no_time"},
    ),
    "rating-correct": Edit(
        dict(zip(MARKS, "1234", strict=True)),
        dict(zip(MARKS, "8765", strict=True)),
        ("<bdi>4</bdi>", "<bdi>5</bdi>"),
        also={"reason": "Misread", "total": ""},
    ),
    "practitioner-edit": Edit({"name": "Ben A"}, {"name": "Ben B"}, ("Ben A", "Ben B"), ADMIN),
    "service-edit": Edit({"name": "Harbour"}, {"name": "Lighthouse"}, ("Harbour", "Lighthouse"), ADMIN),
    "team-edit": Edit({"name": "Harbour"}, {"name": "Lighthouse"}, ("Harbour", "Lighthouse"), ADMIN),
    "account": Edit({"name": "Ann A"}, {"name": "Ann B"}, ("Ann A", "Ann B")),
    "form-settings": Edit({"contact": "Office 1"}, {"contact": "Office 2"}, ("Office 1", "Office 2"), ADMIN),
    "measures": Edit({"emergency_text": "Call 112"}, {"emergency_text": "Call us"}, ("Call 112", "Call us"), ADMIN),
    "measure-edit": Edit(
        {"value": "37", "seen": "370"},
        {"value": "34", "seen": "340"},
        ("37", "34"),
        ADMIN,
        also={"reason": "The manual"},
        told_on=("Now 37", "Now 34"),
    ),
    "goal-edit": Edit({"wording": "My own flat"}, {"wording": "A flat of my own"}, ("My own flat", "A flat of my own")),
    "handbook-chapter-edit": Edit({"title": "Ours A"}, {"title": "Ours B"}, ("Ours A", "Ours B"), ADMIN),
    "handbook-paragraph-edit": Edit({"text": "We ask A"}, {"text": "We ask B"}, ("We ask A", "We ask B"), ADMIN),
    "handbook-scripts": Edit(
        {"ors-first-adult-en": "Hello A"}, {"ors-first-adult-en": "Hello B"}, ("Hello A", "Hello B"), ADMIN
    ),
    "document-fields": Edit({"label-focus": "Next"}, {"label-focus": "Then"}, ("Next", "Then"), ADMIN),
    "document-fields-of": Edit(
        {"label-focus": "Next"}, {"label-focus": "Then"}, ("Next", "Then"), ADMIN, also={"own": "on"}
    ),
    "label-edit": Edit({"name": "Harbour"}, {"name": "Lighthouse"}, ("Harbour", "Lighthouse"), ADMIN),
    "team-meeting-edit": Edit({"starts_at": "10:15"}, {"starts_at": "11:45"}, ("10:15", "11:45")),
    "team-meeting-attendance": Edit(
        {"practitioners": ["Ben"]}, {"practitioners": ["Lea"]}, (f"Ben {HOUSE_WORDS}", f"Lea {HOUSE_WORDS}")
    ),
    "meeting-case-question": Edit({"question": "What A?"}, {"question": "What B?"}, ("What A?", "What B?")),
    "supervision-case": Edit({"question": "What A?"}, {"question": "What B?"}, ("What A?", "What B?")),
    "plan-evaluation": Edit({"text": "It went A"}, {"text": "It went B"}, ("It went A", "It went B")),
    "access-sample": Edit({"note": "Asked Ann"}, {"note": "Asked Lea"}, ("Asked Ann", "Asked Lea"), ADMIN),
}
# Forms with the check whose two saves have tests of their own: test_merging.py, and test_notes.py, test_decisions.py,
# test_goals.py and test_team_meetings.py for the last four. The rules of the log-in, whose page asks for the password
# first, and the acknowledgement of an alert are there too. A draft of a study: tests/sessions_app/test_studies.py.
BY_THEMSELVES = {"session-move", "access-alarm", "note-save", "decision-save", "goal-marks", "meeting-case-minutes"}
BY_THEMSELVES |= {"study-edit"}
# Forms without it, and why: nothing that is stored can be overwritten by them.
NEW_ROW = "makes a row, or is refused where there is one"
STANDS = "the first one stands; a second one is refused with a sentence, or changes nothing"
NOT_OVER_STORED = {
    **dict.fromkeys(("client-new", "practitioner-new", "service-new", "team-new", "episode-new"), NEW_ROW),
    **dict.fromkeys(("goal-new", "goal-step-new", "follow-up-measure", "view-new", "labels"), NEW_ROW),
    **dict.fromkeys(("team-meeting-new", "team-meeting"), NEW_ROW),
    **dict.fromkeys(
        ("question-new", "question", "practice-goal-new", "supervision-case-new", "opened-case-new"), NEW_ROW
    ),
    **dict.fromkeys(("study-new", "study-amend", "study-assess", "study-allocate", "study-leave"), NEW_ROW),
    "study-export-new": NEW_ROW,
    **dict.fromkeys(("client-block", "emergency-open"), NEW_ROW),
    "emergency-hours": "one number; each that was saved stands in the history",
    **dict.fromkeys(("client-holds", "retention-rule"), NEW_ROW),
    "erasure-notice": "more time: the newest day is the one meant, and what was confirmed is taken back",
    "study-export": "one decision; refused once somebody has decided",
    **dict.fromkeys(
        ("session-start", "session-absent", "session-new", "group", "groups", "client-raters"),
        NEW_ROW,
    ),
    **dict.fromkeys(("rating-key-in", "rating-read-aloud", "paper-grid", "sheet-photos", "supervision-rate"), NEW_ROW),
    **dict.fromkeys(
        (
            "client-links",
            "import-sessions",
            "register-files",
            "people-file",
            "shared-courses",
            "packs",
            "pack-detail",
            "supervision-share",
        ),
        NEW_ROW,
    ),
    "shared-courses": NEW_ROW,
    **dict.fromkeys(("handbook-chapter-new", "handbook-paragraph-new", "handbook-own-paragraph-new"), NEW_ROW),
    **dict.fromkeys(("handbook-film-new", "handbook-own-film-new"), NEW_ROW),
    **dict.fromkeys(("session-skip", "session-void", "sheet-photo"), STANDS),
    **dict.fromkeys(("alert-ask", "alert-decide", "alert-set-aside"), "adds a step; those before it stay to be seen"),
    "practitioner-leave": "the day is chosen together with whoever stands in; the newest is the one meant",
    "client-consents": "sends the moment of the newest answer shown (`seen`), and is refused once another one came",
    "consent-correct": "adds a row; refused once another answer stands",
    "client-merge": "looks for the other record; nothing is stored",
    "client-transfer": "sends whose client the page showed (`seen`), and is refused once it is somebody else's",
    "client-merge-preview": "sends what the preview showed (`seen`), and is refused once another would be shown",
    "breach": "a question; nothing stored is changed",
    "results-reports": "one's own choice of how often; nobody else changes it, and the newest is the one meant",
    **dict.fromkeys(("subject-request-new", "restriction-new"), NEW_ROW),
    **dict.fromkeys(("subject-request", "restriction-lift"), "answered or lifted once; a second time is refused"),
    "subject-request-extend": "once; a second time is refused",
    "subject-request-hand": "the newest choice is the one meant, and each stands in the history",
    "restricted-reading": "a reason for the log; nothing is stored that another one could overwrite",
    "account-pin": "shows nothing of what is stored; the password confirms it, and the newest PIN is the one meant",
}


@pytest.fixture
def world():
    return make_world()


def seen_forms(world) -> dict[str, bool]:
    """By route: whether the forms of the URL conf's pages, which somebody can write into, hold a version."""
    found: dict[str, bool] = {}
    for actor in (STAFF, LEAD, ADMIN):
        browser = world.browser_of(actor)
        for name, pattern in named_routes():
            if "token" in str(pattern.pattern) or name.startswith(("api-", "scim-", "/", "mfa_", "account_")):
                continue
            url = world.url(name)
            with rolled_back():  # a page for a client's eyes covers those that come after it
                page = browser.get(url)
            if page.status_code != 200 or "text/html" not in page.headers["Content-Type"]:
                continue
            for form in forms_on(page):
                if form["fields"]:
                    route = resolve((form["action"] or url).partition("?")[0]).url_name
                    found[route] = found.get(route, True) and any(
                        key.endswith("version") for key in form["hidden"] | form["fields"]
                    )
    return found


def unchecked(found: dict[str, bool]) -> list[str]:
    """The forms that have neither the check nor a reason, and the reasons of forms that are gone or checked."""
    return sorted({name for name, checked in found.items() if not checked} ^ set(NOT_OVER_STORED))


def test_every_form_over_stored_data_has_a_version(world):
    found = seen_forms(world)
    assert unchecked(found) == []
    assert {name for name, checked in found.items() if checked} == set(EDITS) | BY_THEMSELVES


def test_a_form_without_the_check_is_seen():
    assert unchecked(dict.fromkeys(NOT_OVER_STORED, False) | {"brand-new": False}) == ["brand-new"]
    assert unchecked({}) == sorted(NOT_OVER_STORED)


class Pages:
    """Two people (or one with two windows) with the same form open."""

    def __init__(self, world, name: str):
        self.edit = EDITS[name]
        self.url = world.url(name)
        self.page = world.url(self.edit.page or name)
        self.rows = {}
        organisation = world.people[STAFF].organisation
        with tenant(organisation.pk):
            if name == "client-teams":
                green = TeamFactory(organisation=organisation, name="Green", service_id=world.kwargs["service_id"])
                blue = world.people["colleague"].teams.get()
                self.rows = {"red": str(world.kwargs["team_id"]), "blue": str(blue.pk), "green": str(green.pk)}
            elif name == "team-meeting-attendance":
                self.rows = {"Ben": str(world.kwargs["practitioner_id"]), "Lea": str(world.people["team_lead"].pk)}
        self.first, self.second = (world.browser_of(self.edit.actor) for _ in range(2))
        self.opened = form_on(self.first, self.url, page=self.page)

    def written(self, values: dict) -> dict:
        """A form as it was opened with `values` written into it."""
        named = {}
        for name, value in values.items():
            if isinstance(value, list):
                value = [self.rows[one] for one in value]
            # A sample has a field of that name for each row; the first one is meant.
            known = next((key for key in self.opened if key.startswith(f"{name}-")), name)
            named[name if name in self.opened else known] = value
        return self.opened | named | self.edit.also

    def stands(self, values: dict) -> bool:
        """Whether the form's page shows these values as the stored ones."""
        if self.edit.told_on:
            told = self.edit.told_on[values is self.edit.second]
            return told in self.first.get(self.page).content.decode()
        shown, wanted = form_on(self.first, self.url, page=self.page), self.written(values)
        return all(
            sorted(shown[name]) == sorted(value if isinstance(value, list) else [value])
            or shown[name] == [f"{value}.0"]
            for name, value in wanted.items()
            if name not in self.edit.also and value != self.opened[name]
        )


@pytest.mark.parametrize("name", EDITS)
def test_of_two_open_pages_the_later_save_overwrites_nothing(world, name):
    pages = Pages(world, name)
    edit = pages.edit
    assert pages.first.post(pages.url, pages.written(edit.first)).status_code == 302
    assert pages.stands(edit.first)
    answer = pages.second.post(pages.url, pages.written(edit.second))
    content = answer.content.decode()
    assert (answer.status_code, HEADING in content) == (409, True)
    assert [word for word in edit.words if word not in content] == [], "both texts are in the answer"
    assert pages.stands(edit.first), "nothing is overwritten"

    merging = form_on_answer(answer)
    undecided = pages.second.post(pages.url, merging | edit.also)
    assert undecided.status_code == 409, "without a choice it is asked for again"
    assert pages.stands(edit.first)
    mine = chosen(answer, "mine")
    assert pages.second.post(pages.url, merging | mine | edit.also).status_code == 302
    assert pages.stands(edit.second), "the saved merge is stored"


@pytest.mark.parametrize("name", EDITS)
def test_the_stored_side_can_be_chosen(world, name):
    pages = Pages(world, name)
    pages.first.post(pages.url, pages.written(pages.edit.first))
    answer = pages.second.post(pages.url, pages.written(pages.edit.second))
    kept = pages.second.post(pages.url, form_on_answer(answer) | chosen(answer, "stored") | pages.edit.also)
    assert kept.status_code == 302
    assert pages.stands(pages.edit.first)


@pytest.mark.parametrize("name", EDITS)
def test_the_same_save_twice_is_no_conflict_with_oneself(world, name):
    pages = Pages(world, name)
    for _click in range(2):
        assert pages.first.post(pages.url, pages.written(pages.edit.first)).status_code == 302
    assert pages.stands(pages.edit.first)


@pytest.mark.parametrize("name", EDITS)
def test_a_form_that_says_nothing_of_what_it_showed_overwrites_nothing(world, name):
    pages = Pages(world, name)
    bare = {key: value for key, value in pages.written(pages.edit.first).items() if not key.endswith("version")}
    for version in ({}, {"version": "x"}, {"version": "next_on.AAAA name.å note"}):
        answer = pages.first.post(pages.url, bare | version)
        assert (answer.status_code, HEADING in answer.content.decode()) == (409, True)
    assert not pages.stands(pages.edit.first)


def form_on_answer(answer) -> dict[str, list[str]]:
    """What the merge page's form holds before anything is chosen."""
    [form] = [
        form
        for form in forms_on(answer)
        if any(name.startswith("take-") or "-take-" in name for name in form["fields"])
    ]
    return {name: value for name, value in (form["hidden"] | form["fields"]).items() if value}


def chosen(answer, side: str) -> dict[str, str]:
    """The buttons of one side, as a browser sends them."""
    choices = answer.context["choices"]
    return {choice.name: choice.mine if side == "mine" else answer.context["stored"] for choice in choices}
