"""Whose words an answer was made with: keyed in, read aloud, kept unfinished, from papers, second answers."""

import datetime
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.models import CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import ConflictingAnswer, Rating, RatingDraft
from sessions_app.wording import packs
from tests.api.asking import system_of
from tests.factories import SessionFactory
from tests.sessions_app.wording.packs import content
from tests.sessions_app.wording.test_packs import MARKS, bring, in_house, license_it

pytestmark = pytest.mark.django_db
OTHER = {**MARKS, "overall": "1"}


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def arabic(ada, nils):
    """The client's language is Arabic, and there is a pack in it, with different ends at each line."""
    pack = bring(ada, language="ar", direction="rtl")
    license_it(ada, pack)
    speaks(nils, "ar")
    return pack


def speaks(client, language):
    with tenant(client.organisation_id):
        Client.objects.filter(pk=client.pk).update(form_language=language)


def stored(person, model=Rating):
    """Pack and language of the newest row."""
    with tenant(person.organisation_id):
        rows = model.objects.order_by("kept_at" if model is RatingDraft else "created_at")
        return rows.values_list("pack", "language").last()


def page_of(staff, record, name):
    address = reverse(name, args=[record.pk, "ors"])
    return address, staff.get(address).content.decode()


def sent(**more):
    return {**MARKS, "entry_mode": "paper", "submission_id": str(uuid.uuid4()), **more}


@pytest.mark.parametrize("name", ["rating-key-in", "rating-read-aloud"])
def test_staff_writes_down_in_the_packs_words(staff, ada, record, arabic, name):
    address, page = page_of(staff, record, name)
    assert "Bed 3" in page
    assert 'lang="ar"' in page
    assert "Socially" not in page
    assert 'name="pack" value="garden@1.0"' in page
    assert staff.post(address, sent(pack="garden@1.0")).status_code == 302
    assert stored(ada) == ("garden@1.0", "ar")


@pytest.mark.parametrize("name", ["rating-key-in", "rating-read-aloud"])
def test_a_page_that_stood_open_when_the_pack_was_withdrawn_keeps_its_name(staff, ada, record, arabic, name):
    in_house(ada, lambda: packs.withdraw_pack(pack=arabic, by=ada))
    address, page = page_of(staff, record, name)
    assert "Bed 3" not in page
    assert staff.post(address, sent(pack="garden@1.0")).status_code == 302
    assert stored(ada) == ("garden@1.0", "ar")


@pytest.mark.parametrize("name", ["rating-key-in", "rating-read-aloud"])
def test_without_a_pack_the_language_is_the_one_that_was_shown(staff, ada, record, nils, name):
    speaks(nils, "ar")
    staff.post(page_of(staff, record, name)[0], sent(pack="meadow@1.0"))
    assert stored(ada) == ("", "en")


def test_what_is_wrong_keeps_the_pack(staff, record, arabic):
    address, _page = page_of(staff, record, "rating-key-in")
    page = staff.post(address, sent(pack="garden@1.0", overall=""))
    assert page.status_code == 422
    assert 'name="pack" value="garden@1.0"' in page.content.decode()


def test_each_line_says_its_own_ends_unless_all_have_the_same(staff, ada, record):
    license_it(ada, bring(ada))
    assert "what stands at their ends" in page_of(staff, record, "rating-read-aloud")[1]
    same = [{**item, "left": "dry", "right": "green"} for item in content()["items"]]
    license_it(ada, bring(ada, version="2.0", items=same))
    assert "0 is “dry”, 10 is “green”" in page_of(staff, record, "rating-read-aloud")[1]


def test_a_correction_is_asked_in_the_packs_words(staff, ada, record, arabic):
    staff.post(page_of(staff, record, "rating-key-in")[0], sent(pack="garden@1.0"))
    with tenant(ada.organisation_id):
        rating = Rating.objects.get()
    assert "Bed 3" in staff.get(reverse("rating-correct", args=[rating.pk])).content.decode()


def test_the_hand_over_sentence_is_the_packs_own_or_marked_as_english(staff, ada, record, arabic):
    flow = reverse("session-flow", args=[record.pk])
    assert '<p class="ask" lang="en" dir="auto">Before we begin I would like' in staff.get(flow).content.decode()
    more = {"language": "ar", "direction": "rtl", "interface": {"handover": "خذ هذه الحديقة"}}
    license_it(ada, bring(ada, version="2.0", **more))
    assert '<p class="ask" lang="ar" dir="auto">خذ هذه الحديقة</p>' in staff.get(flow).content.decode()


def test_an_unfinished_paper_is_finished_as_the_paper_it_was(staff, ada, record, arabic):
    address, _page = page_of(staff, record, "rating-key-in")
    staff.post(address, {"individual": "6", "pack": "garden@1.0", "keep": "1"})
    assert stored(ada, RatingDraft) == ("garden@1.0", "ar")
    license_it(ada, bring(ada, version="2.0", language="ar", direction="rtl"))
    assert 'name="pack" value="garden@1.0"' in page_of(staff, record, "rating-key-in")[1]


