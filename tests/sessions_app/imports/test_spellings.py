"""One client, service, team and episode is one however a file spells it; what looks alike is named."""

import pytest

from clients.models import Client, ClientTeam, Episode
from organisations.models import Practitioner, Service, Team
from organisations.tenancy.context import tenant
from sessions_app.imports.look_alikes import CLIENT, SERVICE, LookAlike, look_alikes
from sessions_app.models import Session
from tests.factories import ClientFactory, OrganisationFactory, PractitionerFactory, ServiceFactory, UserFactory
from tests.organisations.test_labels import SPELLINGS
from tests.sessions_app.imports.test_import import DATA, imported, rows, run

pytestmark = pytest.mark.django_db
HEADER = "borger;forløb;tilbud;team;behandler;dato;ors_total"
HOSTILE = [
    *SPELLINGS,
    "A\u030ase",
    "Åse",
    "ÅSE",
    "\u2067x\u202ey\u2069",
    "x y",
    "STRASSE",
    "straße",
    "İ",
    "i\u0307",
    "ΐ" * 20,
]


@pytest.fixture
def house():
    return OrganisationFactory(slug="house", name="The house", language="en")


@pytest.fixture
def a_file(tmp_path):
    def write(*lines):
        file = tmp_path / "sessions.csv"
        file.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8", newline="")
        return file

    return write


def quoted(*fields):
    return ";".join(f'"{field}"' for field in fields)


def test_two_spellings_are_one_client_who_keeps_the_first(house, a_file):
    with tenant(house.pk):
        ClientFactory(organisation=house, reference="kld-9", birth_year=None)
    file = a_file("KLD-9;;S;;;2026-01-05;20", "Pia 5;;S;;;2026-01-05;20", "Pia\u00a05;;S;;;2026-01-12;20")
    assert imported(house, file)["imported"] == 3
    with tenant(house.pk):
        assert sorted(Client.objects.values_list("reference", flat=True)) == ["Pia 5", "kld-9"]
        assert Session.objects.filter(client__reference="Pia 5").count() == 2


def test_spellings_of_a_service_a_team_and_an_episode_are_one(house, a_file):
    file = a_file(
        "A;1st;Bo\u0308stad;Red;;2026-01-05;20",
        "A;1ST;BÖSTAD ;\u200bRED;;2026-01-12;20",
        "B;;böstad;red;;2026-01-12;20",
    )
    report = imported(house, file)
    assert (report["refused"], report["episodes"]) == (0, 2)
    with tenant(house.pk):
        assert (Service.objects.get().name, Team.objects.get().name) == ("Böstad", "Red")
        assert Episode.objects.get(client__reference="A").label == "1st"
        assert ClientTeam.objects.count() == 2
    assert imported(house, file)["unchanged"] == 3


def test_a_stored_service_is_found_in_any_spelling(house, a_file):
    with tenant(house.pk):
        ServiceFactory(organisation=house, name="Socialpsykiatrisk Bosted")
    imported(house, a_file("A;;Socialpsykiatrisk  bosted;;;2026-01-05;20"))
    with tenant(house.pk):
        assert Service.objects.get().name == "Socialpsykiatrisk Bosted"


@pytest.mark.parametrize("column", range(5))
def test_what_the_check_promises_is_what_lands_whatever_signs_a_name_has(house, a_file, column):
    def line(place, name):
        fields = ["A", "", "S", "T", "", f"2026-01-{place + 1:02}", "20"]
        fields[column] = f"{place}x@example.org" if column == 4 else name
        return quoted(*fields)

    file = a_file(*(line(place, name) for place, name in enumerate(HOSTILE)))
    promised = imported(house, file, "--dry-run")
    landed = imported(house, file)
    assert promised == landed
    assert landed["imported"] > 0
    with tenant(house.pk):
        assert Session.objects.count() == landed["imported"]
    again = imported(house, file)
    assert (again["imported"], again["refused"]) == (0, landed["refused"])


def test_a_reference_that_two_clients_have_from_before_is_refused(house, a_file):
    with tenant(house.pk):
        ClientFactory(organisation=house, reference="kld-9")
        ClientFactory(organisation=house, reference="KLD-9", twin=1)
    report = imported(house, a_file("KLD-9;;S;;;2026-01-05;20"))
    assert [one["column"] for one in report["refusals"]] == ["client_reference"]
    assert "Several clients have the reference" in report["refusals"][0]["reason"]


