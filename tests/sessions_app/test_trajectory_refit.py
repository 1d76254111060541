"""The expected course: the default at first, an organisation's own from 30 closed episodes, every version kept."""

import random
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from clients.models import Episode
from organisations.tenancy.context import tenant
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.models import Alert, Rating, Session, TrajectoryFit
from sessions_app.periodic import refit_trajectories
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.courses import load_series
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import ClientFactory, EpisodeFactory

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)


def course(practitioner, service, *totals, ended=True, birth_year=1980, practice=False):
    """An episode with these ORS totals, a week apart."""
    own = {"organisation": practitioner.organisation}
    client = ClientFactory(**own, birth_year=birth_year, is_practice=practice)
    end = {"ended_on": date(2026, 10, 1), "ending": "planned"} if ended else {}
    episode = EpisodeFactory(**own, client=client, service=service, started_on=START, **end)
    sessions = [
        Session(
            **own,
            client=client,
            episode=episode,
            practitioner=practitioner,
            held_on=START + timedelta(days=7 * number),
            time_zone="Europe/Copenhagen",
        )
        for number, _ in enumerate(totals)
    ]
    Session.objects.bulk_create(sessions)
    Rating.objects.bulk_create(
        Rating(**own, session=session, instrument="ors", total=total, entry_mode="imported", submission_id=session.pk)
        for session, total in zip(sessions, totals, strict=True)
    )
    refresh_summary(lock_episode(episode.pk))
    return episode


def courses(practitioner, service, count, **more):
    """Courses that rise less than the default expects."""
    rng = random.Random(7)
    for _ in range(count):
        intake = rng.randint(100, 260)
        totals = [min(400, intake + 8 * step + rng.randint(-25, 25)) for step in range(rng.randint(4, 8))]
        course(practitioner, service, *totals, **more)


def series_of(episode):
    return load_series([episode])[episode.pk]


def test_until_30_closed_episodes_adults_have_the_default_and_others_none(ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 29)
        courses(ann, service, 3, ended=False)
        assert refit_trajectories() == 0
        adult = course(ann, service, 180, 100, ended=False)
        young = course(ann, service, 180, 100, ended=False, birth_year=2012)
        assert series_of(Episode.objects.get(pk=adult.pk)).model.model is DEFAULT
        assert series_of(Episode.objects.get(pk=young.pk)).model is None


def test_from_30_closed_episodes_the_course_is_the_organisations_own(ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        course(ann, service, 200, 10, practice=True)
        assert refit_trajectories() == 1
        fit = TrajectoryFit.objects.get()
        assert (fit.instrument, fit.rater, fit.age_band, fit.version) == ("ors", "client", "adult", 1)
        assert (fit.n_episodes, fit.n_closed, fit.window_start) == (30, 30, START)
        model = series_of(course(ann, service, 180, ended=False)).model
        assert model.version == 1
        assert not model.amber_at_most
        assert model.band(180, 5, 0.5) < DEFAULT.band(180, 5, 0.5), "these clients rise more slowly"


def test_a_fit_is_made_anew_only_when_the_data_changed_and_the_old_one_stays(ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 31)
        assert refit_trajectories() == 1
        assert refit_trajectories() == 0
        course(ann, service, 150, 160, 180)
        assert refit_trajectories() == 1
        assert [fit.version for fit in TrajectoryFit.objects.order_by("version")] == [1, 2]
        with pytest.raises(ProgrammingError), transaction.atomic():
            TrajectoryFit.objects.update(version=3)
        with pytest.raises(ProgrammingError), transaction.atomic():
            TrajectoryFit.objects.all().delete()


def test_too_few_episodes_left_bring_the_default_back(ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        refit_trajectories()
        Episode.objects.filter(pk=Episode.objects.first().pk).update(ended_on=None, ending="")
        assert refit_trajectories() == 1
        assert TrajectoryFit.objects.order_by("-version").first().model is None
        assert series_of(Episode.objects.first()).model.model is DEFAULT
        assert refit_trajectories() == 0


def test_without_a_default_a_stratum_learns_from_itself_alone(ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30, birth_year=2012)
        assert refit_trajectories() == 1
        assert TrajectoryFit.objects.get().age_band == "adolescent"
        assert TrajectoryFit.objects.get().model["prior_rows"] == 0


def test_another_organisation_learns_nothing_from_it(ann, dora, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        refit_trajectories()
    with tenant(dora.organisation_id):
        assert not TrajectoryFit.objects.exists()


@pytest.mark.parametrize(("closed", "level"), [(29, "amber"), (30, "red")])
def test_far_below_the_expected_is_amber_by_the_default_and_red_by_an_own_course(ann, service, closed, level):
    with tenant(ann.organisation_id):
        courses(ann, service, closed)
        episode = course(ann, service, 160, 120, ended=False)
        refit_trajectories()
        evaluate_episode(episode.pk)
        assert Alert.objects.get(episode=episode, rule="O4").level == level


def test_open_alerts_follow_a_new_course_at_night(ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        episode = course(ann, service, 160, 120, ended=False)
        assert not Alert.objects.exists()
        refit_trajectories()
        assert Alert.objects.filter(episode=episode, rule="O4").exists()


def test_the_page_of_a_client_reads_the_newest_version(browser, ann, nils, episode, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        refit_trajectories()
    browser.force_login(ann.user)
    assert browser.get(reverse("client-detail", args=[nils.pk])).status_code == 200
