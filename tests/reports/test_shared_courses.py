"""Organisations share expected courses as files: made once, taken in, used where one's own is missing, put aside."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models import Episode
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.models import PublishedCourse, SharedCourse, TrajectoryFit
from sessions_app.periodic import refit_trajectories
from sessions_app.services.courses import load_series
from sessions_app.services.trajectory_words import trajectory_words_of
from sessions_app.standards.methods import EXPECTED_COURSE, ONLY_DEFAULT, ONLY_OWN
from tests.reports.test_expected_course_page import learn_from
from tests.sessions_app.test_standards import choose
from tests.sessions_app.test_trajectory_refit import course, courses
from tests.shared_courses import quick_document, shared_document

pytestmark = pytest.mark.django_db
PAGE = reverse("shared-courses")


def upload(browser, document, **more):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return browser.post(PAGE, {"file": SimpleUploadedFile("course.json", content)}, **more)


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


def model_of(practitioner, service, **more):
    """The course that a new client of a practitioner is read against."""
    with tenant(practitioner.organisation_id):
        episode = Episode.objects.get(pk=course(practitioner, service, 180, ended=False, **more).pk)
        return load_series([episode])[episode.pk].model


def test_an_organisation_without_a_course_uses_that_of_others_from_the_night_on(admin, ann, service):
    document = quick_document("Björken", "adolescent")
    assert model_of(ann, service, birth_year=2012) is None
    answer = upload(admin, document, follow=True)
    assert "Björken" in answer.content.decode()
    assert model_of(ann, service, birth_year=2012) is None, "not before the night"
    assert refit_trajectories() == 1
    found = model_of(ann, service, birth_year=2012)
    assert found.model.beta == pytest.approx(tuple(document["course"]["beta"]))
    assert not found.is_own
    assert found.amber_at_most, "no red alert from others' clients alone"
    assert "200 closed episodes of other organisations (Björken)" in trajectory_words_of(found)
    assert refit_trajectories() == 0, "nothing is new"


def test_two_files_of_one_stratum_are_pooled(admin, ann, service):
    for seed, name in enumerate(("Björken", "Eken"), start=1):
        upload(admin, shared_document(name, seed=seed))
    refit_trajectories()
    model = model_of(ann, service).model
    assert model.shared_by == ("Björken", "Eken")
    assert model.closed_episodes == 440


def test_from_30_closed_episodes_the_own_course_stands_drawn_towards_the_shared_one(admin, ann, service):
    document = shared_document("Björken", episodes=600)
    with tenant(ann.organisation_id):
        courses(ann, service, 40)
        refit_trajectories()
    alone = model_of(ann, service)
    upload(admin, document)
    refit_trajectories()
    found = model_of(ann, service)
    assert found.is_own
    assert found.model.prior.startswith("shared")
    assert "drawn towards the course that other organisations share" in trajectory_words_of(found)
    assert found.model.beta != alone.model.beta
    assert found.version == alone.version + 1


def test_put_aside_the_default_holds_again_and_an_undo_brings_it_back(admin, ann, service):
    upload(admin, quick_document())
    refit_trajectories()
    kept = SharedCourse.objects.get()
    assert model_of(ann, service).model.is_shared
    answer = admin.post(reverse("shared-course-put-aside", args=[kept.pk]), follow=True)
    assert reverse("shared-course-use-again", args=[kept.pk]) in answer.content.decode()
    refit_trajectories()
    assert model_of(ann, service).model is DEFAULT
    admin.post(reverse("shared-course-use-again", args=[kept.pk]))
    refit_trajectories()
    assert model_of(ann, service).model.is_shared
    with tenant(ann.organisation_id):
        actions = set(AccessEvent.objects.values_list("action", flat=True))
    assert {"shared_course.take_in", "shared_course.put_aside", "shared_course.use_again"} <= actions


def test_an_organisation_that_wants_only_its_own_or_only_the_default_gets_no_shared_one(admin, ada, ann, service):
    upload(admin, quick_document())
    refit_trajectories()
    choose(ada, EXPECTED_COURSE, ONLY_OWN)
    assert model_of(ann, service) is None
    choose(ada, EXPECTED_COURSE, ONLY_DEFAULT)
    assert model_of(ann, service).model is DEFAULT


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"no json", "not a file of an expected course"),
        (b"[" * 100_000, "not a file of an expected course"),
        (b"{}" + b" " * 200_000, "too large"),
        (json.dumps(quick_document() | {"age_band": "giant"}).encode(), "does not know"),
        (json.dumps(quick_document() | {"rater": "teacher-2"}).encode(), "does not know"),
        (json.dumps(quick_document() | {"instrument": "cors"}).encode(), "does not know"),
    ],
)
def test_another_file_is_refused_with_a_sentence_and_nothing_is_kept(admin, content, sentence):
    answer = upload(admin, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SharedCourse.objects.exists()


def test_the_same_file_is_not_used_twice_and_ones_own_not_at_all(admin, ada):
    document = quick_document()
    upload(admin, document)
    assert "in use already" in upload(admin, document).content.decode()
    with tenant(ada.organisation_id):
        SharedCourse.objects.all().update(put_aside_at="2026-01-01T00:00Z", put_aside_by=ada)
    assert upload(admin, document).status_code == 302
    assert SharedCourse.objects.get().put_aside_at is None


def test_a_newer_file_of_the_same_organisation_takes_the_place_of_the_older(admin, ann, service):
    """Its clients would count twice; those of another organisation, or of another age, stay."""
    upload(admin, quick_document("Eken"))
    upload(admin, quick_document("Björken", "adolescent"))
    upload(admin, quick_document("Björken"))
    old = SharedCourse.objects.get(publisher="Björken", age_band="adult")
    upload(admin, shared_document("Björken"))
    old.refresh_from_db()
    assert old.put_aside_at is not None
    assert SharedCourse.objects.in_use().count() == 3
    refit_trajectories()
    assert model_of(ann, service).model.closed_episodes == 200 + 220
    admin.post(reverse("shared-course-use-again", args=[old.pk]))
    assert [row for row in SharedCourse.objects.in_use() if row.publisher == "Björken" and row.age_band == "adult"] == [
        old
    ]


def test_the_file_of_an_own_course_is_made_once_and_refused_at_home(admin, ann, ada, service):
    learn_from(ann, service, 205)
    assert "Make the file" in admin.get(PAGE).content.decode()
    fit = TrajectoryFit.objects.get()
    for _again in range(2):
        admin.post(reverse("course-publish", args=[fit.pk]))
    published = PublishedCourse.objects.get()
    answer = admin.get(reverse("published-course", args=[published.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="expected-course.json"'
    document = json.loads(answer.content)
    assert document["publisher"] == ada.organisation.name
    assert document["course"]["closed_episodes"] == 200
    assert "would count twice" in upload(admin, document).content.decode()


def test_a_course_of_too_few_episodes_or_of_others_cannot_be_published(admin, ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
    upload(admin, quick_document(band="adolescent"))
    refit_trajectories()
    page = admin.get(PAGE).content.decode()
    assert "170 episodes are missing" in page
    assert "Make the file" not in page
    for fit in TrajectoryFit.objects.all():
        assert admin.post(reverse("course-publish", args=[fit.pk])).status_code == 404
    assert not PublishedCourse.objects.exists()


def test_two_versions_stand_beside_each_other(browser, ann, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 31)
        refit_trajectories()
        course(ann, service, 150, 160, 180)
        refit_trajectories()
    browser.force_login(ann.user)
    address = reverse("expected-course-versions")
    text = browser.get(address).content.decode()
    assert "version 2" in text
    assert "version 1" in text
    assert "session 12" in text
    with_default = browser.get(address, {"of": "ors.client.adult", "newer": "2", "older": "0"}).content.decode()
    assert "a design default" in with_default
    assert "Both are the same version" in browser.get(address, {"newer": "1", "older": "1"}).content.decode()
    for wrong in ({"of": "x"}, {"newer": "7"}, {"older": "two"}):
        assert browser.get(address, wrong).status_code == 422


def test_without_a_version_the_page_says_when_there_will_be_one(browser, ann):
    browser.force_login(ann.user)
    assert "From 30 closed episodes" in browser.get(reverse("expected-course-versions")).content.decode()
