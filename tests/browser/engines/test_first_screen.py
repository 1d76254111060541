"""Today's parts below its first screen come with the second picture: in each engine they are there, and stay."""

import time

import pytest
from django.utils import timezone

from clients.models import Client, PairMessage
from organisations.tenancy.context import tenant

# (how many parts follow the first screen, how many of them are not shown, how long the page is)
PARTS = """
const parts = [...document.querySelectorAll(".first-screen ~ *")].filter((one) => !one.matches("script, template"));
const hidden = parts.filter((part) => !part.getClientRects().length);
return [parts.length, hidden.length, document.documentElement.scrollHeight];
"""


@pytest.fixture
def day_with_a_message(ann, ben, nils):
    """One client is due today; a colleague's message follows."""
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=timezone.localdate(), second_contact=ben)
        PairMessage.objects.create(organisation=ann.organisation, client=nils, written_by=ben, text="Ask him.")


def test_what_follows_the_first_screen_is_there_and_stays(ann_here, day_with_a_message):
    ann_here.open("/today/")
    seen = []
    for _look in range(5):
        time.sleep(0.3)
        seen.append(tuple(ann_here.driver.execute_script(PARTS)))
    parts, hidden, length = seen[0]
    assert parts >= 1
    assert hidden == 0
    assert length < 10_000  # the first picture's length is a thousand lines
    assert set(seen) == {seen[0]}
