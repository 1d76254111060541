"""A device in a client's hands, for the tests: handing it over, and the PIN that takes it back."""

from django.urls import reverse

PIN = "204681"


def hand_over(browser, record, instrument="ors"):
    """Hand over; returns the form's address."""
    answer = browser.post(reverse("session-handover", args=[record.pk, instrument]))
    return answer.headers["Location"]
