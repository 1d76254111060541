"""A language that the application does not speak: the words around the form, and the answers of the WHO-5."""

import datetime
import json
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, Rater
from organisations.models import CapabilityKind, Organisation
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import Rating
from sessions_app.wording.validation import SCHEMA, PackRefused, read_pack
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.sessions_app.wording.packs import content, raw
from tests.sessions_app.wording.test_packs import MARKS, bring, license_it, send, today  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
ARABIC = {"language": "ar", "direction": "rtl"}
# Made-up words: each key between two Arabic letters.
AROUND = {key: f"ب{key}ج" for key in SCHEMA["properties"]["interface"]["properties"]}
AROUND |= {key: f"ب {key} {{name}}" for key in ("next", "turn", "turn_mine")}
AROUND |= {"count": "{done} ب {all}", "at_end": "ب {end}", "near_end": "ج {end}", "between": "د {end}"}
ANSWERS = [{"label": f"ب{number}"} for number in range(6)]


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def speaks(ada, nils):
    def give(language):
        with tenant(ada.organisation_id):
            Client.objects.filter(pk=nils.pk).update(form_language=language)

    return give


def form_address(record, detail="ors"):
    token = capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=record.organisation_id,
        object_id=record.pk,
        detail=detail,
        lifetime=datetime.timedelta(hours=4),
    )
    return reverse("rating-form", args=[token])


def shown(address):
    answer = Browser().get(address)
    return answer.content.decode(), answer.headers["Content-Language"]


def five(**more):
    rows = [{"key": key, "label": f"Row {key}", "text": "of beans"} for key in FAMILY["who5"].items]
    return {"instrument": "who5", "items": rows, **more}


def test_the_whole_way_through_the_form_is_in_the_packs_language(ada, record, speaks):
    license_it(ada, bring(ada, **ARABIC, interface=AROUND))
    speaks("ar")
    address = form_address(record)
    page, language = shown(address)
    assert '<html lang="ar" dir="rtl">' in page
    assert language == "ar"
    for key in ("done", "later", "only", "hint", "undo", "unmarked", "missing", "sending", "stored", "towards"):
        assert AROUND[key] in page
    assert "{done} ب {all}" in page
    assert "<li>ب dry 1</li>" in page
    assert "<li>ب green 1</li>" in page
    for english in ("Done", "Take back", "Tap the line", "all the way to the end", "Thank you"):
        assert english not in page
    missing = send(address, individual="")
    assert missing.status_code == 422
    assert f"Bed 1: {AROUND['missing']}" in missing.content.decode()
    assert send(address, pack="garden@1.0").status_code == 303
    thanks, language = shown(address + "thanks/")
    assert '<html lang="ar" dir="rtl">' in thanks
    assert language == "ar"
    assert AROUND["thanks"] in thanks
    assert AROUND["saved"] in thanks


def test_kept_for_later_and_closed_are_in_the_packs_language(ada, record, speaks):
    license_it(ada, bring(ada, **ARABIC, interface=AROUND))
    speaks("ar")
    address = form_address(record)
    assert Browser().post(address + "later/", {"individual": "5"}).status_code == 303
    assert AROUND["kept_how"] in shown(address + "later/")[0]
    assert AROUND["closed_how"] in shown(address)[0]


def test_a_second_answer_is_answered_in_the_packs_language(ada, record, speaks):
    license_it(ada, bring(ada, **ARABIC, interface=AROUND))
    speaks("ar")
    address = form_address(record)
    send(address, pack="garden@1.0")
    answer = send(address, individual="1", submission_id=str(uuid.uuid4()), pack="garden@1.0")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Language"]) == (409, "ar")
    assert AROUND["twice"] in page and AROUND["twice_how"] in page
    assert "two answers" not in page and "answered before" not in page


def test_the_thanks_between_two_raters_are_in_the_packs_language(browser, ann, ada, nils, record, speaks):
    license_it(ada, bring(ada, **ARABIC, interface=AROUND))
    speaks("ar")
    with tenant(ada.organisation_id):
        Rater.objects.create(organisation=ada.organisation, client=nils, key="mother", relation="mother")
    browser.force_login(ann.user)
    both = {"forms": ["ors", "ors:mother"]}
    address = browser.post(reverse("session-handover", args=[record.pk, "ors"]), both).headers["Location"]
    browser.post(address, {**MARKS, "submission_id": str(uuid.uuid4()), "pack": "garden@1.0"})
    page = browser.get(address + "thanks/").content.decode()
    assert AROUND["pass_on"] in page
    assert "ب next <bdi>Mother</bdi></button>" in page
    assert "Now:" not in page and "Give the tablet on" not in page


