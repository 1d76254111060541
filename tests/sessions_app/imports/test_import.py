"""Importing into the database: what lands, what stays, what comes twice, what nobody gets a mail about."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from clients.models import Client, ClientTeam, Episode
from clients.models.summary import SUMMARY
from clients.services.restrictions import set_restriction
from organisations.audit.record import Collected, collecting
from organisations.models import AccessEvent, Outbox, Practitioner, Service, Team
from organisations.tenancy.context import tenant
from sessions_app.imports.columns import COLUMNS
from sessions_app.imports.texts import FILE_REASONS, REASONS
from sessions_app.models import Alert, Note, Notice, Rating, Session
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import ClientFactory, OrganisationFactory, PractitionerFactory, UserFactory
from tests.sessions_app.imports.test_workbook import book_of, saved

DATA = Path(__file__).parents[2] / "data" / "sessions"
EXPECTED = json.loads((DATA / "expected.json").read_text())
CODE = Path(__file__).parents[3] / "sessions_app" / "imports"
RAISING = ("reading", "workbook", "rows", "days", "instrument_cells", "planning", "whole_file", "uploads")
pytestmark = pytest.mark.django_db


def codes():
    """The codes of all faults that the code raises."""
    texts = [(CODE / f"{name}.py").read_text() for name in RAISING]
    found = re.findall(r'(?:Error|_LineError|_refuse|Refusal)\((?:[\w.]+, )*(?:"\w+", )?"(\w+)"[,)]', "".join(texts))
    return {code for code in found if code not in COLUMNS}


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


LINE = "A-1;1;1990;S;Red;tove@example.org;2026-01-05;mødt;20;35;2026-02-01;;=1+1"


def test_what_a_line_says_is_what_is_stored(house, a_file):
    run(house, a_file(LINE))
    with tenant(house.pk):
        session = Session.objects.select_related("client", "episode__service", "practitioner").get()
        assert (session.client.reference, session.client.birth_year) == ("A-1", 1990)
        assert [str(team) for team in session.client.teams.all()] == ["Red"]
        episode = session.episode
        assert (str(episode.service), episode.label, str(episode.started_on)) == ("S", "1", "2026-01-05")
        assert (str(episode.ended_on), episode.ending) == ("2026-02-01", "other")
        assert session.imported
        assert session.attendance == "attended"
        assert [(one.instrument, one.total, one.marks, one.entry_mode) for one in session.ratings.order_by("pk")] in (
            [("ors", 200, None, "imported"), ("srs", 350, None, "imported")],
            [("srs", 350, None, "imported"), ("ors", 200, None, "imported")],
        )
        assert session.notes.get().text == "=1+1"


def test_marks_are_stored_in_tenths(house, tmp_path):
    file = tmp_path / "marks.csv"
    file.write_text("client_reference,held_on,srs_1,srs_2,srs_3,srs_4\nA,2026-01-05,9.5,10,0,8.1\n")
    assert run(house, file)[0] == 0
    with tenant(house.pk):
        rating = Rating.objects.get()
        assert (rating.marks, rating.total) == ([95, 100, 0, 81], 276)


def test_an_unknown_practitioner_has_no_log_in_even_if_a_user_elsewhere_has_the_address(house, a_file):
    UserFactory(email="tove@example.org")
    run(house, a_file(LINE))
    with tenant(house.pk):
        tove = Practitioner.objects.get(email="tove@example.org")
        assert (tove.user, tove.is_active) == (None, False)


def test_a_known_practitioner_is_found_whatever_the_case(house, a_file):
    with tenant(house.pk):
        tove = PractitionerFactory(organisation=house, user=UserFactory(email="tove@example.org"))
    run(house, a_file(LINE.replace("tove@", "Tove@")))
    with tenant(house.pk):
        assert Session.objects.get().practitioner == tove


def test_lines_without_practitioner_and_service_land(house, a_file):
    file = a_file("A-1;;;;;;2026-01-05;;20;;;;", "A-2;;;;;;2026-01-05;;20;;;;")
    assert run(house, file)[0] == 0
    again = imported(house, file)
    assert (again["imported"], again["unchanged"]) == (0, 2)
    with tenant(house.pk):
        assert Practitioner.objects.count() == 1
        assert Service.objects.get().name == "The house"


def test_summary_and_alerts_are_those_of_the_application(house):
    imported(house, DATA / "sessions_da.csv")
    with tenant(house.pk):
        for episode in Episode.objects.all():
            stored = {name: getattr(episode, name) for name in SUMMARY}
            refresh_summary(lock_episode(episode.pk))
            episode.refresh_from_db()
            assert stored == {name: getattr(episode, name) for name in SUMMARY}
            assert not evaluate_episode(episode.pk)  # nothing is left to write
        assert Alert.objects.filter(rule="O1", level="amber").exists()
        assert Alert.objects.filter(rule="S4", level="red").exists()


def test_alerts_have_the_date_they_would_have_had(house, a_file):
    run(house, a_file(*(f"A;1;;S;;;2026-0{month}-05;;{total};;;;" for month, total in ((1, 30), (2, 24), (3, 31)))))
    with tenant(house.pk):
        alert = Alert.objects.get(rule="O1")
        assert (alert.level, str(alert.raised_on), str(alert.closed_on)) == ("amber", "2026-02-05", "2026-03-05")


def test_a_practice_client_gets_history_but_no_alert(house, a_file):
    with tenant(house.pk):
        ClientFactory(organisation=house, reference="A", birth_year=None, is_practice=True)
    run(
        house,
        a_file(*(f"{who};1;;S;;;2026-0{month}-05;;{total};;;;" for who in "AB" for month, total in ((1, 30), (2, 24)))),
    )
    with tenant(house.pk):
        assert Episode.objects.count() == 2
        assert {alert.episode.client.reference for alert in Alert.objects.all()} == {"B"}


def test_nobody_gets_a_mail_about_imported_history(house):
    imported(house, DATA / "sessions_da.csv")
    with tenant(house.pk):
        assert Alert.objects.exists()
        assert not Notice.objects.exists()
    assert not Outbox.objects.exists()
    assert mail.outbox == []


def test_a_later_file_changes_summary_and_alerts_of_a_stored_episode(house, a_file):
    run(house, a_file("A;1;;S;;;2026-01-05;;30;;;;", "A;1;;S;;;2026-03-05;;26;;;;"))
    run(house, a_file("A;1;1990;S;;;2025-12-05;;35;;2026-04-01;planlagt;"))
    with tenant(house.pk):
        episode = Episode.objects.get()
        assert (str(episode.started_on), str(episode.ended_on), episode.ending) == (
            "2025-12-05",
            "2026-04-01",
            "planned",
        )
        assert (episode.outcome_first, episode.outcome_count, episode.age_at_intake) == (350, 3, 35)
        assert Alert.objects.filter(rule="O1").count() == 1


def test_changed_values_of_a_stored_day_are_refused(house, a_file):
    run(house, a_file(LINE))
    report = imported(house, a_file(LINE.replace(";35;", ";34;")))
    assert bare(report)["refusals"] == [{"line": 2, "column": "held_on"}]


def test_lines_of_a_client_whose_data_are_not_used_now_are_refused(house, a_file):
    run(house, a_file(LINE))
    before = rows(house)
    with tenant(house.pk), collecting(Collected("test")):
        client = Client.objects.get()
        by = PractitionerFactory(organisation=house)
        set_restriction(client=client, reason="It may be wrong", by=by)
    report = imported(house, a_file(LINE.replace("2026-01-05", "2026-01-12")))
    assert bare(report)["refusals"] == [{"line": 2, "column": "client_reference"}]
    assert "not used for now" in report["refusals"][0]["reason"]
    assert rows(house)["Session"] == before["Session"]


def test_another_organisations_clients_are_not_touched(house, a_file):
    other = OrganisationFactory()
    run(other, a_file(LINE))
    before = rows(other)
    assert imported(house, a_file(LINE))["imported"] == 1
    assert rows(other) == before


def test_access_is_recorded_for_every_client(house):
    report = imported(house, DATA / "sessions_sv.csv")
    with tenant(house.pk):
        event = AccessEvent.objects.get(action="sessions.import")
        assert len(event.client_ids) == report["clients"]


def test_exit_status_and_words_of_the_command(house, a_file):
    status, out, err = run(house, DATA / "sessions_da.csv")
    assert status == 1
    assert "10 lines are refused" in out
    assert "“11,2” is not between 0 and 10." in out
    assert run(house, a_file(LINE))[0] == 0


def test_reasons_are_sentences_and_never_repeat_a_national_number(house):
    reasons = [one["reason"] for one in imported(house, DATA / "sessions_da.csv")["refusals"]]
    assert all(reason.endswith(".") and "%" not in reason for reason in reasons)
    assert "010190" not in "".join(reasons)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"", "empty"), (b"PK\x03\x04", "no spreadsheet"), (b"name;age\n", "columns")],
)
def test_an_unusable_file_gets_one_sentence_and_status_2(house, tmp_path, content, words):
    file = tmp_path / "file.csv"
    if content is not None:
        file.write_bytes(content)
    status, out, err = run(house, file)
    assert (status, out) == (2, "")
    assert words in err


def test_an_unknown_organisation_gets_one_sentence_and_status_2(house, a_file):
    house.slug = "elsewhere"
    status, _, err = run(house, a_file(LINE))
    assert status == 2
    assert "elsewhere" in err


def test_a_fault_in_the_middle_of_the_writing_leaves_nothing(house, monkeypatch):
    before = rows(house)

    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("sessions_app.imports.whole_file.write_teams", broken)
    with pytest.raises(RuntimeError):
        run(house, DATA / "sessions_sv.csv")
    assert rows(house) == before


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_fault_has_its_sentence(code):
    assert code in REASONS or code in FILE_REASONS


# What the options say about a file


def test_the_command_takes_a_workbook(house, tmp_path):
    file = tmp_path / "sessions.xlsx"
    file.write_bytes(saved(book_of(["A-1", date(2026, 1, 5), "", 7.5, 6, 5, 8])))
    assert imported(house, file)["ors"] == 1


def test_options_say_what_columns_names_and_dates_mean(house, tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("Hvem;Dato;Medarb.;Bem.\nA;05/12/2025;LB;x\nB;12/13/2025;LB;y\n")
    assert run(house, file)[0] == 2
    said = ("--column=hvem=client_reference", "--column=Medarb.=practitioner", "--column=Bem.=")
    assert [one["column"] for one in imported(house, file, *said)["refusals"]] == ["practitioner", "practitioner"]
    assert imported(house, file, *said, "--person=LB=lb@example.org", "--dates=month")["imported"] == 2
    with tenant(house.pk):
        assert Practitioner.objects.get().email == "lb@example.org"
        assert {str(day) for day in Session.objects.values_list("held_on", flat=True)} == {"2025-05-12", "2025-12-13"}


def test_unknown_columns_are_guessed_only_where_that_is_asked_for(house, tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("Klientnr;Dato;Sum;Bem.\nA;2026-01-05;;x\n")
    status, _, err = run(house, file)
    assert (status, "Klientnr" in err) == (2, True)
    assert imported(house, file, "--guess")["imported"] == 1


@pytest.mark.parametrize("option", ["--column=Hvem=nothing", "--column=Hvem", "--dates=year"])
def test_an_option_that_cannot_be_is_refused(house, a_file, option):
    with pytest.raises(CommandError):
        run(house, a_file(LINE), option)