def form_address(record):
    return reverse(
        "rating-form",
        args=[
            capabilities.mint(
                kind=CapabilityKind.HANDOVER,
                organisation_id=record.organisation_id,
                object_id=record.pk,
                detail="ors",
                lifetime=datetime.timedelta(hours=4),
            )
        ],
    )


def test_marks_kept_on_the_device_know_their_words(ada, record, arabic):
    Browser().post(form_address(record) + "later/", {"individual": "6", "pack": "garden@1.0"})
    assert stored(ada, RatingDraft) == ("garden@1.0", "ar")


def test_the_paper_grid_stores_the_words_of_the_clients_sheets(staff, ada, record, nils, arabic):
    row = {"client": nils.reference, "held_on": str(record.held_on), "form": "ors", "total": "20"}
    row |= {"submission_id": str(uuid.uuid4())}
    posted = {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0"} | {f"row-0-{name}": said for name, said in row.items()}
    assert staff.post(reverse("paper-grid"), posted).status_code == 200
    assert stored(ada) == ("garden@1.0", "ar")


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [("", "garden@1.0", ("garden@1.0", "ar")), ("garden@1.0", "", ("", "en"))],
)
def test_a_second_answer_that_is_taken_keeps_its_own_words(staff, ada, record, arabic, first, second, words):
    for marks, pack in ((MARKS, first), (OTHER, second)):
        Browser().post(form_address(record), {**marks, "submission_id": str(uuid.uuid4()), "pack": pack})
    assert stored(ada) != words
    assert stored(ada, ConflictingAnswer) == words
    with tenant(ada.organisation_id):
        conflict = ConflictingAnswer.objects.get()
    staff.post(reverse("conflict-decide", args=[conflict.pk]), {"take": "second"})
    with tenant(ada.organisation_id):
        rating = Rating.objects.get(superseded_by=None)
    assert ((rating.pack, rating.language), rating.marks[-1]) == (words, 10)


def test_an_earlier_session_is_written_down_in_the_packs_words(staff, ada, nils, episode, arabic):
    page = staff.get(reverse("session-new", args=[nils.pk])).content.decode()
    assert '<bdi lang="ar">Bed 3</bdi>' in page and "Socially" not in page
    assert 'name="ors_pack" value="garden@1.0"' in page
    assert staff.post(reverse("session-new", args=[nils.pk]), past(ors_pack="garden@1.0")).status_code == 302
    with tenant(ada.organisation_id):
        found = {rating.instrument: (rating.pack, rating.language) for rating in Rating.objects.all()}
    # Of the SRS there is no pack: its words were our own, in English.
    assert found == {"ors": ("garden@1.0", "ar"), "srs": ("", "en")}


def test_an_earlier_session_written_on_a_page_that_stood_open_keeps_the_packs_name(staff, ada, nils, episode, arabic):
    in_house(ada, lambda: packs.withdraw_pack(pack=arabic, by=ada))
    staff.post(reverse("session-new", args=[nils.pk]), past(ors_pack="garden@1.0"))
    with tenant(ada.organisation_id):
        assert Rating.objects.get(instrument="ors").pack == "garden@1.0"


def test_an_earlier_session_that_is_refused_keeps_the_packs_name(staff, nils, episode, arabic):
    page = staff.post(reverse("session-new", args=[nils.pk]), past(ors_pack="garden@1.0", ors_overall=""))
    assert page.status_code == 422
    assert 'name="ors_pack" value="garden@1.0"' in page.content.decode()


def past(**more):
    lines = {f"ors_{key}": mark for key, mark in MARKS.items()}
    lines |= {f"srs_{key}": "9" for key in ("relation", "goals", "approach", "overall")}
    facts = {"held_on": "2026-03-02", "attendance": "attended", "contact_form": "in_person", "entry_mode": "paper"}
    return {**facts, **lines, "submission_id": str(uuid.uuid4()), **more}


# From another system


def asked_of_another(ann, record, **more):
    body = {"session": str(record.pk), "form": "ors", "marks": [62, 71, 58, 72], "submission_id": str(uuid.uuid4())}
    return system_of(ann).post("ratings/", body | more)


@pytest.mark.parametrize(
    ("mode", "more", "words"),
    [
        ("paper", {}, ("garden@1.0", "ar")),  # what the client's sheets are printed in
        ("read_aloud", {}, ("garden@1.0", "ar")),
        ("device", {}, ("", "")),  # the other system's own form: nobody here knows
        ("device", {"pack": "garden@1.0"}, ("garden@1.0", "ar")),
        ("paper", {"pack": ""}, ("", "en")),
    ],
)
def test_another_system_says_whose_words_or_the_clients_sheets_count(ann, ada, record, arabic, mode, more, words):
    answer = asked_of_another(ann, record, entry_mode=mode, **more)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["pack"], answer.json()["language"]) == words == stored(ada)


@pytest.mark.parametrize("name", ["meadow@1.0", "garden@2.0", "garden", "@"])
def test_another_system_names_no_pack_that_is_not_there(ann, ada, record, arabic, name):
    answer = asked_of_another(ann, record, entry_mode="paper", pack=name)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["pack"]
    with tenant(ada.organisation_id):
        assert not Rating.objects.exists()
