"""What is written down about a request or a job: never a client's name, words, scores or token."""

import io
import json
import logging
import logging.config
from functools import wraps

import pytest
from celery import shared_task
from django.db import IntegrityError, connection
from django.test import Client as Browser
from django.urls import reverse

from fit_project import log_lines
from organisations.monitoring.logs import PrivateFilter
from tests.route_matrix import CLIENT_WORDS, HOUSE_WORDS, REFERENCE, make_world, named_routes, rolled_back

SCORE = "97.7531"
NAME = "Fuglsang"
CANARIES = (CLIENT_WORDS, REFERENCE, HOUSE_WORDS, SCORE, NAME)
EVERYTHING = " ".join(CANARIES)


@pytest.fixture
def lines(settings):
    """The lines that production would write; all of them as one text."""
    logging.config.dictConfig(log_lines.configuration(machine=True))
    stream = io.StringIO()
    logging.getLogger().handlers[0].setStream(stream)
    yield stream
    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(False)  # later tests have their warnings for themselves


def parsed(lines) -> list[dict]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def found(text: str, *more: str) -> list[str]:
    return [canary for canary in (*CANARIES, *more) if canary in text]


def raising(view):
    """The same declaration of access, and an error that quotes everything."""

    @wraps(view)
    def broken(request, *args, **kwargs):
        raise RuntimeError(f"{EVERYTHING} {request.get_full_path()} {request.POST.dict()}")

    return broken


def walk(world, actor, names):
    browser = world.browser_of(actor)
    words = {"first_name": NAME, "reference": REFERENCE, "text": CLIENT_WORDS, "individually": SCORE, "q": CLIENT_WORDS}
    for name in names:
        with rolled_back():
            browser.get(world.url(name), {"q": CLIENT_WORDS, "reference": REFERENCE, "mark": SCORE})
            browser.post(f"{world.url(name)}?q={NAME}", words, headers={"referer": f"http://testserver/{CLIENT_WORDS}"})
            browser.put(world.url(name), json.dumps(words), content_type="application/json")


@pytest.mark.django_db
def test_walking_every_page_writes_no_client_data(lines):
    world = make_world()
    names = [name for name, _ in named_routes()]
    for actor in ("practitioner", "admin", "capability", "anonymous"):
        walk(world, actor, names)
    said = lines.getvalue()
    assert found(said, *world.tokens.values()) == []
    requests = {line["request"] for line in parsed(lines) if "request" in line}
    assert {"GET client-detail", "POST rating-form", "GET rating-form"} <= requests
    assert len(parsed(lines)) > 3 * len(names)


@pytest.mark.django_db
def test_errors_that_quote_everything_write_no_client_data(lines, monkeypatch):
    world = make_world()
    urls = [(pattern, world.url(name)) for name, pattern in named_routes() if name != "readyz"]
    browser, device = world.browser_of("practitioner"), world.browser_of("capability")
    for pattern, _ in urls:
        monkeypatch.setattr(pattern, "callback", raising(pattern.callback))
    failed = 0
    for _, url in urls:
        for who in (browser, device, Browser(raise_request_exception=False)):
            with rolled_back():
                who.raise_request_exception = False
                failed += who.get(url, {"q": EVERYTHING}).status_code == 500
                failed += who.post(url, {"text": EVERYTHING, "mark": SCORE}).status_code == 500
    assert failed > len(urls)
    assert found(lines.getvalue(), *world.tokens.values()) == []
    said = [line for line in parsed(lines) if line["event"] == "request_failed"]
    assert len(said) == failed
    assert all(line["exception"] == "builtins.RuntimeError (words left out)" for line in said)
    assert any("test_logs.py" in frame for frame in said[0]["frames"])


