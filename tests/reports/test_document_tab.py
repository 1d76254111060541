"""The tab of the development document: one document over time, filtered and searched."""

import datetime
import re

import pytest
from django.urls import reverse

from clients.models import Episode
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import DocumentTemplate, Note, SessionDecision
from tests.factories import EpisodeFactory, ServiceFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(ann, episode):
    """Three sessions with words, remarks and a decision; the sessions, the oldest first."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 140, 150, 200, srs=(330, 340, 350))
        for session, kind, text in (
            (sessions[0], "after_ors", "I <b>garden</b> now"),
            (sessions[0], "development", "He sleeps better"),
            (sessions[2], "better", "The hard things first"),
            (sessions[2], "next_time", "Begin with the move"),
        ):
            Note.objects.create(**own, session=session, kind=kind, text=text, updated_by=ann)
        SessionDecision.objects.create(
            **own,
            session=sessions[2],
            text="Cook on Tuesdays",
            support="Less help with shopping",
            responsible=ann,
            follow_up_on=datetime.date(2026, 12, 8),
        )
    return sessions


def document(browser, client, **query):
    """The page's text without its markup's line breaks."""
    page = browser.get(reverse("client-detail", args=[client.pk]), {"tab": "document", **query})
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def dates(page):
    """The sessions that stand on a page, in their order."""
    return re.findall(r'id="session-([0-9a-f-]{36})"', page)


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


def test_it_reads_as_one_document_newest_first(staff, nils, written):
    page = document(staff, nils)
    assert dates(page) == [str(session.pk) for session in reversed(written)]
    assert "I &lt;b&gt;garden&lt;/b&gt; now" in page
    assert "<b>garden" not in page
    for words in ("He sleeps better", "Cook on Tuesdays", "Less help with shopping", "Ann Holm</bdi> follows up"):
        assert words in page
    assert "+5 since last time" in page  # 15 to 20
    assert "Session 3 with" in page


def test_each_session_says_what_the_curve_said_then(staff, nils, written):
    page = document(staff, nils)
    chips = re.findall(r'class="chip (?:good|watch|act|quiet)">.*?</svg> ?([^<]+)</span> ?</div>', page)
    assert chips == ["Alliance low · above the start", "Alliance low · too early to say", "New · alliance low"]


def test_own_words_and_remarks_look_different(staff, nils, written):
    page = document(staff, nils)
    own = re.findall(r'<figure class="quote (ors|srs)">(.*?)</figure>', page)
    remarks = re.findall(r'<div class="remark-text">(.*?)</div>', page)
    assert [part for part, _text in own] == ["srs", "ors"]
    assert all("Own words" in text and "Remark" not in text for _part, text in own)
    assert len(remarks) == 2
    assert all("Remark" in text and "Own words" not in text for text in remarks)


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ({"show": "words"}, ["garden", "hard things"], ["sleeps", "Cook on"]),
        ({"show": "remarks"}, ["sleeps", "Begin with"], ["garden", "Cook on"]),
        ({"show": "decisions"}, ["Cook on"], ["garden", "sleeps"]),
        ({"q": "SLEEPS better"}, ["sleeps"], ["garden", "Cook on", "hard things"]),
        ({"q": "shopping"}, ["Cook on"], ["garden", "hard things"]),
        ({"q": "nothing such"}, ["Nothing found"], ["garden", "Cook on"]),
        ({"show": "anything", "period": "x", "page": "y"}, ["garden", "sleeps", "Cook on"], []),
    ],
)
def test_it_can_be_narrowed(staff, nils, written, query, seen, unseen):
    page = document(staff, nils, **query)
    for words in seen:
        assert words in page
    for words in unseen:
        assert words not in page


def test_a_period_leaves_out_what_is_older(staff, ann, nils, episode):
    with tenant(ann.organisation_id):
        Episode.objects.filter(pk=episode.pk).update(started_on=datetime.date(2020, 1, 1))
        old = held(episode, ann, 150, first=datetime.date(2020, 1, 6))[0]
        today = today_in(ann.organisation)
        new = held(episode, ann, 160, first=today)[0]
    assert dates(document(staff, nils, period="3")) == [str(new.pk)]
    assert dates(document(staff, nils)) == [str(new.pk), str(old.pk)]


def test_a_search_finds_the_other_episodes_too_and_is_on_record(staff, ann, nils, written):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation}
        other = EpisodeFactory(**about, client=nils, service=ServiceFactory(**about), label="The first course")
        [session] = held(other, ann, 200)
        Note.objects.create(**about, session=session, kind="after_ors", text="My garden was bigger")
    page = document(staff, nils, q="garden", episode=str(written[0].episode_id))
    assert "The first course</bdi></a> (1)" in page
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="client.view", client_ids=[nils.pk], typed="garden").count() == 1


def test_a_voided_session_is_left_out_and_a_missed_one_without_words_too(staff, nils, written):
    staff.post(reverse("session-void", args=[written[2].pk]), {"reason": "Twice"})
    page = document(staff, nils)
    assert dates(page) == [str(written[1].pk), str(written[0].pk)]
    assert "Cook on Tuesdays" not in page


def test_renamed_fields_keep_their_kind_and_what_is_switched_off_can_still_be_read(staff, ann, nils, written):
    with tenant(ann.organisation_id):
        fields = [{"key": "development", "label": "Own words", "on": False}]
        DocumentTemplate.objects.create(organisation=ann.organisation, fields=fields)
    page = document(staff, nils)
    [remark] = [text for text in re.findall(r'<div class="remark-text">(.*?)</div>', page) if "sleeps" in text]
    assert "Own words:" in remark
    assert "sleeps" not in document(staff, nils, show="words")


@pytest.mark.parametrize("count", [1, 5])
def test_the_document_costs_the_same_for_any_number_of_sessions(
    staff, ann, nils, episode, count, django_assert_num_queries
):
    with tenant(ann.organisation_id):
        for session in held(episode, ann, *([180] * count), srs=[300] * count):
            about = {"organisation": ann.organisation, "session": session}
            Note.objects.create(**about, kind="focus", text="On", updated_by=ann)
            SessionDecision.objects.create(**about, text="Do", responsible=ann)
    document(staff, nils)
    with django_assert_num_queries(28):
        document(staff, nils)
