"""NEWS: CPU time of the question that each open page asks, beside the one about the end of the log-in."""

import io
import time
from collections.abc import Iterator

from bench.database import migrated
from bench.figures import Figure

ROUNDS, EACH = 7, 100


def measure() -> Iterator[Figure]:
    """Rounds that take turns: `news` / `account-stay`, of somebody who is logged in."""
    with migrated():
        from django.core.management import call_command
        from django.test import Client
        from django.urls import reverse

        from organisations.models import Organisation, Practitioner, User
        from organisations.tenancy.context import tenant
        from organisations.web.news import news_pass

        call_command("load_demo", stdout=io.StringIO())
        user = User.objects.get(email="trine@solby.example")
        browser, ratios, asked = Client(SERVER_NAME="localhost"), [], []
        browser.force_login(user)
        with tenant(Organisation.objects.get(name="Solby Kommune").pk):
            person = Practitioner.objects.get(user=user).pk
        question = f"{reverse('news')}?pass={news_pass(person)}"
        for address in (question, reverse("account-stay")):
            _cpu_of(browser, address)
        for _round in range(ROUNDS):
            asked.append(_cpu_of(browser, question))
            ratios.append(asked[-1] / _cpu_of(browser, reverse("account-stay")))
        notes = f"{1000 * min(asked):.2f} ms CPU a question"
        what = "the question of an open page / account-stay"
        yield Figure("NEWS", what, tuple(ratios), 0.5, 0.5, more=False, notes=notes)


def _cpu_of(browser, address: str) -> float:
    """Seconds of CPU for a request, of so many."""
    began = time.process_time()
    for _one in range(EACH):
        assert browser.get(address).status_code == 200
    return (time.process_time() - began) / EACH
