"""The browser finds nothing to complain about in what it is told."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_console_stays_empty(page):
    said = []
    page.on("console", lambda message: said.append(message.text))
    assert page.goto(reverse("account_login")).headers["permissions-policy"]
    page.wait_for_load_state("networkidle")
    assert said == []