def test_a_practitioner_is_found_by_a_name_that_one_person_has(house, a_file):
    with tenant(house.pk):
        lise = PractitionerFactory(organisation=house, name="Lise Bo", user=UserFactory(email="lise@example.org"))
        for email in ("a@example.org", "b@example.org"):
            PractitionerFactory(organisation=house, name="Kim Dam", user=UserFactory(email=email))
    file = a_file("A;;S;;LISE BO;2026-01-05;20", "A;;S;;Kim Dam;2026-01-12;20", "A;;S;;LB;2026-01-19;20")
    report = imported(house, file)
    assert [(one["line"], one["column"]) for one in report["refusals"]] == [(3, "practitioner"), (4, "practitioner")]
    with tenant(house.pk):
        assert Session.objects.get().practitioner == lise
        assert Practitioner.objects.count() == 3
    assert imported(house, a_file("A;;S;;lise@example.org;2026-01-05;20"))["unchanged"] == 1


# What looks alike


def test_a_reference_with_zeros_before_it_is_named_and_kept_apart(house, a_file):
    with tenant(house.pk):
        ClientFactory(organisation=house, reference="00388")
    file = a_file("00417;;S;;;2026-01-05;20", "417;;S;;;2026-01-05;21", "388;;S;;;2026-01-05;21", "9;;S;;;2026-01-05;1")
    report = imported(house, file)
    assert report["imported"] == 4
    assert report["look_alikes"] == [
        {"kind": "client", "name": "417", "other": "00417", "is_stored": False},
        {"kind": "client", "name": "388", "other": "00388", "is_stored": True},
    ]
    assert "look_alikes" not in imported(house, file)  # by now they are there


def test_a_service_and_a_team_that_look_like_one_that_is_there_are_named(house, a_file):
    file = a_file("A;;Socialpsykiatrisk Bosted;Rød;;2026-01-05;20")
    imported(house, file)
    file = a_file(
        "B;;Socialpsykiatriskbosted;Rød;;2026-01-05;20", "C;;Socialpsykiatrisk Bosted;R\u00f8d-;;2026-01-05;2"
    )
    found = [(one["kind"], one["name"], one["other"]) for one in imported(house, file, "--dry-run")["look_alikes"]]
    assert found == [("service", "Socialpsykiatriskbosted", "Socialpsykiatrisk Bosted"), ("team", "Rød-", "Rød")]


def test_the_command_names_what_would_be_created_and_what_looks_alike(house, a_file):
    _, out, _ = run(house, a_file("00417;;S;T;;2026-01-05;20", "417;;S;;x@example.org;2026-01-05;21"), "--dry-run")
    assert "The client “417” looks like “00417”, which is in the file too." in out
    assert "Clients: 2" in out
    assert "Services: 1 (S)" in out
    assert "Teams: 1 (S: T)" in out
    assert "Practitioners without a log-in: 1 (x@example.org)" in out


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bostøtte Nord", "Bostøtte Syd"),
        ("Team 1 i Vejle", "Team 2 i Vejle"),
        ("Bosted", "Botilbud"),
        ("Familiehuset Elmevej", "Familiehuset Bøgevej"),
    ],
)
def test_services_of_different_names_are_not_alike(one, other):
    assert look_alikes(SERVICE, [one], [other]) == []


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (CLIENT, "A-9", "A9"),
        (CLIENT, "Åse 3", "Ase3"),
        (SERVICE, "Familiehuset Elmevej", "Familehuset Elmevej"),
        (SERVICE, "Ungdomsklinikken", "Ungdomsklinikken."),
    ],
)
def test_names_that_are_nearly_one_are_alike(kind, one, other):
    assert look_alikes(kind, [one], [other]) == [LookAlike(kind, one, other, True)]


def test_references_are_never_compared_by_letters():
    assert look_alikes(CLIENT, ["Klient-Anders-1"], ["Klient-Anderss-1"]) == []


# A file as Danish LibreOffice writes it


def test_a_file_as_danish_libreoffice_writes_it(house):
    report = imported(house, DATA / "as_libreoffice_da.csv")
    counts = ("lines", "imported", "refused", "clients", "ors", "srs", "no_show")
    assert [report[name] for name in counts] == [5, 4, 1, 2, 2, 1, 1]
    assert [(one["line"], one["column"]) for one in report["refusals"]] == [(2, "ors_2")]  # 6,25
    with tenant(house.pk):
        session = Session.objects.get(held_on="2026-01-05")
        assert {one.instrument: (one.marks, one.total) for one in session.ratings.all()} == {
            "ors": ([75, 60, 51, 80], 266),
            "srs": (None, 334),
        }
        assert Session.objects.filter(attendance="cancelled_client").count() == 1


def test_nothing_is_written_by_a_check(house, a_file):
    before = rows(house)
    run(house, a_file("00417;;S;T;x@example.org;2026-01-05;20", "417;;S;;;2026-01-05;21"), "--dry-run")
    assert rows(house) == before
