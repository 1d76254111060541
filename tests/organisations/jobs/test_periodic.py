"""Every job of the clock: in each organisation by itself, and its schedule is the one in the scheduler's table."""

import datetime
import logging

import pytest
from celery import current_app
from django_celery_beat.models import PeriodicTask

from fit_project.scheduler import WatchedScheduler
from organisations.jobs.periodic import SCHEDULE, periodic, run_in_each_organisation
from organisations.models import Organisation, Team
from organisations.tenancy.context import tenant
from tests.factories import OrganisationFactory, TeamFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture
def three():
    return [OrganisationFactory(slug=slug) for slug in ("aaa", "bbb", "ccc")]


@pytest.mark.parametrize("own_transactions", [False, True])
def test_one_failing_organisation_stops_no_other(three, caplog, own_transactions):
    seen = []

    def job(organisation, now):
        seen.append((organisation.slug, now))
        if organisation.slug == "bbb":
            raise ValueError("words of a client")
        return 1

    with caplog.at_level(logging.ERROR):
        assert run_in_each_organisation(job, NOW, own_transactions=own_transactions) == 2
    assert seen == [("aaa", NOW), ("bbb", NOW), ("ccc", NOW)]
    assert [record.message for record in caplog.records if record.exc_info] == [
        "A periodic job failed in one organisation; the others go on, and the next round tries again"
    ]


def test_what_failed_in_one_organisation_leaves_nothing_half_written(three):
    def job(organisation, now):
        TeamFactory(organisation=organisation)
        if organisation.slug == "bbb":
            raise ValueError
        return 1

    assert run_in_each_organisation(job, NOW) == 2
    kept = []
    for organisation in three:
        with tenant(organisation.pk):
            kept.append(Team.objects.count())
    assert kept == [1, 0, 1]


def test_a_job_sees_the_rows_of_its_organisation_only(three):
    for organisation in three:
        with tenant(organisation.pk):
            TeamFactory(organisation=organisation)

    def job(organisation, now):
        assert set(Team.objects.values_list("organisation", flat=True)) == {organisation.pk}
        return Team.objects.count()

    assert run_in_each_organisation(job, NOW) == 3


def every_organisations_job() -> list[str]:
    current_app.loader.import_default_modules()
    return sorted(entry["task"] for entry in SCHEDULE.values())


# They note how things stand, also where nothing is to be done.
NOTES = {"organisations.periodic.look_at_parts", "reports.periodic.count_use"}


@pytest.mark.parametrize("name", every_organisations_job())
def test_each_job_is_a_task_and_runs_where_there_is_nothing_to_do(three, name):
    assert bool(current_app.tasks[name]()) == (name in NOTES)
    assert Organisation.objects.filter(pk__in=[organisation.pk for organisation in three]).count() == 3


def test_two_jobs_of_one_name_are_refused():
    every_organisations_job()

    def find_overdue():
        return 0

    with pytest.raises(ValueError, match=r"sessions_app\.periodic\.find_overdue has that name already"):
        periodic(60)(find_overdue)
    assert SCHEDULE["find-overdue"]["task"] == "sessions_app.periodic.find_overdue"


@pytest.mark.django_db(transaction=True)
def test_the_schedule_beside_the_jobs_is_what_the_scheduler_runs():
    WatchedScheduler(app=current_app)
    rows = PeriodicTask.objects.exclude(task__startswith="celery.")
    assert sorted(rows.values_list("task", flat=True)) == every_organisations_job()
    assert rows.get(name="find-bursts").interval.every == 30
    assert str(rows.get(name="send-digests").crontab.minute) == "0"


@pytest.mark.django_db(transaction=True)
def test_a_row_of_an_earlier_version_is_led_to_the_job_as_it_is_called_now():
    WatchedScheduler(app=current_app)
    PeriodicTask.objects.filter(name="sign-access-heads").update(task="organisations.tasks.sign_access_heads")
    WatchedScheduler(app=current_app)
    assert PeriodicTask.objects.get(name="sign-access-heads").task == "organisations.periodic.sign_access_heads"
