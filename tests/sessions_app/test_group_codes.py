"""One code for a whole group: each comes to their own form by a number, and no page names anybody."""

import re
import uuid
from datetime import timedelta
from itertools import combinations

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, Capability, CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens.capabilities import hash_of
from sessions_app.models import GroupMember, Rating
from sessions_app.services import group_codes
from sessions_app.services.group_meetings import parts_of
from tests.sessions_app.test_groups import GSRS, NAMES, clients, logged_in, meeting, members, staff  # noqa: F401
from tests.sessions_app.test_groups import ORS as MARKS
from tests.sessions_app.test_links import token_routes

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"<bdi>(\w+)[^<]*</bdi><strong class=\"number\">(\d{3})&nbsp;(\d{3})</strong>")


class Code:
    """A meeting's code as its page showed it: the door's address, and each participant's number by name."""

    def __init__(self, page):
        words = page.content.decode()
        self.screen = re.search(r'href="(/f/[\w-]+/screen/)"', words)[1]
        self.door = self.screen.replace("screen/", "group/")
        self.token = self.screen.split("/")[2]
        self.numbers = {name: first + second for name, first, second in NUMBER.findall(words)}


def make(staff, meeting, part="ors"):  # noqa: F811
    return Code(staff.post(reverse("group-code", args=[meeting.pk, part])))


@pytest.fixture
def code(staff, meeting):  # noqa: F811
    return make(staff, meeting)


def phone():
    return Browser(enforce_csrf_checks=True)


def enter(code, number, device=None):
    return (device or phone()).post(code.door, {"number": number})


def answer(opened, device, marks=MARKS):
    """Mark the form that a number led to; the last page."""
    return device.post(opened.url, marks | {"submission_id": str(uuid.uuid4())}, follow=True)


def wrong(code):
    """A number of nobody's."""
    return next(f"{number:06}" for number in range(10**6) if f"{number:06}" not in code.numbers.values())


def test_each_reaches_their_own_form_and_no_page_names_anybody(code, meeting, ann):  # noqa: F811
    assert set(code.numbers) == set(NAMES)
    shown = [phone().get(code.screen), phone().get(code.door)]
    for place, name in enumerate(NAMES):
        device = phone()
        opened = enter(code, code.numbers[name], device)
        assert opened.status_code == 303
        shown += [device.get(opened.url, follow=True), answer(opened, device, MARKS | {"overall": str(place)})]
        assert "Your answer is saved." in shown[-1].content.decode()
    for page in shown:
        assert page.status_code == 200
        words = page.content.decode()
        assert not [word for word in (*NAMES, meeting.name, "unlock", "tablet") if word in words]
    with tenant(ann.organisation_id):
        ratings = Rating.objects.order_by("session__group_member__place").values_list(
            "session__client__first_name", "marks"
        )
        assert [(name, marks[3]) for name, marks in ratings] == [(name, 10 * at) for at, name in enumerate(NAMES)]


def test_children_and_the_end_of_the_meeting_have_forms_of_their_own(staff, meeting, ann):  # noqa: F811
    code, device = make(staff, meeting, "srs"), phone()
    answer(enter(code, code.numbers["Bea"], device), device, GSRS)
    with tenant(ann.organisation_id):
        assert Rating.objects.get().instrument == "gsrs"


@pytest.mark.parametrize("typed", ["{} {}", " {}-{} ", "{}{}"])
def test_a_number_may_be_typed_with_spaces(code, typed):
    number = code.numbers["Carl"]
    assert enter(code, typed.format(number[:3], number[3:])).status_code == 303


def test_a_number_in_other_digits_is_the_same_number(code):
    arabic = code.numbers["Carl"].translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    assert enter(code, arabic).status_code == 303


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_number_is_said_at_the_field_and_is_no_guess(code, typed):
    for _try in range(group_codes.GUESSES.at_most + 1):
        page = enter(code, typed)
    assert page.status_code == 422
    assert 'class="field has-error"' in page.content.decode()


def test_a_number_is_closed_once_its_form_is_answered(code):
    device = phone()
    answer(enter(code, code.numbers["Bea"], device), device)
    again = enter(code, code.numbers["Bea"])
    assert (again.status_code, "it has been answered" in again.content.decode()) == (422, True)


def test_a_number_opens_again_while_nothing_is_answered(code):
    first, second = (enter(code, code.numbers["Bea"]).url for _ in range(2))
    assert phone().get(first, follow=True).status_code == 410, "on one device at a time"
    assert phone().get(second, follow=True).status_code == 200


