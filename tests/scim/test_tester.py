"""The public tester of SCIM servers, whole, against a live server."""

import pytest
from django.core.cache import cache

from bench import scim
from organisations.web.rate_limits import Limit


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("keeps_other", "checks"), [(False, 72), (True, 135)])
def test_every_check_of_the_public_tester_passes(live_server, settings, monkeypatch, keeps_other, checks):
    """72 checks of what an organisation has from the start, 135 with all that SCIM has a word for."""
    cache.clear()
    monkeypatch.setattr("organisations.web.bearer.REQUESTS", Limit("api", at_most=10_000, seconds=60))
    settings.SITE_URL = live_server.url
    results = scim.check(f"{live_server.url}/scim/v2", scim.make_token("it", keeps_other=keeps_other))
    assert scim.failed(results) == []
    assert len(results) == checks
