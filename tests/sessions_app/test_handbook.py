"""The handbook: read, searched, added to; what is said at the hand-over; suggestions beside alerts."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.models import HandbookChapter, HandbookParagraph, HandbookScript
from sessions_app.services.handbook_search import fold, search_handbook, words_of
from sessions_app.texts.handbook import of_rule, paragraph_texts
from tests.factories import RatingFactory
from tests.saving import form_on

pytestmark = pytest.mark.django_db
FIRST_ORS = "Before we begin I would like to know how things are for you"
FIRST_CHILD = "There is a line for you, one for your family"


@pytest.fixture
def lead(lea):
    browser = Browser()
    browser.force_login(lea.user)
    return browser


def read(browser, name, *args, **query):
    page = browser.get(reverse(name, args=args), query)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def own(of, **fields):
    with tenant(of.organisation_id):
        about = {"organisation": of.organisation, "language": "en", "title": "Ours", "text": "As we do it."}
        return HandbookParagraph.objects.create(**about | fields)


def chapter_of(of, title="How we do it"):
    with tenant(of.organisation_id):
        return HandbookChapter.objects.create(organisation=of.organisation, language="en", title=title)


# Reading


def test_every_chapter_is_there_and_the_menu_leads_to_it(staff):
    page = read(staff, "handbook")
    assert "FIT handbook" in page
    for key in ("introducing", "patterns", "authority", "children", "team", "evidence"):
        assert f"/handbook/chapters/{key}/" in page
    assert "New chapter" not in page, "a practitioner reads"
    alerts = read(staff, "handbook-chapter", "alerts")
    assert paragraph_texts("en")[of_rule("S1")].title in alerts
    assert "Ask the client" in alerts and "For the team" in alerts
    assert staff.get(reverse("handbook-chapter", args=["nothing"])).status_code == 404


def test_a_page_has_a_question_mark_that_leads_to_its_paragraph(staff, kiosk):
    assert 'href="/handbook/chapters/pages/#page-today"' in read(staff, "today")
    assert "/handbook/" not in kiosk.get(kiosk.form).content.decode(), "a client sees none of it"


# Searching


@pytest.mark.parametrize(
    ("one", "other"),
    [("møde", "mode"), ("MØDE", "moede"), ("Århus", "aarhus"), ("læse", "laese"), ("läsa", "lasa"), ("café", "cafe")],
)
def test_letters_that_are_typed_otherwise_are_the_same(one, other):
    assert fold(one)[0] == fold(other)[0]
    assert words_of("a møde, Møde") == [fold("mode")[0]]


def test_what_is_found_is_marked(staff, ann):
    own(ann, beside="meeting", title="Our Thursday", text="On Thursday we **look** at the curvés together.")
    page = read(staff, "handbook", q="curves thursday")
    assert "1 paragraph" in page
    assert "Our <mark>Thursday</mark>" in page
    assert "the <mark>curvés</mark> together" in page


def test_the_best_hit_comes_first_and_every_word_counts(ann):
    with tenant(ann.organisation_id):
        found = search_handbook("supervision", ann)
        assert "".join(text for text, _hit in found[0].title).lower().startswith("supervision")
        assert len(found) > len(search_handbook("supervision curve", ann)) > 0
        assert search_handbook("supervision zebra", ann) == []
        assert search_handbook("?", ann) == []


def test_nothing_found_helps_on(staff):
    page = read(staff, "handbook", q="zebra <b>")
    assert "Nothing about “<bdi>zebra &lt;b&gt;</bdi>”" in page
    assert "Try fewer words" in page
    assert "/handbook/chapters/team/" in page


def test_in_danish_with_the_danish_letters(staff, ann):
    ann.user.language = "da"
    ann.user.save(update_fields=["language"])
    for asked in ("teammødet", "teammodet", "TEAMMOEDET"):
        assert "<mark>Teammødet</mark>" in read(staff, "handbook", q=asked)


# Own chapters and paragraphs


def test_a_lead_writes_beside_ours_and_the_versions_are_kept(lead, lea, staff):
    new = reverse("handbook-paragraph-new", args=["meeting"])
    assert lead.post(new, {"title": "", "text": "", "language": "en", "place": 1}).status_code == 422
    given = {"title": "Ours", "text": "On **Mondays**.", "language": "en", "place": 1}
    answer = lead.post(new, given)
    with tenant(lea.organisation_id):
        row = HandbookParagraph.objects.get()
    assert answer.url == f"/handbook/chapters/team/#own-{row.pk}"
    page = read(staff, "handbook-chapter", "team")
    assert "On <strong>Mondays</strong>." in page
    assert "Take it away" not in page
    edit = reverse("handbook-paragraph-edit", args=[row.pk])
    assert lead.post(edit, form_on(lead, edit) | {"text": "On Tuesdays."}).status_code == 302
    assert "On Tuesdays." in read(staff, "handbook-chapter", "team")
    versions = read(staff, "handbook-versions", row.pk)
    assert versions.index("On Tuesdays.") < versions.index("On **Mondays**.")
    assert versions.count("Lea") == 2


def test_what_is_taken_away_comes_back_with_one_tap(lead, lea, staff):
    row = own(lea, beside="meeting")
    answer = lead.post(reverse("handbook-paragraph-withdraw", args=[row.pk]), follow=True)
    assert reverse("handbook-paragraph-restore", args=[row.pk]) in answer.content.decode()
    assert "As we do it." not in read(staff, "handbook-chapter", "team")
    with tenant(lea.organisation_id):
        assert all("Ours" not in str(hit.title) for hit in search_handbook("do it", lea))
    lead.post(reverse("handbook-paragraph-restore", args=[row.pk]))
    assert "As we do it." in read(staff, "handbook-chapter", "team")
    assert read(staff, "handbook-versions", row.pk).count("As we do it.") == 1, "the words were the same all the time"


def test_an_own_chapter(lead, lea, staff):
    answer = lead.post(reverse("handbook-chapter-new"), {"title": "How we do it", "language": "da", "place": 1})
    with tenant(lea.organisation_id):
        chapter = HandbookChapter.objects.get()
    assert "A chapter begins with its first paragraph." in read(staff, "handbook-own-chapter", chapter.pk)
    given = {"title": "Who", "text": "The zebra does.", "language": "da", "place": 1}
    lead.post(reverse("handbook-own-paragraph-new", args=[chapter.pk]), given)
    page = read(staff, "handbook-own-chapter", chapter.pk)
    assert "The zebra does." in page and 'lang="da"' in page
    assert "How we do it" in read(staff, "handbook")
    lead.post(reverse("handbook-chapter-withdraw", args=[chapter.pk]))
    assert "How we do it" not in read(staff, "handbook")
    assert staff.get(answer.url).status_code == 404
    with tenant(lea.organisation_id):
        assert search_handbook("zebra", lea) == []
    lead.post(reverse("handbook-chapter-restore", args=[chapter.pk]))
    assert "The zebra does." in read(staff, "handbook-own-chapter", chapter.pk)


@pytest.mark.parametrize("count", [1, 5])
def test_a_chapter_costs_the_same_for_any_number(staff, ann, count, django_assert_num_queries):
    chapter = chapter_of(ann)
    for number in range(count):
        own(ann, beside="meeting", title=f"Beside {number}")
        own(ann, chapter=chapter, title=f"Own {number}")
    pages = ("handbook-chapter", "team"), ("handbook-own-chapter", chapter.pk), ("handbook",)
    for page, cost in zip(pages, QUERIES, strict=True):
        read(staff, *page)
        with django_assert_num_queries(cost):
            read(staff, *page)


QUERIES = (13, 14, 11)


# What to say


def say_on_page(staff, record):
    return staff.get(reverse("session-flow", args=[record.pk])).context["script"]


def test_the_first_time_ours_says_why_and_later_it_is_short(staff, ann, record):
    assert FIRST_ORS in read(staff, "session-flow", record.pk)
    with tenant(ann.organisation_id):
        type(record.episode).objects.filter(pk=record.episode_id).update(outcome_count=3)
    later = read(staff, "session-flow", record.pk)
    assert FIRST_ORS not in later
    assert "Here are four lines; put a mark where it fits." in later
    assert "/handbook/chapters/introducing/#say-later" in later


def test_a_child_is_spoken_to_as_a_child(staff, ann, record):
    with tenant(ann.organisation_id):
        type(record.client).objects.filter(pk=record.client_id).update(birth_year=record.held_on.year - 9)
        type(record.episode).objects.filter(pk=record.episode_id).update(age_at_intake=9)
    assert FIRST_CHILD in read(staff, "session-flow", record.pk)


def test_the_organisations_own_words_stand_in_front(lead, staff, ann, record):
    page = reverse("handbook-scripts", query={"language": "en"})
    assert (
        lead.post(page, form_on(lead, page) | {"ors-first-adult-en": "Good to see you. Here it comes."}).status_code
        == 302
    )
    flow = read(staff, "session-flow", record.pk)
    assert flow.index("Good to see you.") < flow.index("As Medspil says it") < flow.index(FIRST_ORS)
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record)
    assert say_on_page(staff, record).ours is None, "the SRS has no script of its own"
    assert "Good to see you." in read(staff, "handbook-script-versions", language="en")
    lead.post(page, form_on(lead, page) | {"ors-first-adult-en": ""})
    with tenant(ann.organisation_id):
        assert HandbookScript.objects.get().text == ""


def test_a_script_in_another_language_is_for_forms_in_that_language(staff, ann, record):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation, "part": "ors", "moment": "first", "audience": "adult"}
        HandbookScript.objects.create(**about, language="da", text="Godt at se dig.")
    assert "Godt at se dig." not in read(staff, "session-flow", record.pk)
    with tenant(ann.organisation_id):
        type(record.client).objects.filter(pk=record.client_id).update(form_language="da")
    assert "Godt at se dig." in read(staff, "session-flow", record.pk)


# Suggestions


def test_an_alert_has_suggestions_folded_beside_it_and_on_the_result(staff, ann, fallen):
    page = read(staff, "client-detail", fallen.client_id)
    suggested = paragraph_texts("en")[of_rule("O1")].suggestions
    for said in suggested.values():
        assert said[0].replace("'", "&#x27;") in page
    assert "/handbook/chapters/alerts/#rule-O1" in page
    with tenant(ann.organisation_id):
        session = fallen.sessions.latest("held_on")
    result = read(staff, "session-result", session.pk, "ors")
    assert "/handbook/chapters/alerts/#rule-O1" in result
    assert "rule-S" not in result, "what is about the alliance stands on its own result"