def test_between_two_of_a_group_the_pages_are_in_the_packs_language(browser, ann, ada, nils, service, speaks):
    license_it(ada, bring(ada, **ARABIC, interface=AROUND))
    speaks("ar")
    with tenant(ada.organisation_id):
        other = ClientFactory(organisation=ada.organisation, first_name="Zoe", teams=nils.teams.all())
        EpisodeFactory(organisation=ada.organisation, client=other, service=service)
    browser.force_login(ann.user)
    sent = {"name": "Group", "contact_form": "in_person", "clients": [str(nils.pk), str(other.pk)]}
    meeting = browser.post(reverse("groups"), sent).url
    turn = browser.post(f"{meeting}round/ors/").url
    page, language = browser.get(turn), "ar"
    said = page.content.decode()
    assert '<html lang="ar" dir="rtl">' in said and page.headers["Content-Language"] == language
    assert "<h1>ب turn <bdi>Nils</bdi></h1>" in said and "ب turn_mine <bdi>Nils</bdi></a>" in said
    assert AROUND["turn_alone"] in said and AROUND["turn_later"] in said
    assert "Give the tablet" not in said and "Only you see" not in said
    browser.post(turn.replace("turn/", ""), {**MARKS, "submission_id": str(uuid.uuid4()), "pack": "garden@1.0"})
    thanks = browser.get(turn.replace("turn/", "thanks/")).content.decode()
    assert AROUND["turn_on"] in thanks
    # The next one speaks a language of ours: nothing of the pack is left.
    english = browser.get(browser.post(turn.replace("turn/", "on/")).url).content.decode()
    assert '<html lang="en" dir="ltr">' in english and "Give the tablet to Zoe." in english


def test_what_a_pack_leaves_out_is_english(ada, record, speaks):
    license_it(ada, bring(ada, **ARABIC, interface={"done": "بجد"}))
    speaks("ar")
    page, _language = shown(form_address(record))
    assert ">بجد</button>" in page
    assert "Take back" in page
    assert "all the way to the end: dry 1" in page


@pytest.mark.parametrize("language", ["da", "en"])
def test_where_we_speak_the_language_our_own_words_stand_around_the_form(ada, record, speaks, language):
    license_it(ada, bring(ada, language=language, interface=AROUND))
    speaks(language)
    page, shown_in = shown(form_address(record))
    assert "How is the garden?" in page
    assert shown_in == language
    assert AROUND["done"] not in page
    assert AROUND["hint"] not in page


@pytest.mark.parametrize("wrong", [{"done": "<b>"}, {"done": ""}, {"cancel": "No"}, {"done": "x" * 41}, "done"])
def test_words_around_the_form_are_checked_as_all_others(wrong):
    with pytest.raises(PackRefused) as refused:
        read_pack(raw(interface=wrong))
    assert refused.value.faults[0].place.startswith("interface")


def test_a_who5_pack_gives_its_six_answers_or_leaves_them_to_us(ada, record, speaks):
    license_it(ada, bring(ada, **five(**ARABIC, answers=ANSWERS)))
    speaks("ar")
    page, _language = shown(form_address(record, "who5"))
    assert all(answer["label"] in page for answer in ANSWERS)
    assert "nearly always" not in page
    license_it(ada, bring(ada, version="2.0", **five(**ARABIC)))
    page, _language = shown(form_address(record, "who5"))
    assert '<div class="row-answers" lang="en" dir="ltr">' in page
    assert "nearly always" in page
    assert page.count('type="radio"') == 30
    with pytest.raises(PackRefused):
        read_pack(json.dumps(content() | five(answers=ANSWERS[:5])).encode())


# The client's list of languages


def offered(browser, ann, nils):
    browser.force_login(ann.user)
    page = browser.get(reverse("client-edit", args=[nils.pk]))
    return [code for code, _name in page.context["form"].fields["form_language"].choices]


def test_only_languages_with_a_confirmed_and_valid_pack_and_our_own_four(browser, ann, ada, nils, today):  # noqa: F811
    own = ["da", "sv", "nb", "en"]
    pack = bring(ada, **ARABIC)
    assert sorted(offered(browser, ann, nils)) == sorted(own)
    license_it(ada, pack, datetime.date(2026, 11, 3), confirm=False)
    assert sorted(offered(browser, ann, nils)) == sorted(own)
    license_it(ada, pack, datetime.date(2026, 11, 3))
    assert sorted(offered(browser, ann, nils)) == sorted([*own, "ar"])
    today(2)
    assert sorted(offered(browser, ann, nils)) == sorted(own)


def test_after_the_licence_the_form_goes_on_in_our_own_words_and_nothing_is_lost(
    browser, ann, ada, nils, record, speaks, today  # noqa: F811
):  # fmt: skip
    license_it(ada, bring(ada, **ARABIC, interface=AROUND), datetime.date(2026, 11, 3))
    speaks("ar")
    assert send(form_address(record), pack="garden@1.0").status_code == 303
    today(2)
    assert "ar" in offered(browser, ann, nils), "the client keeps the language that was chosen"
    with tenant(ada.organisation_id):
        Organisation.objects.filter(pk=ada.organisation_id).update(language="en")
        later = SessionFactory(organisation=ada.organisation, episode=record.episode, practitioner=ann)
    browser.force_login(ann.user)
    assert "The licence for this form" in browser.get(reverse("session-flow", args=[later.pk])).content.decode()
    address = form_address(later)
    page, _language = shown(address)
    assert '<html lang="en" dir="ltr">' in page
    assert "not the licensed scales" in page
    assert send(address).status_code == 303
    with tenant(ada.organisation_id):
        words = list(Rating.objects.order_by("created_at").values_list("pack", "language", "total"))
    total = sum(round(float(mark) * 10) for mark in MARKS.values())
    assert words == [("garden@1.0", "ar", total), ("", "en", total)]
