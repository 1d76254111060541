"""The browser tests' own ground: the live server, and a database that is empty again afterwards."""

import pytest
from django.contrib.auth import get_user_model


@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_browser_reaches_the_live_server_and_its_database(page, turn):
    users = get_user_model().objects
    assert users.count() == 0
    users.create(email=f"{turn}@example.org")
    page.goto("/healthz")
    assert page.inner_text("body") == "ok"
