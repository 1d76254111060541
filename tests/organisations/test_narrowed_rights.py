"""An organisation takes rights from roles and gives them back: refused wherever they are asked for, never widened."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import AccessEvent, Organisation, Practitioner
from organisations.roles import NARROWABLE, Can, Role, may, narrowing_key
from organisations.tenancy.context import tenant
from sessions_app.models import Note
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
PAIRS = [(role, verb) for role in Role for verb in NARROWABLE if may(role, verb)]


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def narrow(ada, role, verb, *, is_allowed=False):
    sent = {"role": role, "verb": verb} | ({"is_allowed": "on"} if is_allowed else {})
    return logged_in(ada).post(reverse("role-right"), sent)


def forge(house, *keys):
    with tenant(house.pk):
        Organisation.objects.filter(pk=house.pk).update(narrowed=list(keys))


def again(someone):
    with tenant(someone.organisation_id):
        return Practitioner.objects.select_related("organisation").get(pk=someone.pk)


@pytest.fixture
def of_role(ann, lea, ada):
    return {Role.PRACTITIONER: ann, Role.TEAM_LEAD: lea, Role.ADMIN: ada}


# A page of each right: (route, what its address names, method).
PAGES = {
    Can.END_EPISODE: ("episode-end", "episode", "get"),
    Can.EXPORT_RECORD: ("record-csv", "episode", "get"),
    Can.MERGE_CLIENTS: ("client-merge", "client", "get"),
    Can.OPEN_EMERGENCY: ("emergency-open", "", "get"),
    Can.IMPORT_SESSIONS: ("import-sessions", "", "get"),
    Can.EXPORT_RESULTS: ("results-csv", "", "get"),
    Can.REPORT_RESULTS: ("results-reports", "", "get"),
    Can.EDIT_HANDBOOK: ("handbook-chapter-new", "", "get"),
    Can.MANAGE_STUDIES: ("study-new", "", "get"),
}
# Rights that no page asks for alone: READ_WORDS below; the others open a page together with another right.
WITHOUT_PAGE = {Can.READ_WORDS, Can.ASSIGN_TEAMS, Can.CONFIRM_EXPORTS}


def test_each_right_that_can_be_taken_has_a_page_or_a_test_of_its_own():
    assert set(PAGES) | WITHOUT_PAGE == set(NARROWABLE)


@pytest.mark.parametrize(("role", "verb"), PAIRS)
def test_what_is_taken_from_a_role_is_refused_and_given_back_it_is_there_again(role, verb, of_role, nils, episode, ada):
    someone = of_role[role]
    assert someone.can(verb)
    assert narrow(ada, role, verb).status_code == 302
    assert not again(someone).can(verb)
    if verb in PAGES:
        route, about, method = PAGES[verb]
        address = reverse(route, args={"episode": [episode.pk], "client": [nils.pk]}.get(about, []))
        assert getattr(logged_in(someone), method)(address).status_code == 403
        narrow(ada, role, verb, is_allowed=True)
        assert getattr(logged_in(someone), method)(address).status_code != 403
    narrow(ada, role, verb, is_allowed=True)
    assert again(someone).can(verb)


@pytest.mark.parametrize("role", list(Role))
def test_a_forged_row_widens_nothing(role, house, of_role):
    """Whatever stands in the column, nobody can more than the frame has."""
    every = [f"{sign}{narrowing_key(role, verb)}" for verb in Can for sign in ("+", "", "!", "allow:")]
    forge(house, *every, "*", f"{role}:*", "view_client")
    someone = of_role.get(role)
    for verb in Can:
        if someone is not None and not may(role, verb):
            assert not again(someone).can(verb)
    if someone is not None:
        kept = [verb for verb in Can if may(role, verb) and verb not in NARROWABLE]
        assert all(again(someone).can(verb) for verb in kept)


def test_the_last_administrator_cannot_be_shut_out_of_the_page(house, ada):
    assert narrow(ada, "admin", "manage_people").status_code == 302
    forge(house, "admin:manage_people")
    assert again(ada).can(Can.MANAGE_PEOPLE)
    assert "Take away" in text_of(logged_in(ada).get(reverse("roles")))


@pytest.mark.parametrize(
    ("role", "verb"),
    [("admin", "view_client"), ("practitioner", "export_results"), ("owner", "edit_handbook"), ("", "")],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(role, verb, house, ada):
    answer = logged_in(ada).post(reverse("role-right"), {"role": role, "verb": verb, "is_allowed": "on"}, follow=True)
    assert "That cannot be changed here." in text_of(answer)
    with tenant(house.pk):
        assert Organisation.objects.get(pk=house.pk).narrowed == []


def test_nobody_but_an_administrator_changes_rights(ann, lea, ada):
    assert [logged_in(who).post(reverse("role-right"), {}).status_code for who in (ann, lea)] == [403, 403]
    assert "Take away" not in text_of(logged_in(ann).get(reverse("roles")))


def test_who_took_what_stands_on_the_page_and_in_the_log(house, ada, ann):
    narrow(ada, "practitioner", "end_episode")
    narrow(ada, "practitioner", "end_episode", is_allowed=True)
    page = text_of(logged_in(ada).get(reverse("roles")))
    changes = page.split("What was changed")[1].split("</section>")[0]
    assert changes.index("given back") < changes.index("taken away")
    assert changes.count("Ada Berg") == 2
    with tenant(house.pk):
        said = (
            AccessEvent.objects.filter(purpose__startswith="right ").order_by("seq").values_list("purpose", flat=True)
        )
        assert list(said) == ["right taken", "right given"]


def test_one_organisation_s_narrowing_is_not_another_s(ada, dora):
    narrow(ada, "practitioner", "end_episode")
    assert again(dora).can(Can.END_EPISODE)


def test_a_lead_without_the_right_reads_no_words(house, nils, episode, lea, ada, ann):
    with tenant(house.pk):
        Note.objects.create(
            organisation=house,
            session=SessionFactory(organisation=house, episode=episode, practitioner=lea),
            kind="after_ors",
            text="Kestrel",
        )
        assert Note.objects.visible_to(again(lea)).count() == 1
    narrow(ada, "team_lead", "read_words")
    with tenant(house.pk):
        assert Note.objects.visible_to(again(lea)).count() == 0
        assert Note.objects.visible_to(again(ann)).count() == 1
    address = reverse("client-detail", args=[nils.pk])
    assert "Kestrel" not in text_of(logged_in(lea).get(address))
    assert "Kestrel" in text_of(logged_in(ann).get(address))


@pytest.mark.parametrize(("hours", "status"), [("1", 302), ("24", 302), ("0", 422), ("25", 422), ("x", 422), ("", 422)])
def test_the_hours_of_an_emergency_are_a_day_at_most(hours, status, ada):
    answer = logged_in(ada).post(reverse("emergency-hours"), {"emergency_hours": hours})
    assert answer.status_code == status
