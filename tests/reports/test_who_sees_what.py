"""Who can see what: as many clients as each really opens, other systems, consultants, and the file."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Consent
from organisations.models import AccessEvent, ApiToken, Capability, CapabilityKind, Practitioner
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from reports.who_sees_what.rows import rows_for
from sessions_app.models import OpenedCase
from tests.factories import ClientFactory, EpisodeFactory, PractitionerFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(ada, ann, ben, lea, cleo, nils, house, red_team, blue_team):
    """Clients of one team, of both, of none; archived, practised on, and merged away."""
    own = {"organisation": house}
    with tenant(house.pk):
        ClientFactory(**own, teams=[red_team, blue_team], contact=ann, second_contact=ben)
        ClientFactory(**own, teams=[blue_team])
        ClientFactory(**own, teams=[red_team], archived_at=timezone.now(), contact=ann)
        ClientFactory(**own, teams=[red_team], is_practice=True, contact=ann)
        ClientFactory(**own, teams=[red_team], merged_into=nils)
        ClientFactory(**own)
        cleo.memberships.create(**own, team=red_team)  # of both teams: whoever is in both counts once
        PractitionerFactory(**own, name="Gone", is_active=False, teams=[red_team])
        PractitionerFactory(**own, name="Eva", user=None, email="eva@example.org", teams=[red_team])
        yield house


def rows(ada):
    return {row.person.name: row for row in rows_for(ada)}


def test_the_numbers_are_those_that_each_can_open(crowd, ada):
    found = rows(ada)
    for name, row in found.items():
        if not row.is_invited:
            seen = Client.objects.visible_to(Practitioner.objects.get(name=name)).filter(is_practice=False)
            assert row.reach.current == seen.current().count(), name
            assert row.reach.current + row.reach.archived == seen.count(), name
    assert "Gone" not in found
    assert found["Eva"].is_invited


def test_whose_contact_person_somebody_is_counts_first_and_second(crowd, ada, ann, ben):
    found = rows(ada)
    with tenant(crowd.pk):
        mine = Client.objects.current().filter(is_practice=False, contact=ann).count()
    assert found[ann.name].contact_of == mine > 0
    assert found[ben.name].contact_of == 1


def make_system(house, team, ada, *, ends=datetime.timedelta(hours=1)):
    own = {"organisation": house}
    system = PractitionerFactory(**own, user=None, email="", teams=[team], name="Record system")
    given = {"created_by": ada, "name": "Nightly copy", "scopes": ["clients:read"]}
    token = ApiToken.objects.create(**own, practitioner=system, **given)
    capabilities.mint(kind=CapabilityKind.API, organisation_id=house.pk, object_id=token.pk, lifetime=ends)
    return token


def test_another_system_stands_there_while_its_token_is_valid(crowd, ada, red_team, browser):
    token = make_system(crowd, red_team, ada)
    [seen] = rows(ada)["Record system"].tokens
    assert (seen.name, seen.is_waiting) == ("Nightly copy", True)
    browser.force_login(ada.user)
    page = browser.get(reverse("who-sees-what")).content.decode()
    assert "Other system" in page
    assert "Waits for a second person" in page
    Capability.objects.filter(object_id=token.pk).update(revoked_at=timezone.now())
    assert "Record system" not in rows(ada)


def test_a_consultant_sees_the_cases_that_are_open_and_agreed(crowd, ada, ann, nils, episode):
    own, today = {"organisation": crowd}, today_in(crowd)
    until = today + datetime.timedelta(days=10)
    kim = PractitionerFactory(**own, name="Kim", role=Role.CONSULTANT, access_until=until)
    given = {"consultant": kim, "opened_by": ann, "until": until}
    OpenedCase.objects.create(**own, episode=episode, number=1, **given)
    OpenedCase.objects.create(**own, episode=EpisodeFactory(**own, client=nils), number=2, **given)
    assert rows(ada)["Kim"].opened_cases == 0, "the client has said nothing"
    said = {"said_on": today, "said_by": "client", "taken_by": ann, "recorded_by": ann}
    Consent.objects.create(**own, client=nils, purpose="consultant", state="given", **said)
    assert rows(ada)["Kim"].opened_cases == 2
    assert rows(ada)["Kim"].reach.current == 0
    Practitioner.objects.filter(pk=kim.pk).update(access_until=today - datetime.timedelta(days=1))
    assert "Kim" not in rows(ada), "their access is over"


def test_the_page_says_it_and_names_no_client(crowd, ada, browser):
    browser.force_login(ada.user)
    page = browser.get(reverse("who-sees-what")).content.decode()
    for words in ("no curves and no words", "with curves and words", "Nothing yet: invited", "1 person has no access"):
        assert words in page, words
    assert "N-014" not in page, "no client is named"


def test_the_file_holds_the_same_and_no_formula(crowd, ada, browser):
    Practitioner.objects.filter(name="Eva").update(name="=1+1")
    browser.force_login(ada.user)
    answer = browser.get(reverse("who-sees-what-csv"))
    assert 'filename="who-can-see-what.csv"' in answer["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    found = rows(ada)
    assert [line["Name"].lstrip("'") for line in lines] == list(found)
    assert {line["Name"].lstrip("'"): line["Clients"] for line in lines} == {
        name: str(row.reach.current) for name, row in found.items()
    }
    assert "'=1+1" in {line["Name"] for line in lines}
    with tenant(crowd.pk):
        assert AccessEvent.objects.filter(action="who_sees_what.export", typed=f"people={len(found)}").count() == 1


def test_only_administrators_and_only_their_own_organisation(crowd, ann, dora, elsewhere, browser):
    browser.force_login(ann.user)
    assert browser.get(reverse("who-sees-what")).status_code == 403
    with tenant(elsewhere.pk):
        Practitioner.objects.filter(pk=dora.pk).update(role=Role.ADMIN)
    browser.force_login(dora.user)
    page = browser.get(reverse("who-sees-what")).content.decode()
    assert "Ann Holm" not in page
    assert "Dora" in page


def test_it_costs_the_same_for_one_person_and_for_five(crowd, ada, red_team, browser):
    browser.force_login(ada.user)
    costs = []
    for many in (1, 5):
        with tenant(crowd.pk):
            for _person in range(many):
                PractitionerFactory(organisation=crowd, teams=[red_team])
                make_system(crowd, red_team, ada)
        browser.get(reverse("who-sees-what"))
        costs.append(len(statements_of(lambda: browser.get(reverse("who-sees-what")))[1]))
    assert costs[0] == costs[1]


def test_fifty_stand_on_a_page_and_somebody_is_found_by_name_or_address(crowd, ada, browser):
    for number in range(60):
        PractitionerFactory(
            organisation=crowd, name=f"Åse Møller {number:02}", user=None, email=f"m{number}@example.org"
        )
    browser.force_login(ada.user)
    page = browser.get(reverse("who-sees-what"))
    assert len(page.context["page"].object_list) == 50
    assert "Page 1 of 2" in page.content.decode()
    last = browser.get(reverse("who-sees-what"), {"page": "2"})
    names = [row.person.name for one in (page, last) for row in one.context["page"].object_list]
    assert names == list(rows(ada))
    found = browser.get(reverse("who-sees-what"), {"q": "åse 07"}).context["page"].object_list
    assert [row.person.name for row in found] == ["Åse Møller 07"]
    found = browser.get(reverse("who-sees-what"), {"q": "M42@EXAMPLE"}).context["page"].object_list
    assert [row.person.name for row in found] == ["Åse Møller 42"]
    assert "Nobody is called that." in browser.get(reverse("who-sees-what"), {"q": "Nobody"}).content.decode()
    many = browser.get(reverse("who-sees-what"), {"q": "møller", "page": "2"})
    assert "q=m%C3%B8ller&amp;page=1" in many.content.decode()