def test_guessing_is_limited_and_a_right_number_then_waits_too(code):
    guess = wrong(code)
    for _guess in range(group_codes.GUESSES.at_most):
        assert enter(code, guess).status_code == 422
    for number in (guess, code.numbers["Bea"]):
        refused = enter(code, number)
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= group_codes.GUESSES.seconds


def test_one_groups_guesses_stop_no_other_group(code, staff, meeting):  # noqa: F811
    for _guess in range(group_codes.GUESSES.at_most):
        enter(code, wrong(code))
    other = make(staff, meeting, "srs")
    assert enter(other, other.numbers["Bea"]).status_code == 303


def test_a_number_belongs_to_its_code(code, staff, meeting):  # noqa: F811
    other = make(staff, meeting, "srs")
    assert enter(other, code.numbers["Bea"]).status_code == 422


def test_two_group_numbers_differ_in_at_least_three_digits():
    for one, other in combinations(group_codes.draw_numbers(30), 2):
        assert sum(a != b for a, b in zip(one, other, strict=True)) >= 3


def test_only_hashes_are_stored_and_a_numbers_hash_needs_the_code(code):
    rows = list(Capability.objects.all())
    assert len(rows) == 1 + len(NAMES)
    stored = {bytes(row.token_hash) for row in rows}
    assert hash_of(code.token) in stored
    assert not stored & {hash_of(number) for number in code.numbers.values()}
    kept = repr(list(Capability.objects.values()))
    assert not [secret for secret in (code.token, *code.numbers.values()) if secret in kept]


def test_after_four_hours_the_code_is_closed(code):
    assert Capability.objects.latest("expires_at").expires_at <= timezone.now() + timedelta(hours=4)
    Capability.objects.update(expires_at=timezone.now())
    for page in (phone().get(code.door), phone().get(code.screen), enter(code, code.numbers["Bea"])):
        assert page.status_code == 410
        assert "This code is closed." in page.content.decode()


def test_a_closed_code_lets_nobody_in_and_an_open_form_is_finished(code, staff, meeting, ann):  # noqa: F811
    device = phone()
    opened = enter(code, code.numbers["Bea"], device)
    assert staff.post(reverse("group-code-close", args=[meeting.pk, "ors"])).status_code == 302
    assert enter(code, code.numbers["Carl"]).status_code == 410
    assert answer(opened, device).status_code == 200
    with tenant(ann.organisation_id):
        assert Rating.objects.get().late is False


def test_new_numbers_close_the_old_ones_and_who_has_answered_gets_none(code, staff, meeting):  # noqa: F811
    device = phone()
    answer(enter(code, code.numbers["Bea"], device), device)
    new = make(staff, meeting)
    assert set(new.numbers) == {"Carl", "Dina"}
    assert enter(code, code.numbers["Carl"]).status_code == 410
    assert enter(new, new.numbers["Carl"]).status_code == 303


def test_who_did_not_come_gets_no_number_and_loses_theirs(code, staff, meeting):  # noqa: F811
    bea = members(meeting)[0]
    staff.post(reverse("group-attendance", args=[bea.pk]), {"came": "no"})
    assert enter(code, code.numbers["Bea"]).status_code == 422
    assert set(make(staff, meeting).numbers) == {"Carl", "Dina"}


def test_without_anybody_to_ask_there_is_no_code(code, staff, meeting):  # noqa: F811
    for name in NAMES:
        device = phone()
        answer(enter(code, code.numbers[name], device), device)
    page = staff.post(reverse("group-code", args=[meeting.pk, "ors"]), follow=True)
    assert "Everybody who is here has answered." in page.content.decode()
    assert staff.post(reverse("group-code", args=[meeting.pk, "who5"])).status_code == 404


def states(staff, meeting):  # noqa: F811
    told = staff.get(reverse("group-state", args=[meeting.pk])).json()["links"]
    found = [told[f"{one.pk}-ors"]["words"] for one in members(meeting)]
    return [*found, told["lead"]["words"]]


def test_staff_see_how_far_each_is(staff, meeting, ann):  # noqa: F811
    assert states(staff, meeting)[:3] == ["not yet"] * 3
    code = make(staff, meeting)
    assert states(staff, meeting)[:3] == ["has a number"] * 3
    device, other = phone(), phone()
    opened, begun = enter(code, code.numbers["Bea"], device), enter(code, code.numbers["Carl"], other)
    assert other.post(f"{begun.url}started/").status_code == 204
    assert states(staff, meeting)[:3] == ["opened", "marking now", "has a number"]
    answer(opened, device)
    assert states(staff, meeting) == [
        "answered", "marking now", "has a number", "2 have not marked how things are."
    ]  # fmt: skip
    page = staff.get(reverse("group", args=[meeting.pk])).content.decode()
    assert [words for words in ("answered", "marking now", "has a number") if words not in page] == []
    assert "A code is open until" in page


