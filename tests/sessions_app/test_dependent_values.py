"""What is worked out from a client's facts follows them: age, forms and alerts, at every door that changes one."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import Outbox
from organisations.tenancy.context import tenant
from sessions_app.models import Alert
from tests.api.asking import system_of
from tests.factories import RatingFactory, SessionFactory
from tests.saving import form_on
from tests.sessions_app.imports.test_import import imported
from tests.sessions_app.test_closing import edit, practise_by_api, practise_on_page, work
from tests.sessions_app.test_links import open_link, send, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured(ann, episode):
    """Nils, born 1980, at one session."""
    with tenant(ann.organisation_id):
        day = datetime.date(2026, 1, 5)
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=day)
        RatingFactory(organisation=ann.organisation, session=session, marks=[65] * 4)
    return session


def year_on_page(staff, ann, client, year):
    edit(staff, client, birth_year=str(year))


def year_by_api(staff, ann, client, year):
    assert system_of(ann).patch(f"clients/{client.pk}/", {"birth_year": year}).status_code == 200


@pytest.mark.parametrize("correct", [year_on_page, year_by_api])
def test_another_year_of_birth_changes_age_and_cut_off_at_once(staff, ann, nils, measured, correct):
    correct(staff, ann, nils, 2010)
    with tenant(ann.organisation_id):
        measured.episode.refresh_from_db()
        assert measured.episode.age_at_intake == 16
    page = staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "cut-off 28" in page.lower()


def test_a_year_of_birth_that_comes_with_a_file_closes_forms_of_another_age(
    staff,
    ann,
    nils,
    measured,
    a_file,
):
    edit(staff, nils, birth_year="")
    token = token_in(send(staff, nils))
    service = measured.episode.service
    report = imported(nils.organisation, a_file(f"N-014;;2016;{service};Red team;;2026-02-02;;20;;;;"))
    assert (report["refused"], report["imported"]) == (0, 1), report
    assert open_link(Browser(), token).status_code == 410
    with tenant(ann.organisation_id):
        measured.episode.refresh_from_db()
        assert measured.episode.age_at_intake == 10


def month_on_page(staff, ann, client):
    edit(staff, client, birth_year="2013", birth_month="12")


def month_by_api(staff, ann, client):
    answer = system_of(ann).patch(f"clients/{client.pk}/", {"birth_year": 2013, "birth_month": 12})
    assert (answer.status_code, answer.json()["birth_month"]) == (200, 12)


@pytest.mark.parametrize("say", [month_on_page, month_by_api])
def test_the_month_of_birth_decides_where_the_year_does_not(staff, ann, nils, measured, say):
    year_on_page(staff, ann, nils, 2013)
    with tenant(ann.organisation_id):
        measured.episode.refresh_from_db()
        assert measured.episode.age_at_intake == 13
    say(staff, ann, nils)
    with tenant(ann.organisation_id):
        measured.episode.refresh_from_db()
        assert measured.episode.age_at_intake == 12, "in January"
    page = staff.get(reverse("session-flow", args=[measured.pk])).content.decode()
    assert "/cors/" in page


def test_a_month_without_a_year_is_refused(staff, ann, nils):
    url = reverse("client-edit", args=[nils.pk])
    page = staff.post(url, form_on(staff, url) | {"birth_year": "", "birth_month": "3"})
    assert page.status_code == 422
    assert "Write the year of birth as well." in page.content.decode()
    assert system_of(ann).patch(f"clients/{nils.pk}/", {"birth_year": None, "birth_month": 3}).status_code == 422


@pytest.mark.parametrize("correct", [year_on_page, year_by_api])
def test_a_form_of_another_age_closes(staff, ann, nils, measured, correct):
    unfit, fit = token_in(send(staff, nils)), token_in(send(staff, nils, measured, form="srs"))
    correct(staff, ann, nils, 2009)  # 17: the same forms, another cut-off
    assert open_link(Browser(), unfit).status_code == 200
    correct(staff, ann, nils, 2016)  # ten: the child's own
    assert open_link(Browser(), unfit).status_code == 410
    assert open_link(Browser(), fit).status_code == 410
    assert "cors" in staff.get(reverse("client-links", args=[nils.pk])).content.decode()


@pytest.mark.parametrize("practise", [practise_on_page, practise_by_api])
def test_a_client_who_is_no_longer_for_practice_gets_the_alerts(staff, ann, nils, fallen, practise):
    practise(staff, ann, nils, fallen)
    work(ann.organisation_id)
    with tenant(ann.organisation_id):
        assert not Alert.objects.filter(episode=fallen, closed_on=None).exists()
    if practise is practise_on_page:
        edit(staff, nils, is_practice=None)
    else:
        assert system_of(ann).patch(f"clients/{nils.pk}/", {"is_practice": False}).status_code == 200
    work(ann.organisation_id)
    with tenant(ann.organisation_id):
        assert Alert.objects.open().filter(episode=fallen).exists()


def test_what_nothing_is_worked_out_from_asks_for_nothing(staff, ann, nils, measured):
    edit(staff, nils, first_name="Niels")
    with tenant(ann.organisation_id):
        assert not Outbox.objects.exists()
