"""The development document's fields: an organisation names and orders them, and never mixes whose words they hold."""

import re

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.models import OWN_WORDS, DocumentTemplate, Goal, GoalMark, Note, NoteKind
from sessions_app.services.document import PART_OF, PARTS, fields_of, read_fields
from tests.api.asking import system_of
from tests.factories import ClientFactory, EpisodeFactory, ServiceFactory
from tests.saving import save

pytestmark = pytest.mark.django_db
ALL = reverse("document-fields")


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


def opened(browser, url=ALL):
    """The form's fields as a browser would send them back."""
    page = browser.get(url).content.decode()
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or name[1] == "csrfmiddlewaretoken" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        sent[name[1]] = value[1] if value else "on" if "checkbox" in tag else ""
    return sent


def names(ada, service=None):
    with tenant(ada.organisation_id):
        found = fields_of(ada.organisation_id, service.pk if service else None)
        return [(field.key, field.label, field.is_on) for field in found]


def test_every_kind_of_note_is_a_field_of_one_part():
    assert {*PARTS[OUTCOME], *PARTS[ALLIANCE]} == set(NoteKind)
    assert len(PART_OF) == sum(map(len, PARTS.values()))


def test_fields_are_renamed_reordered_and_switched_off(admin, ada):
    sent = opened(admin) | {"label-focus": "Next steps", "place-focus": "1", "place-after_ors": "3"}
    del sent["on-development"]
    assert admin.post(ALL, sent).status_code == 302
    assert names(ada)[:3] == [
        ("focus", "Next steps", True),
        ("development", "Development", False),
        ("after_ors", "Reasons for the ORS", True),
    ]


@pytest.mark.parametrize(("field", "value"), [("place-focus", "0"), ("place-focus", ""), ("label-focus", "x" * 61)])
def test_bad_input_is_told_beside_its_field(admin, ada, field, value):
    before = names(ada)
    assert admin.post(ALL, opened(admin) | {field: value}).status_code == 422
    assert names(ada) == before


def test_a_service_has_its_own_and_falls_back(admin, ada, service):
    url = reverse("document-fields-of", args=[service.pk])
    admin.post(ALL, opened(admin) | {"label-focus": "Of all"})
    assert ("focus", "Of all", True) in names(ada, service)
    assert admin.post(url, opened(admin, url) | {"label-focus": "Of this one", "own": "on"}).status_code == 302
    assert ("focus", "Of this one", True) in names(ada, service)
    assert ("focus", "Of all", True) in names(ada)
    with tenant(ada.organisation_id):
        other = ServiceFactory(organisation=ada.organisation)
    assert ("focus", "Of all", True) in names(ada, other)
    sent = opened(admin, url)
    del sent["own"]
    assert admin.post(url, sent).status_code == 302
    assert ("focus", "Of all", True) in names(ada, service)


def test_no_template_makes_a_remark_of_own_words():
    moved = [{"key": key, "label": "Own words", "on": True, "part": "srs", "is_own_words": True} for key in PART_OF]
    for field in read_fields([*reversed(moved), {"key": "made-up"}]):
        assert field.is_own_words == (field.key in OWN_WORDS)
        assert field.part == PART_OF[field.key]
    assert {field.key for field in read_fields([])} == set(PART_OF)


def test_the_session_offers_the_fields_and_keeps_what_is_written_in_one_that_is_off(staff, ann, record):
    with tenant(ann.organisation_id):
        fields = [{"key": key, "label": "", "on": False} for key in ("development", "focus")]
        DocumentTemplate.objects.create(organisation=ann.organisation, fields=fields)
        Note.objects.create(organisation=ann.organisation, session=record, kind="focus", text="The move")
    page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert 'id="note-after_ors"' in page
    assert 'id="note-focus"' in page  # filled in
    assert 'id="note-development"' not in page
    own = re.search(r'<form id="note-after_ors".*?</form>', page, re.DOTALL)[0]
    remark = re.search(r'<form id="note-focus".*?</form>', page, re.DOTALL)[0]
    assert ("own-words ors" in own, 'spellcheck="false"' in own) == (True, True)
    assert ("own-words" in remark, 'spellcheck="false"' in remark) == (False, False)


def test_a_remark_is_saved_like_own_words(staff, ann, record):
    url = reverse("note-save", args=[record.pk, "development"])
    json = {"headers": {"Accept": "application/json"}}
    first = staff.post(url, {"text": "Sleeps better", "version": 0}, **json)
    assert first.status_code == 200
    assert staff.post(url, {"text": "Sleeps worse", "version": 0}, **json).status_code == 409
    again = {"text": "Sleeps better now", "version": first.json()["version"]}
    assert staff.post(url, again, **json).status_code == 200
    page = staff.get(reverse("note-versions", args=[record.pk, "development"])).content.decode()
    assert page.index("Sleeps better now") < page.index("Sleeps better<")
    assert "as it stands now" in page


def test_a_moved_session_takes_its_document_along(staff, ann, record, nils):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        right = EpisodeFactory(**own, client=ClientFactory(**own, teams=list(nils.teams.all())))
        Note.objects.create(**own, session=record, kind="development", text="Sleeps better")
    staff.post(
        reverse("decision-save", args=[record.pk, record.pk]),
        {"text": "Cook", "support": "", "responsible": "", "follow_up_on": "", "version": ""},
    )
    moved = {"episode": str(right.pk), "reason": "Wrong client"}
    assert save(staff, reverse("session-move", args=[record.pk]), moved).status_code == 302
    page = staff.get(reverse("client-detail", args=[right.client_id]), {"tab": "document"}).content.decode()
    assert "Sleeps better" in page
    assert "Cook" in page
    left = staff.get(reverse("client-detail", args=[nils.pk]), {"tab": "document"}).content.decode()
    assert "Sleeps better" not in left


def test_the_api_gives_own_words_and_remarks_apart(ann, record):
    with tenant(ann.organisation_id):
        for kind in NoteKind:
            Note.objects.create(organisation=ann.organisation, session=record, kind=kind, text=kind)
    own, remarks = system_of(ann, ["notes:read"]), system_of(ann, ["remarks:read"])
    assert {row["kind"] for row in own.get("notes/").json()["results"]} == set(OWN_WORDS)
    assert {row["kind"] for row in remarks.get("remarks/").json()["results"]} == set(NoteKind) - set(OWN_WORDS)
    assert remarks.get("notes/").status_code == 403
    assert own.get("remarks/").status_code == 403
    key = remarks.get("remarks/").json()["results"][0]["id"]
    assert system_of(ann, ["notes:read"]).get(f"notes/{key}/").status_code == 404
    body = {"session": str(record.pk), "kind": "development", "text": "x", "version": 0}
    assert system_of(ann, ["notes:write"]).post("notes/", body).status_code == 422


def test_the_api_gives_a_goal_with_its_marks(ann, record, episode):
    with tenant(ann.organisation_id):
        goal = Goal.objects.create(
            organisation=ann.organisation, episode=episode, wording="My own flat", since=record.held_on
        )
        GoalMark.objects.create(organisation=ann.organisation, goal=goal, session=record, mark=7)
    [row] = system_of(ann, ["goals:read"]).get("goals/").json()["results"]
    assert (row["wording"], row["client"]) == ("My own flat", str(episode.client_id))
    assert [(mark["session"], mark["mark"]) for mark in row["marks"]] == [(str(record.pk), 7)]
