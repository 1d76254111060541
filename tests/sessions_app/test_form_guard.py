"""A form's token is not to be guessed, its answers not to be multiplied, its page not to be remembered."""

import contextlib
import re
import secrets
import threading
import time
import uuid

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import Capability, CapabilityKind
from organisations.tokens import capabilities
from organisations.web.middleware import GUESSES
from sessions_app.models import ConflictingAnswer
from sessions_app.services import ratings
from tests.conftest import OWNER
from tests.factories import SessionFactory
from tests.route_matrix import make_world
from tests.sessions_app.test_form import (  # noqa: F401  (fixtures)
    ORS,
    device,
    form,
    marks,
    mint,
    record,
    stored,
    token,
    without_lock,
)

GUESSED = 100_000


@pytest.fixture
def one_window(time_machine):
    """However long the tries take, the limit counts them in one window."""
    time_machine.move_to(time.time(), tick=False)


@pytest.mark.usefixtures("one_window")
def test_guessing_is_slowed_down_and_says_when_to_come_back(device, token):  # noqa: F811
    address = form("A" * 43)
    assert [device.get(address).status_code for _ in range(GUESSES.at_most)] == [404] * GUESSES.at_most
    for answer in (device.get(address), device.post(address)):
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= GUESSES.seconds
    assert device.get(address, REMOTE_ADDR="10.1.2.3").status_code == 404
    cache.clear()  # the window is over
    assert device.get(address).status_code == 404


@pytest.mark.usefixtures("one_window")
def test_wrong_addresses_close_no_form_behind_the_same_ip_address(device, record, token):  # noqa: F811
    """A whole municipality: somebody there types 60 wrong addresses, and every client goes on."""
    for _guess in range(GUESSES.at_most + 5):
        last = device.get(form("A" * 43))
    assert last.status_code == 429
    assert device.get(form(token)).status_code == 200
    assert device.post(form(token), marks()).status_code == 303
    assert len(stored(record)) == 1


@pytest.mark.usefixtures("one_window")
@pytest.mark.parametrize("name", ["invitation", "group-code-entry", "group-screen", "form-shell"])
def test_wrong_addresses_close_no_other_page_of_a_token_either(db, name):
    world, device = make_world(), Browser()  # noqa: F811
    for _guess in range(GUESSES.at_most + 1):
        last = device.get(reverse(name, args=["A" * 43]))
    assert (last.status_code, "Retry-After" in last.headers) == (429, True)
    assert device.get(world.url(name)).status_code == 200


def test_forms_that_exist_are_never_counted(device, token):  # noqa: F811
    for _tablet in range(GUESSES.at_most + 5):
        assert device.get(form(token)).status_code == 200


def test_a_hundred_thousand_guesses_find_nothing(token):  # noqa: F811
    """Without the limiter: one by one where it is close, then a thousand in each question to the same index."""
    kinds = tuple(CapabilityKind)
    near = [token[:-1] + end for end in "ABCDEFGH" if token[-1] != end] + [token + "A", token[:-1], token.lower()]
    assert not any(capabilities.find(guess, *kinds) for guess in near)
    tried, found = 0, 0
    while tried < GUESSED:
        hashes = [capabilities.hash_of(secrets.token_urlsafe(32)) for _ in range(1000)]
        found += Capability.objects.filter(token_hash__in=hashes, kind__in=kinds).count()
        tried += len(hashes)
    assert (tried, found) == (GUESSED, 0)
    assert Capability.objects.filter(token_hash__in=[*hashes, capabilities.hash_of(token)]).count() == 1
    assert capabilities.find(token, *kinds) is not None


def test_only_the_hash_of_a_token_is_stored(token):  # noqa: F811
    (row,) = Capability.objects.values()
    assert bytes(row["token_hash"]) == capabilities.hash_of(token)
    assert token not in repr(row)


def test_different_answers_to_one_form_are_kept_up_to_a_number(device, record, token):  # noqa: F811
    device.post(form(token), marks())
    statuses = {
        device.post(form(token), marks({**ORS, "overall": f"{mark / 10}"})).status_code
        for mark in range(ratings.MOST_CONFLICTS + 5)
    }
    assert statuses == {409}
    assert len(stored(record, ConflictingAnswer)) == ratings.MOST_CONFLICTS
    page = device.post(form(token), marks({**ORS, "overall": "9.9"}))
    assert "Both answers are kept" not in page.content.decode()
    assert device.post(form(token), marks()).status_code == 303  # the first answer again is still the first


def all_at_once(send, number):
    statuses, failures = [], []
    start = threading.Barrier(number)

    def post():
        try:
            start.wait(timeout=60)
            statuses.append(send(Browser()).status_code)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, failures


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_at_once_are_one_row_and_fifty_equal_answers(record, token):  # noqa: F811
    sent = marks()
    statuses, failures = all_at_once(lambda browser: browser.post(form(token), sent), 50)
    assert (failures, statuses) == ([], [303] * 50)
    assert [rating.submission_id for rating in stored(record)] == [uuid.UUID(sent["submission_id"])]


@contextlib.contextmanager
def without_unique_keys():
    """Both unique keys of ratings gone, and back again afterwards."""
    keys = ("rating_once", "rating_submission_once")
    here = {**connection.get_connection_params(), "user": OWNER}
    with psycopg.connect(**here, autocommit=True) as owner:
        made = owner.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(keys)]).fetchall()
        assert len(made) == len(keys)
        owner.execute("DROP INDEX rating_once")
        owner.execute("ALTER TABLE sessions_app_rating DROP CONSTRAINT rating_submission_once")
        yield
        owner.execute("TRUNCATE sessions_app_rating CASCADE")
        for (definition,) in made:
            owner.execute(definition)
        owner.execute(
            "ALTER TABLE sessions_app_rating ADD CONSTRAINT rating_submission_once"
            " UNIQUE USING INDEX rating_submission_once"
        )


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_unique_keys_there_would_be_several(record, monkeypatch):  # noqa: F811
    """The control: the same posts, with both guards away; each by a token of its own, whose row is locked too."""
    barrier, compared, tokens = threading.Barrier(8), ratings._compared, [mint(record) for _ in range(8)]

    def together(*arguments):
        found = compared(*arguments)
        barrier.wait(timeout=60)  # all have looked before any has written
        return found

    monkeypatch.setattr(ratings, "_compared", together)
    with without_unique_keys(), without_lock(monkeypatch):
        all_at_once(lambda browser: browser.post(form(tokens.pop()), marks()), 8)
        kept = len(stored(record))
    assert kept > 1


def test_the_page_asks_the_keyboard_and_the_browser_to_learn_nothing(device, token):  # noqa: F811
    page = device.get(form(token)).content.decode()
    forms = re.findall(r"<form\b[^>]*>", page)
    assert forms
    assert all('autocomplete="off"' in tag for tag in forms)
    for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", page):
        if re.search(r'type="(?:hidden|radio|checkbox)"', tag):
            continue
        # What is typed here is a number: no keyboard learns it, and the browser is asked not to.
        assert 'type="number"' in tag and 'autocomplete="off"' in tag, tag
    assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//", page)


def test_nothing_of_the_last_client_is_in_the_page_of_the_next(device, record, token, ann, episode):  # noqa: F811
    from organisations.tenancy.context import tenant

    device.post(form(token), marks(ORS))
    with tenant(ann.organisation_id):
        second = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    page = device.get(form(mint(second))).content.decode()
    for left in (token, '"06.2"', '"6.2"', 'data-mark="62"', "Nils", "N-014", str(record.pk)):
        assert left not in page
