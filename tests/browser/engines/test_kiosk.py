"""A session on a tablet: hand over, mark, give back, unlock; Back and typed addresses show nobody."""

import pytest

from organisations.tenancy.context import tenant
from sessions_app.models import Rating
from tests.browser.conftest import PIN
from tests.browser.engines.steps import ORS_LINES, hand_over, names_shown, start

LEFT = ("/today/", "/clients/")


def test_a_session_from_the_clients_page_to_the_result(ann_here, ann):
    screen = ann_here
    start(screen)
    hand_over(screen, "ORS")
    assert names_shown(screen) == []
    screen.mark(ORS_LINES)
    screen.press("Done")
    screen.see("Give the tablet back")
    screen.fill("PIN", PIN)
    screen.arrive("/result/ors/")
    with tenant(ann.organisation_id):
        marks = Rating.objects.get(session__started_at__isnull=False).marks
    assert all(abs(mark - 60) <= 1 for mark in marks)