@pytest.mark.django_db
def test_an_error_of_the_database_and_addresses_that_lead_nowhere_write_none(lines, monkeypatch):
    world = make_world()
    browser = world.browser_of("practitioner")
    browser.raise_request_exception = False

    def duplicate(request, *args, **kwargs):
        raise IntegrityError(f"duplicate key DETAIL: Key (reference)=({REFERENCE}) {EVERYTHING}")

    pattern = dict(named_routes())["today"]
    monkeypatch.setattr(pattern, "callback", wraps(pattern.callback)(duplicate))
    assert browser.get(reverse("today")).status_code in {500, 503}
    for path in (f"/{CLIENT_WORDS}/", f"/clients/{NAME}/", f"/f/{CLIENT_WORDS}/{SCORE}/", f"/{HOUSE_WORDS}?q={NAME}"):
        browser.get(path)
        browser.generic(CLIENT_WORDS.upper(), path)
    browser.get("/", headers={"host": f"{CLIENT_WORDS}.example.org"})
    assert found(lines.getvalue().lower()) == []


@pytest.mark.django_db
def test_each_line_of_a_request_has_its_id_and_its_route(lines, browser):
    answer = browser.get("/healthz")
    line = next(line for line in parsed(lines) if line["event"] == "request_finished")
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["request"], line["code"]) == ("GET healthz", "200")
    assert int(line["ms"]) >= 0


@shared_task
def quote_everything(outbox_id, object_id):
    logging.getLogger("sessions_app").info("halfway")
    raise ValueError(EVERYTHING)


def test_a_job_that_fails_is_told_by_its_row_of_the_outbox(lines):
    from django_structlog.celery.receivers import CeleryReceiver

    from fit_project.celery import name_the_work  # noqa: F401  listens

    receiver = CeleryReceiver()
    receiver.connect_worker_signals()
    outbox_id = "6f1dfb0a-5a5c-4d3e-8a43-0c6c4f6e2f10"
    quote_everything.apply(kwargs={"outbox_id": outbox_id, "object_id": CLIENT_WORDS})
    assert found(lines.getvalue()) == []
    halfway = next(line for line in parsed(lines) if line["event"] == "halfway")
    assert halfway["request_id"] == outbox_id
    failed = next(line for line in parsed(lines) if line["event"] == "task_failed")
    assert failed["outbox_id"] == outbox_id
    assert failed["exception"].startswith("builtins.ValueError")


@pytest.mark.django_db
def test_the_line_that_asks_for_work_ties_the_request_to_the_job(lines, house):
    from organisations.jobs.outbox import ask_for

    row = ask_for("tests.nothing", organisation_id=house.pk, object_id=house.pk)
    assert any(str(row.pk) in line["event"] for line in parsed(lines))


def test_a_librarys_sentence_keeps_its_numbers_only(lines):
    logging.getLogger("kombu").warning("Lost %s after %d tries: %r", CLIENT_WORDS, 3, NAME)
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] %(description)s: %(exc)s", {"name": "a.b", "id": "7", "description": "x", "exc": NAME}
    )
    logging.getLogger("django.security.Whatever").error(f"Bad {NAME}")
    assert [line["event"] for line in parsed(lines)] == ["Lost … after 3 tries: '…'", "Task a.b[7] x: …", "refused"]


def test_without_the_filter_the_same_lines_would_tell(lines, monkeypatch):
    """The control: the canaries are there to be found."""
    monkeypatch.setattr(PrivateFilter, "filter", lambda self, record: True)
    logging.getLogger("kombu").warning("Lost %s", CLIENT_WORDS)
    try:
        raise ValueError(EVERYTHING)
    except ValueError:
        logging.getLogger("sessions_app").exception("failed")
    assert found(lines.getvalue()) == list(CANARIES)


def test_nothing_outside_the_list_of_fields_is_written(lines):
    logging.getLogger("sessions_app").info("said", extra={"client": NAME, "task": "known"})
    [line] = parsed(lines)
    assert line["task"] == "known"
    assert NAME not in lines.getvalue()


@pytest.mark.django_db
def test_statements_are_not_logged(lines):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [NAME])
    assert NAME not in lines.getvalue()
