"""The page "For the record": what goes in, for whom, and what stays out."""

import datetime
import json
from xml.etree import ElementTree

import pytest

from clients.models import Client, Episode
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.exports.episode_json import episode_json
from reports.record.choices import WHOLE
from reports.record.content import read_content
from sessions_app.models import Goal, GoalState, Note, SessionDecision
from sessions_app.services.own_words import may_share_words
from tests.factories import EpisodeFactory, ServiceFactory
from tests.sealed_words import the
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
OWN_WORDS = ("I garden", "The hard things first", "My own key", "Pay the rent")


def page(browser, episode, status=200, **query):
    answer = browser.get(f"/episodes/{episode.pk}/record/", query)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def text_of(browser, episode, **query):
    """The plain text for the case record, as the page has it."""
    return browser.get(f"/episodes/{episode.pk}/record/", query).context["text"]


def test_one_button_leads_there_from_the_clients_page(staff, nils, episode):
    assert f'href="/episodes/{episode.pk}/record/"' in staff.get(f"/clients/{nils.pk}/").content.decode()


def test_the_document_for_the_record_holds_all_that_is_written(staff, episode):
    shown = page(staff, episode)
    for words in (*OWN_WORDS, "He sleeps better", "Cook on Tuesdays", "Less help with shopping", "Attend the course"):
        assert words in shown
    assert "I garden &lt;b&gt;now" in shown and "<b>now" not in shown
    assert "from 14 to 20, +6 (cut-off 25)" in shown
    assert "From 3 to 7 since" in shown
    assert 'class="framed"' in shown
    assert "Nils" not in staff.get(f"/episodes/{episode.pk}/record/").context["text"]


