"""A start far from the mean is said to move by itself, where the page explains a change."""

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db


def page_of(browser, ann, nils, language="en"):
    ann.user.language = language
    ann.user.save()
    browser.force_login(ann.user)
    return browser.get(reverse("client-detail", args=[nils.pk])).content.decode()


@pytest.mark.parametrize(
    ("totals", "language", "sentence"),
    [
        ((80, 110), "en", "After a start as low as 8 the next number is 2.2 points higher on average"),
        ((80, 110), "da", "Efter en start så lav som 8 er næste tal i gennemsnit 2,2 point højere"),
        ((80, 110), "sv", "Efter en så låg start som 8 är nästa värde i snitt 2,2 poäng högre"),
        ((80, 110), "nb", "Etter en så lav start som 8 er neste tall i snitt 2,2 poeng høyere"),
        ((340, 300), "en", "After a start as high as 34 the next number is 3 points lower on average"),
    ],
)
def test_why_says_what_such_a_start_does_by_itself(browser, ann, nils, episode, totals, language, sentence):
    with tenant(ann.organisation_id):
        held(episode, ann, *totals)
    assert sentence in page_of(browser, ann, nils, language)


def test_an_alert_of_a_fall_from_a_high_start_says_it_too(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 340, 280)
    alerts = page_of(browser, ann, nils).partition('id="alerts"')[2].partition("</section>")[0]
    assert "After a start as high as 34" in alerts


@pytest.mark.parametrize("totals", [(190, 210), (80,), (80, 240, 260, 270)])
def test_near_the_mean_before_a_change_or_once_confirmed_nothing_of_the_kind_is_said(
    browser, ann, nils, episode, totals
):
    with tenant(ann.organisation_id):
        held(episode, ann, *totals)
    assert "After a start as" not in page_of(browser, ann, nils)
