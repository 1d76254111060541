"""For how long records are kept, when a service is removed or becomes part of another one."""

import pytest
from django.db import transaction
from django.urls import reverse

from clients.models import RetentionChoice
from organisations.history.tracking import event_model_of
from organisations.models import Service
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory, EpisodeFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


@pytest.fixture
def harbour(house):
    with tenant(house.pk):
        return ServiceFactory(organisation=house, name="House at harbour")


def choose(service, by, rule, **more):
    with tenant(service.organisation_id):
        return RetentionChoice.objects.create(
            organisation=service.organisation, service=service, rule=rule, chosen_by=by, **more
        )


def with_records(service):
    with tenant(service.organisation_id):
        client = ClientFactory(organisation=service.organisation)
        end = {"ended_on": "2026-02-02", "ending": "planned"}
        return EpisodeFactory(organisation=service.organisation, client=client, service=service, **end)


def merge(admin, service, into):
    """What the page says before, and what holds for the other one afterwards: (rule, years, archive first)."""
    url = reverse("service-merge", args=[service.pk])
    page = " ".join(admin.get(url, {"into": into.pk}).content.decode().split())
    assert admin.post(url, {"into": into.pk}).status_code == 302
    with tenant(into.organisation_id):
        assert not Service.objects.filter(pk=service.pk).exists()
        rows = RetentionChoice.objects.newest()
        return page, [(row.service_id, row.rule, row.years, row.archives_first) for row in rows]


def test_a_service_with_a_rule_is_removed_and_what_was_chosen_stays_in_the_history(admin, house, ada, harbour):
    choose(harbour, ada, "dk-social", years=3)
    choose(harbour, ada, "dk-health-5")
    url = reverse("service-remove", args=[harbour.pk])
    page = admin.get(url).content.decode()
    assert "How long its records are kept: Health records of other authorised staff: 5 years." in page
    done = admin.post(url, follow=True)
    assert "House at harbour is removed." in done.content.decode()
    with tenant(house.pk):
        assert not Service.objects.filter(pk=harbour.pk).exists()
        assert not RetentionChoice.objects.exists()
        gone = event_model_of(RetentionChoice).objects.filter(pgh_label="delete")
        assert sorted(gone.values_list("rule", flat=True)) == ["dk-health-5", "dk-social"]


def test_a_service_with_clients_is_not_removed_and_keeps_its_rule(admin, house, ada, harbour):
    choose(harbour, ada, "dk-health-5")
    with_records(harbour)
    refused = admin.post(reverse("service-remove", args=[harbour.pk]))
    assert refused.status_code == 422
    assert "House at harbour cannot be removed yet. There is still: 1 episode." in refused.content.decode()
    with tenant(house.pk):
        assert RetentionChoice.objects.count() == 1


def test_a_choice_is_never_changed(house, ada, harbour):
    choice = choose(harbour, ada, "dk-health-5")
    with tenant(house.pk), pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
        RetentionChoice.objects.filter(pk=choice.pk).update(rule="")


@pytest.mark.parametrize("order", ["shorter into longer", "longer into shorter"])
def test_of_two_periods_the_longer_one_stands_and_is_said_before(admin, ada, service, harbour, order):
    five, ten = (service, harbour) if order.startswith("longer") else (harbour, service)
    choose(five, ada, "dk-health-5", archives_first=True)
    choose(ten, ada, "dk-health-10")
    page, rows = merge(admin, harbour, service)
    assert "The longer one holds from then on: Health records of doctors, dentists and midwives: 10 years." in page
    assert f"{five.name}: Health records of other authorised staff: 5 years." in page
    assert "Its choice" not in page
    assert rows == [(service.pk, "dk-health-10", None, True)]


def test_a_period_of_ones_own_goes_over_with_what_it_stands_on(admin, ada, house, service, harbour):
    choose(service, ada, "dk-health-10")
    choose(harbour, ada, "own", years=12, basis="Plan of the archive")
    page, rows = merge(admin, harbour, service)
    assert "(12 years, Plan of the archive)" in page
    assert rows == [(service.pk, "own", 12, False)]
    with tenant(house.pk):
        assert RetentionChoice.objects.newest().get().basis == "Plan of the archive"


def test_a_shorter_period_that_was_planned_does_not_shorten_it_later(admin, ada, service, harbour):
    choose(service, ada, "dk-health-10")
    choose(service, ada, "dk-social", years=1, holds_from="2099-01-01")
    choose(harbour, ada, "dk-health-5")
    _page, rows = merge(admin, harbour, service)
    assert rows == [(service.pk, "dk-health-10", None, False)]


def test_records_without_a_rule_are_not_erased_by_the_other_ones(admin, ada, service, harbour):
    with_records(harbour)
    choose(service, ada, "dk-health-5")
    page, rows = merge(admin, harbour, service)
    assert "House at harbour: no rule, nothing is erased." in page
    assert "From then on nothing is erased until somebody chooses a rule." in page
    assert rows == [(service.pk, "", None, False)]


def test_an_empty_service_takes_the_rule_of_the_one_that_comes(admin, ada, service, harbour):
    choose(service, ada, "dk-health-5")
    page, rows = merge(admin, service, harbour)
    assert rows == [(harbour.pk, "dk-health-5", None, False)]


def test_without_any_rule_nothing_is_said(admin, service, harbour):
    page, rows = merge(admin, harbour, service)
    assert "How long records are kept:" not in page
    assert rows == []
