"""`make trust`: what Medspil promises, a line each, with what stands behind it.

The short tests are run now, all together; of the long ones, the drills and the measurements the command is named. A
promise of which a part was never shown says so: NOT HELD (it is known to fail) or NOT MEASURED (nobody has looked).
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Promise:
    """`short` tests are run by this command, `long` ones are named; `missing` is what nothing shows yet."""

    key: str
    words: str
    short: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    missing: str = ""


ROUTES, TENANCY, GUARD = "tests/test_routes.py", "tests/test_tenancy.py", "tests/sessions_app/test_form_guard.py"
LOG, DELETION = "tests/organisations/test_access_log.py", "tests/organisations/operator/test_organisation_deletion.py"
PROMISES = (
    Promise(
        "P1",
        "Nobody is shown what is not theirs: no route, no role, no other organisation, not even the operator",
        short=(
            f"{ROUTES}::test_every_route_stands_in_the_table",
            f"{TENANCY}::test_every_table_is_walled_or_named_as_global_with_its_reason",
            f"{TENANCY}::test_without_a_tenant_there_are_no_rows_and_with_one_only_its_own",
            "tests/organisations/operator/test_operator.py::"
            "test_the_database_shows_an_operator_no_row_of_any_organisation",
        ),
        long=(
            f"{ROUTES}::test_who_may_use",
            "tests/guards/test_second_ids.py::test_a_second_id_of_others_is_as_nobodys",
        ),
    ),
    Promise(
        "P2",
        "An answer that was sent is never lost, whatever dies meanwhile",
        short=("tests/test_drills.py::test_lost_and_doubled",),
        commands=("make drill-kill DRILL_ARGS='--n 1000'",),
    ),
    Promise(
        "P3",
        "An answer that was sent is there once, however often it was sent",
        short=(f"{GUARD}::test_fifty_posts_at_once_are_one_row_and_fifty_equal_answers",),
        long=(f"{GUARD}::test_without_the_lock_and_the_unique_keys_there_would_be_several",),
        commands=("make drill-kill DRILL_ARGS='--n 1000'",),
    ),
    Promise(
        "P4",
        "An alert comes, and comes once",
        short=("tests/test_outbox.py::test_a_task_that_runs_twice_has_one_effect",),
        long=("tests/test_broker.py::test_alerts_come_when_the_broker_is_back",),
        commands=("make drill-broker",),
    ),
    Promise(
        "P5",
        "Every look at a client's data is on record, and every refused one",
        short=("tests/test_access_coverage.py::test_every_argument_of_a_route_is_about_a_client_or_is_not",),
        long=(
            "tests/test_access_coverage.py::test_a_route_that_shows_or_changes_a_client_s_data_leaves_a_row",
            "tests/test_access_coverage.py::test_a_refused_attempt_leaves_a_row",
        ),
    ),
    Promise(
        "P6",
        "The record cannot be changed without being found out",
        short=(
            f"{LOG}::test_every_kind_of_tampering_is_found",
            f"{TENANCY}::test_the_access_log_only_grows",
        ),
        long=(f"{LOG}::test_many_writers_break_no_link",),
    ),
    Promise(
        "P7",
        "A handed-over tablet shows the form in the client's hands and nothing else",
        short=(
            "tests/sessions_app/test_kiosk.py::test_the_walk_sees_every_kind_of_route",
            "tests/sessions_app/test_kiosk.py::test_the_parked_clients_own_pages_are_closed_too",
        ),
        long=(
            "tests/sessions_app/test_kiosk.py::test_a_handed_over_device_reaches_nothing_else",
            "tests/browser/test_device.py::test_back_twenty_times_shows_nobody",
            "tests/browser/test_device.py::test_typed_addresses_reload_and_a_new_tab_show_nobody",
        ),
        missing="Safari on an iPad itself (docs/accepted-risks.md)",
    ),
    Promise(
        "P8",
        "Nothing that is sent breaks it",
        short=("tests/test_input.py::test_every_route_refuses_one_of_each_kind",),
        long=("tests/test_input.py::test_every_kind_is_refused_on_pages_files_forms_and_the_api",),
        commands=("make fuzz-api API_EXAMPLES=500",),
        missing="a hundred thousand cases in one run",
    ),
    Promise(
        "P9",
        "A client's words stay words, wherever they are shown or sent",
        short=(
            "tests/reports/record/test_hostile_words.py::test_there_are_two_hundred_of_them",
            "tests/reports/record/test_hostile_words.py::test_as_csv_none_is_a_formula_and_none_breaks_its_row",
            "tests/reports/record/test_hostile_words.py::test_as_mail_no_text_becomes_a_header",
        ),
        long=(
            "tests/reports/record/test_hostile_words.py::test_as_a_pdf_each_stands_as_it_was_written",
            "tests/reports/record/test_hostile_words.py::test_out_of_an_episode_each_stands_as_it_was_written",
        ),
    ),
    Promise(
        "P10",
        "Statistics tell of nobody, also when two of them are subtracted",
        short=("tests/reports/test_results_attack.py::test_who_has_no_label_does_not_follow_from_those_who_have_one",),
        long=(
            "tests/reports/test_results_attack.py::test_no_two_shown_counts_differ_by_a_few_persons",
            "tests/reports/test_results_attack.py::test_no_shown_count_is_of_fewer_than_ten_clients",
        ),
        missing="two reports of different days can be subtracted (docs/accepted-risks.md)",
    ),
    Promise(
        "P11",
        "What is backed up comes back, and what is deleted is gone",
        long=(f"{DELETION}::test_everything_of_it_is_gone_and_nothing_of_another",),
        commands=("make drill-restore", "make drill-keys", "make compose-check"),
        missing="half an hour to restore a million sessions",
    ),
    Promise(
        "P12",
        "A new version loses nothing of what is sent meanwhile",
        short=(
            "tests/test_migrations.py::test_no_migration_breaks_the_version_that_still_runs",
            "tests/test_migrations.py::test_a_column_that_disappears_is_seen",
        ),
        long=("tests/test_migrations.py::test_a_migration_gives_up_a_lock_it_cannot_have",),
        commands=("make drill-upgrade DRILL_ARGS='--n 1000' AGAINST=REV", "make compose-check"),
    ),
    Promise(
        "P13",
        "It is quick on two cores",
        commands=(
            "make bench ONLY='B1 B2 B6 B9 B10'",
            "make bench ONLY=CAPACITY BENCH_PEOPLE=50 BENCH_SECONDS=600 BENCH_SHORTER=10",
        ),
        missing="fifty practitioners at work for ten minutes: the last command, which nobody has run",
    ),
    Promise(
        "P14",
        "The tests notice what they are there for",
        short=(
            f"{ROUTES}::test_a_page_without_its_guard_is_seen",
            f"{ROUTES}::test_an_admin_who_could_read_clients_is_seen",
        ),
        long=(f"{ROUTES}::test_rows_of_other_teams_are_seen",),
        commands=("make mutate", "make mutate-guards"),
    ),
)


def main() -> int:
    """Print them all; 1 where a test that was run failed."""
    tests = [name for promise in PROMISES for name in promise.short]
    found = outcomes(tests)
    for promise in PROMISES:
        sys.stdout.write("\n".join(lines_of(promise, found)) + "\n")
    failed = sorted(name for name in tests if found.get(name) != "passed")
    sys.stdout.write(f"{len(tests) - len(failed)} of {len(tests)} short tests passed.\n")
    return int(bool(failed))


def lines_of(promise: Promise, found: dict[str, str]) -> list[str]:
    """What is said of one promise: what holds now, what else stands behind it, what nothing shows."""
    ran = [found.get(name, "not found") for name in promise.short]
    if any(outcome != "passed" for outcome in ran):
        state = "NOT HELD"
    elif promise.missing and not promise.short:
        state = "NOT MEASURED here"
    else:
        state = "held by what was run" if ran else "NOT RUN here"
    lines = [f"{promise.key:4}{state}: {promise.words}"]
    lines += [f"      {outcome}: {name}" for name, outcome in zip(promise.short, ran, strict=True)]
    if promise.long:
        lines.append(f"      longer: .venv/bin/python -m pytest {' '.join(promise.long)}")
    lines += [f"      by itself: {command}" for command in promise.commands]
    if promise.missing:
        lines.append(f"      NOT MEASURED: {promise.missing}")
    return lines


def outcomes(tests: list[str]) -> dict[str, str]:
    """What became of each test: passed, failed, or skipped; of one with parameters the worst."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "--junitxml", str(report), *tests]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not report.exists():
            return {}
        return read_report(report.read_text())


def read_report(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '').partition('[')[0]}"
        said = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed")
        if found.get(name, "passed") == "passed":
            found[name] = {"failure": "failed", "error": "failed"}.get(said, said)
    return found


if __name__ == "__main__":
    sys.exit(main())