def test_a_page_that_asks_again_writes_no_row_until_something_changed(code, staff, meeting, ann):  # noqa: F811
    tag = staff.get(reverse("group", args=[meeting.pk])).context["tag"]

    def ask():
        return staff.get(reverse("group-state", args=[meeting.pk]), headers={"If-None-Match": tag}).status_code

    def looks():
        with tenant(ann.organisation_id):
            return AccessEvent.objects.filter(action="group.state").count()

    assert ([ask() for _ in range(5)], looks()) == ([304] * 5, 0)
    enter(code, code.numbers["Bea"])
    assert (ask(), looks()) == (200, 1)


def test_a_compressed_answer_is_known_again_by_its_tag(code, staff, meeting, ann):  # noqa: F811
    def ask(tag):
        headers = {"If-None-Match": tag, "Accept-Encoding": "gzip, br"}
        return staff.get(reverse("group-state", args=[meeting.pk]), headers=headers)

    told = ask("")
    assert (told.status_code, told["Content-Encoding"]) == (200, "gzip")
    assert [ask(told["ETag"]).status_code for _ in range(3)] == [304] * 3
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="group.state").count() == 1


def test_every_step_is_on_record(code, staff, meeting, ann):  # noqa: F811
    device = phone()
    answer(enter(code, code.numbers["Bea"], device), device)
    staff.post(reverse("group-code-close", args=[meeting.pk, "ors"]))
    bea = members(meeting)[0].session.client_id
    with tenant(ann.organisation_id):
        events = {event.action: event for event in AccessEvent.objects.filter(client_ids__contains=[bea])}
    assert {"group.code", "link.make", "form.open", "rating.submit", "group.code_close"} <= set(events)
    assert (events["link.make"].role, events["link.make"].purpose) == ("capability", "ors group")
    assert events["link.make"].client_ids == [bea], "nobody else's form was opened with it"


def test_a_colleague_makes_numbers_only_for_whom_they_may_see(meeting, cleo, blue_team):  # noqa: F811
    carl = members(meeting)[1].session.client
    with tenant(meeting.organisation_id):
        carl.client_teams.create(organisation=meeting.organisation, team=blue_team)
    assert set(make(logged_in(cleo), meeting).numbers) == {"Carl"}


@pytest.mark.parametrize(
    "name", [name for name, _ in token_routes() if name not in ("group-code-entry", "group-screen")]
)
def test_a_codes_token_and_a_numbers_open_no_other_route(code, name):
    for token in (code.token, f"{code.token}.{code.numbers['Bea']}"):
        for method in (phone().get, phone().post):
            assert method(reverse(name, args=[token])).status_code in {403, 404, 405}


@pytest.mark.parametrize("name", ["group-code-entry", "group-screen"])
def test_a_forms_token_and_a_handed_over_device_open_no_code(code, staff, meeting, name):  # noqa: F811
    opened = enter(code, code.numbers["Bea"]).url
    assert phone().get(reverse(name, args=[opened.split("/")[2]])).status_code == 404
    staff.post(reverse("group-round", args=[meeting.pk, "ors"]))
    assert staff.get(reverse(name, args=[code.token])).url == reverse("unlock")


@pytest.mark.parametrize(("asked", "spoken"), [("da", "da"), ("sv-SE,en", "sv"), ("ar", "en")])
def test_the_page_speaks_the_browsers_language(code, asked, spoken):
    page = phone().get(code.door, headers={"Accept-Language": asked})
    assert f'<html lang="{spoken}"' in page.content.decode()
    assert (page["Content-Language"], page["Referrer-Policy"]) == (spoken, "no-referrer")


def test_one_query_shows_how_far_a_group_of_any_size_is(code, meeting, django_assert_num_queries):  # noqa: F811
    with tenant(meeting.organisation_id):
        parts = parts_of(GroupMember.objects.filter(meeting=meeting))
        with django_assert_num_queries(1):
            assert len(group_codes.progress_of(parts)) == len(NAMES)
    assert Capability.objects.filter(kind=CapabilityKind.NUMBER).count() == len(NAMES)