def test_the_text_for_the_case_record_is_plain_and_in_order(staff, episode):
    text = text_of(staff, episode)
    order = [
        "FEEDBACK-INFORMED TREATMENT (FIT)", "3 sessions", "Well-being, ORS: from 14 to 20, +6 (cut-off 25).", "GOALS",
        "”My own key”", "  - Pay the rent", "SESSIONS", "Session 1 with Ann Holm", "  ORS 14, SRS 33",
        "Own words (Reasons for the ORS): ”I garden <b>now</b>”", "  Development: He sleeps better", "DECIDED",
        "Cook on Tuesdays", "Ann Holm follows up not later than", "From Medspil",
    ]  # fmt: skip
    places = [text.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert max(text.count("\n\n\n"), text.count("\t")) == 0


def test_a_status_says_nothing_in_the_clients_words_without_their_agreement(staff, nils, episode):
    with tenant(nils.organisation_id):
        assert not may_share_words(nils)
    for parts in ({}, {"since": "", "parts": ["curve", "table", "words", "remarks", "goals", "decisions"]}):
        shown = page(staff, episode, kind="status", **parts)
        text = text_of(staff, episode, kind="status", **parts)
        for words in OWN_WORDS:
            assert words not in shown and words not in text
        assert "Without the client's own words" in shown
        assert "Lives by himself" in text and "Attend the course" in text and "Cook on Tuesdays" in text
    assert "He sleeps better" not in text_of(staff, episode, kind="status")


def test_a_goal_that_was_reached_is_a_mark_on_the_curve_and_no_words(staff, ann, episode, sessions):
    reached = {"state": GoalState.REACHED, "ended_on": sessions[1].held_on}
    with tenant(ann.organisation_id):
        Goal.objects.filter(pk=the(Goal, wording="My own key").pk).update(**reached)
    shown = page(staff, episode, kind="status", since="", parts=["curve", "table"])
    numbers = staff.get(f"/episodes/{episode.pk}/record/numbers/").content.decode()
    for said in (shown, numbers):
        assert "Goal reached" in said and "Decision" in said
        assert "My own key" not in said and "Cook on Tuesdays" not in said
    assert "Goal reached" not in page(
        staff, episode, kind="status", since="2020-01-01", parts=["curve"], until="2020-02-01"
    )
    assert "Goal reached" not in page(staff, episode, kind="home", since="", parts=["curve"])


def test_only_the_chosen_period_is_in_it(staff, episode, sessions):
    day = sessions[1].held_on.isoformat()
    text = text_of(staff, episode, since=day, until=day, parts=["curve", "table", "words", "remarks", "decisions"])
    assert "1 session" in text and "He sleeps better" in text
    assert "Well-being, ORS: 15 (cut-off 25)." in text
    for words in ("I garden", "Cook on Tuesdays", "14", "SRS 35"):
        assert words not in text.replace(sessions[1].held_on.strftime("%d"), "")
    rows = staff.get(f"/episodes/{episode.pk}/record/numbers/", {"since": day, "until": day}).content.decode()
    assert len(rows.split()) and rows.count("\r\n") == 2


def test_a_text_can_be_left_out_and_brought_back(staff, episode, sessions):
    with tenant(episode.organisation_id):
        note, decision = the(Note, text="He sleeps better"), SessionDecision.objects.get()
    left_out = {"without": [str(note.pk), str(decision.pk)]}
    text = text_of(staff, episode, **left_out)
    assert "He sleeps better" not in text and "Cook on Tuesdays" not in text
    shown = page(staff, episode, **left_out)
    for key in left_out["without"]:
        assert f'name="without" value="{key}" checked' in shown
    assert f'value="{note.pk}" form="record-form"' in page(staff, episode)


def test_a_period_that_ends_before_it_begins_is_refused_beside_its_field(staff, episode):
    shown = page(staff, episode, status=422, since="2026-09-01", until="2026-08-01")
    assert "The last day cannot lie before the first." in shown
    assert 'value="2026-09-01"' in shown
    page(staff, episode, status=422, since="not a day")


def test_a_period_without_sessions_and_an_episode_without_any_say_so(staff, ann, nils, episode):
    assert "Nothing in this period" in page(staff, episode, since="2020-01-01", until="2020-02-01", parts=["curve"])
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        empty = EpisodeFactory(**own, client=nils, service=ServiceFactory(**own))
    assert "Make the PDF" not in page(staff, empty)
    assert staff.get(f"/episodes/{empty.pk}/record/curve/").status_code == 404


def test_the_numbers_as_a_file_hold_a_row_a_session_and_no_name(staff, nils, episode):
    answer = staff.get(f"/episodes/{episode.pk}/record/numbers/")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Date;ORS;ORS Individually;") and "SRS Relationship" in rows[0]
    assert rows[1].startswith("2026-08-02;14.0;3.5;3.5;3.5;3.5;33.0;8.2")
    assert len(rows) == 4
    name = answer["Content-Disposition"]
    assert "N-014-" in name and "Nils" not in name and answer["Content-Type"].startswith("text/csv")


def test_the_curve_as_a_file_is_whole_by_itself(staff, episode):
    answer = staff.get(f"/episodes/{episode.pk}/record/curve/")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    said = "".join(ElementTree.fromstring(answer.content.decode()).itertext())
    for words in ("N-014", "Well-being, ORS", "Solsikke Municipality", "cut-off 25"):
        assert words in said
    assert "garden" not in said


def test_the_sheet_for_the_client_speaks_to_them_and_holds_nothing_for_staff(staff, nils, episode):
    shown = page(staff, episode, kind="home")
    for words in ("This is how it has gone so far.", *OWN_WORDS[:3], "Cook on Tuesdays", "How you are"):
        assert words in shown
    for words in ("He sleeps better", "cut-off 25).", "reliable change", "expected", "case record"):
        assert words not in shown
    with tenant(episode.organisation_id):
        Client.objects.filter(pk=nils.pk).update(form_language="so")
    assert "it is in English" in page(staff, episode, kind="home")


def test_the_sheet_is_in_the_clients_language(staff, nils, episode):
    for language, words in (("da", "Sådan er det gået indtil nu."), ("ar", "هكذا سارت الأمور حتى الآن.")):
        with tenant(episode.organisation_id):
            Client.objects.filter(pk=nils.pk).update(form_language=language)
        shown = page(staff, episode, kind="home")
        assert words in shown
        assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in shown


def test_the_episode_as_json_says_whose_words_are_whose(ann, episode, sessions):
    with tenant(ann.organisation_id):
        episode = Episode.objects.select_related("client__organisation", "service").get(pk=episode.pk)
        made = json.loads(
            episode_json(read_content(episode, WHOLE, day=datetime.date(2026, 11, 29), may_share=False, by=None))
        )
    assert made["client_reference"] == "N-014" and "Nils" not in json.dumps(made)
    assert [one["outcome"] for one in made["series"][0]["measured"]] == [140, 150, 200]
    assert made["sessions"][0]["own_words"][0]["text"] == "I garden <b>now</b>"
    assert made["sessions"][1]["remarks"][0]["text"] == "He sleeps better"
    assert made["sessions"][2]["decisions"][0]["follow_up_on"] == "2026-12-08"
    assert made["goals"][0]["marks"][1]["mark"] == 7 and made["goals"][0]["steps"][0]["wording"] == "Pay the rent"


def test_each_look_is_on_record(staff, nils, episode):
    for path, action in (("", "record.page"), ("numbers/", "record.numbers"), ("curve/", "record.picture")):
        staff.get(f"/episodes/{episode.pk}/record/{path}")
        with tenant(nils.organisation_id):
            assert AccessEvent.objects.filter(action=action, client_ids=[nils.pk]).count() == 1


def test_queries_do_not_grow_with_what_is_written(staff, ann, episode, sessions):
    def queries():
        _answer, statements = statements_of(lambda: page(staff, episode))
        return len(statements)

    queries()
    before = queries()
    with tenant(ann.organisation_id):
        for session in sessions:
            for kind in ("focus", "next_time", "after_srs"):
                Note.objects.create(
                    organisation=ann.organisation, session=session, kind=kind, text="More", updated_by=ann
                )
            for _number in range(3):
                SessionDecision.objects.create(
                    organisation=ann.organisation, session=session, text="More", responsible=ann
                )
    assert queries() == before
    assert before < 50
