"""Importing into the database: what lands, what stays, what comes twice, what nobody gets a mail about."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command

from clients.models import Client, ClientTeam, Episode
from organisations.models import AccessEvent, Outbox, Practitioner, Service, Team
from organisations.tenancy import tenant
from sessions_app.models import Alert, Note, Notice, Rating, Session
from tests.factories import OrganisationFactory, PractitionerFactory, UserFactory

DATA = Path(__file__).parents[2] / "data" / "sessions"
EXPECTED = json.loads((DATA / "expected.json").read_text())
pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return OrganisationFactory(slug="house", name="The house", language="en")


def run(house, file, *options):
    """The exit status, what is printed, and what goes to stderr."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_sessions", f"--organisation={house.slug}", *options, str(file), stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def imported(house, file, *options):
    return json.loads(run(house, file, "--json", *options)[1])


def bare(report):
    """A report without the sentences."""
    refusals = [{"line": one["line"], "column": one["column"]} for one in report["refusals"]]
    return {**report, "refusals": refusals}


def rows(house):
    """How many rows of each kind there are."""
    with tenant(house.pk):
        kinds = (Client, Episode, Session, Rating, Note, Alert, Service, Team, Practitioner, ClientTeam)
        return {kind.__name__: kind.objects.count() for kind in kinds}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_simulated_files_give_the_expected_figures_twice(house, name):
    assert bare(imported(house, DATA / name)) == EXPECTED[name]
    there = rows(house)
    assert there["Session"] == EXPECTED[name]["sessions"]
    assert there["Rating"] == EXPECTED[name]["ors"] + EXPECTED[name]["srs"]

    again = bare(imported(house, DATA / name))

    known = EXPECTED[name]["imported"] + EXPECTED[name]["unchanged"]
    assert again == EXPECTED[name] | {"imported": 0, "unchanged": known}
    assert rows(house) == there


def test_a_dry_run_says_the_same_and_changes_nothing(house):
    before = rows(house)
    assert bare(imported(house, DATA / "sessions_da.csv", "--dry-run")) == EXPECTED["sessions_da.csv"]
    assert rows(house) == before


def test_all_or_nothing_imports_nothing_beside_a_refusal(house):
    before = rows(house)
    report = imported(house, DATA / "sessions_da.csv", "--all-or-nothing")
    assert (report["imported"], report["refused"]) == (0, 10)
    assert rows(house) == before
