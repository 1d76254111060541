"""A large team: the pages of ordinary work stay as small as for a small one, and whoever is looked for is found."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from bench.large_team import fill
from clients.models import Client
from organisations.models import AccessEvent, Service, Team
from organisations.tenancy.context import tenant
from reports.today.order import Need, Ranking
from sessions_app.models import GroupMeeting, Rating, Session
from tests.people import person
from tests.saving import save
from tests.sessions_app.test_paper import row, sent
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
NOON = "2026-11-22T11:00:00Z"
BYTES = 60_000
PAGES = ("today", "groups", "paper-grid", "client-list")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def lou(house):
    """Somebody whose team has 180 imported clients."""
    with tenant(house.pk):
        service = Service.objects.create(organisation=house, name="House")
        team = Team.objects.create(organisation=house, service=service, name="Red")
    fill(house, 180, today=TODAY)
    return person(team, "Lou Falk")


@pytest.fixture
def staff(browser, lou):
    browser.force_login(lou.user)
    return browser


def page_of(staff, name, **asked):
    answer = staff.get(reverse(name), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def ranked(lou):
    return Ranking(lou, only_mine=False, label=None, today=TODAY, tones={})


def references_of(clients):
    return [client.reference for client in clients]


def references(page):
    """Of the rows of a page, in their order."""
    return re.findall(r'<th scope="row" class="cell-name"><a[^>]*><bdi>([^<]+)</bdi>', page)


def shown_in_log(lou, action):
    with tenant(lou.organisation_id):
        event = AccessEvent.objects.filter(practitioner=lou, action=action).latest("seq")
        return set(Client.objects.filter(pk__in=event.client_ids).values_list("reference", flat=True))


def test_no_page_grows_with_the_clients(staff, lou, house):
    costs = []
    for _size in (180, 300):
        for name in PAGES:
            page_of(staff, name)  # what is read once a process
        answers = {name: statements_of(lambda name=name: staff.get(reverse(name))) for name in PAGES}
        sizes = {name: len(answer.content) for name, (answer, _statements) in answers.items()}
        assert max(sizes.values()) <= BYTES, sizes
        assert len(references(answers["today"][0].content.decode())) <= 30
        costs.append({name: len(statements) for name, (_answer, statements) in answers.items()})
        if not costs[1:]:
            fill(house, 120, today=TODAY, first=180)
    assert costs[0] == costs[1]


def test_today_begins_each_part_with_its_most_pressing_and_counts_the_others(staff, lou):
    page = page_of(staff, "today")
    with tenant(lou.organisation_id):
        counts = ranked(lou).counts()
        first = [
            reference
            for need in (Need.TODAY, Need.ACT, Need.LATE)
            for reference in references_of(ranked(lou).first_of(need, 10))
        ]
    assert references(page) == first
    assert shown_in_log(lou, "today") == set(first)
    assert f"{counts.parts[Need.LATE]} clients are late" in page
    assert f"Show all {counts.parts[Need.LATE]}" in page
    assert f"{counts.parts[Need.LATER]} clients have an appointment later" in page


def test_a_part_of_today_is_paged_in_the_same_order(staff, lou):
    with tenant(lou.organisation_id):
        late = references_of(ranked(lou).query().filter(need=Need.LATE))
    assert len(late) > 25
    pages = [page_of(staff, "today", need="late", page=number) for number in range(1, (len(late) + 24) // 25 + 1)]
    assert [reference for page in pages for reference in references(page)] == late
    assert "need=late&amp;page=2" in pages[0]
    assert shown_in_log(lou, "today") == set(references(pages[-1]))


@pytest.mark.parametrize("button", [{"find": "1"}, {}])
def test_whatever_button_sends_a_search_its_words_are_on_record(staff, lou, button):
    page = staff.post(reverse("groups"), {"q": "L-77", **button}).content.decode()
    assert "(L-7)" not in page
    with tenant(lou.organisation_id):
        assert AccessEvent.objects.filter(action="group.list").latest("seq").typed == "L-77"


def test_today_finds_by_reference(staff, lou):
    page = page_of(staff, "today", q="L-11")
    assert set(references(page)) == {"L-11", *(f"L-{number}" for number in range(110, 120))}
    assert "11 clients found" in page
    assert "0 clients found" in page_of(staff, "today", q="nobody")


def chosen(page):
    return set(re.findall(r'name="clients" value="([^"]+)"[^>]* checked', page))


def offered(page):
    return re.findall(r'name="clients" value="([^"]+)"', page)


def test_a_group_is_chosen_over_several_pages_and_searches(staff, lou):
    with tenant(lou.organisation_id):
        keys = {one.reference: str(one.pk) for one in Client.objects.filter(reference__in=["L-7", "L-77", "L-99"])}
    assert len(offered(page_of(staff, "groups"))) == 25
    data = {"name": "Wednesdays", "contact_form": "video", "q": "L-77", "find": "1", "clients": [keys["L-7"]]}
    answer = staff.post(reverse("groups"), data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert chosen(page) == {keys["L-7"]}
    assert set(offered(page)) == {keys["L-7"], keys["L-77"]}
    assert 'value="Wednesdays"' in page
    assert re.search(r'value="video"[^>]* checked', page)
    assert shown_in_log(lou, "group.list") == {"L-7", "L-77"}
    with tenant(lou.organisation_id):
        team = str(Team.objects.get().pk)
    for whose, count in ((team, 26), ("mine", 1), ("nobody", 26)):
        page = staff.post(reverse("groups"), data | {"q": "", "whose": whose}).content.decode()
        assert len(offered(page)) == count, whose
    both = data | {"clients": [keys["L-7"], keys["L-77"]], "q": "", "find": "2"}
    page = staff.post(reverse("groups"), both).content.decode()
    assert chosen(page) == {keys["L-7"], keys["L-77"]}
    assert "Page 2 of 8" in page
    del both["find"]
    assert staff.post(reverse("groups"), both).status_code == 302
    with tenant(lou.organisation_id):
        members = GroupMeeting.objects.get().members.values_list("session__client__reference", flat=True)
        assert set(members) == {"L-7", "L-77"}


def test_one_more_of_a_group_and_the_right_client_of_a_session_are_found(staff, lou):
    with tenant(lou.organisation_id):
        one, two, three = (Client.objects.get(reference=f"L-{number}") for number in (7, 77, 99))
        session = Session.objects.filter(client=one).first()
        episode = three.episodes.get()
    data = {"name": "Wednesdays", "contact_form": "video", "clients": [str(one.pk), str(two.pk)]}
    group = staff.post(reverse("groups"), data).url
    page = staff.post(group, {"q": "L-99", "find": "1"}).content.decode()
    assert f'<option value="{three.pk}"' in page
    assert page.count("<option value=") <= 6
    assert staff.post(group, {"client": str(three.pk)}).status_code == 302
    move = reverse("session-move", args=[session.pk])
    page = staff.post(move, {"q": "L-99", "find": "1", "reason": "Wrong one"}).content.decode()
    assert f'<option value="{episode.pk}"' in page
    assert 'value="Wrong one"' in page
    assert shown_in_log(lou, "client.choices") == {"L-99"}
    assert save(staff, move, {"episode": str(episode.pk), "reason": "Wrong one"}).status_code == 302


def test_papers_keep_what_is_typed_while_somebody_looks_for_references(staff, lou):
    assert "<option value=" not in page_of(staff, "paper-grid").partition("<datalist")[2].partition("</datalist>")[0]
    typed = sent(row("l-7"), row("nobody", marks=("11", "x", "", "")))
    answer = staff.post(reverse("paper-grid"), typed | {"q": "L-77", "find": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for kept in ('value="l-7"', 'value="nobody"', 'value="6,2"', 'value="11"'):
        assert kept in page
    assert '<option value="L-77">' in page
    assert "aria-invalid" not in page
    assert "There is no client of yours" not in page
    assert shown_in_log(lou, "paper.grid") == {"L-7", "L-77"}
    with tenant(lou.organisation_id):
        assert not Rating.objects.filter(entry_mode="paper").exists()
    assert staff.post(reverse("paper-grid"), sent(row("l-7"))).status_code == 200
    with tenant(lou.organisation_id):
        assert Rating.objects.get(entry_mode="paper").session.client.reference == "L-7"
