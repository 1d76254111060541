"""The database and the broker of the tests; settings are read only after the server is there."""

import atexit
import gc
import os

import hypothesis

from tests import server

postgres = server.provide()
if postgres:
    atexit.register(postgres.stop)  # also when pytest ends before its own closing hook

import django  # noqa: E402

django.setup()

import pytest  # noqa: E402
from django.db import connections  # noqa: E402
from pytest_django import fixtures  # noqa: E402

from fit_project.local.broker import Broker  # noqa: E402
from tests.flush import Flush  # noqa: E402
from tests.people import (  # noqa: E402, F401  fixtures for every test
    ada,
    ann,
    ben,
    blue_team,
    browser,
    cleo,
    dora,
    elsewhere,
    episode,
    house,
    lea,
    nils,
    red_team,
    service,
)

# No example is judged by the clock: a busy machine is no fault of the code's.
hypothesis.settings.register_profile("tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("tests")

APPLICATION = connections["default"].settings_dict["USER"]
OWNER = connections["owner"].settings_dict["USER"]
# Files whose few tests take minutes: begun first, so that no process is left alone with one of them at the end.
LONG = (
    "engines/test_layout.py",
    "browser/test_axe.py",
    "browser/test_device.py",
    "test_parameters.py",
    "test_routes.py",
)
flushes: list[Flush] = []  # one, from the first test that uses the database


def pytest_report_header(config):
    """What the first minute is spent on, and which tests cannot run here."""
    from tests.browser.conftest import find_chromium

    processes = getattr(config.option, "numprocesses", None) or 1
    return [
        f"database: {processes} processes, each first migrates one of its own: some seconds without a sign",
        f"browser tests: {find_chromium() or 'NOT RUN, no Chromium'}",
    ]


def pytest_collection_modifyitems(items):
    """The LONG files first; the order within a file, and of the others, stays."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


def pytest_collection(session):
    """Modules are only added while tests are gathered: there is nothing to collect."""
    gc.disable()


def pytest_collection_finish(session):
    """What is loaded by now stays to the end: no collection goes through it again, and there are fewer of them."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_unconfigure():
    connections.close_all()
    if postgres:
        postgres.stop()


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once():
    """WhiteNoise looks for every static file when middleware is loaded, which each test's browser does."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look_for_files, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files(self):
        if not found:
            look_for_files(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files)
        yield


def connect_as(role: str) -> None:
    """Let the default connection be another role's from now on."""
    connection = connections["default"]
    connection.close()
    # A copy: the settings go on naming the application's role, which the migrations grant rights to.
    connection.settings_dict = {**connection.settings_dict, "USER": role}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The test database is created and migrated by the role that owns it, as in production.

    Also where only tests were chosen that ask for it by a fixture of ours (tests/shared_worlds.py): the library makes
    a database for those alone that ask by its own mark, and names it nowhere else.
    """
    named = fixtures._get_databases_for_setup

    def named_and_default(items):
        aliases, serialized = named(items)
        return aliases | {"default"}, serialized

    fixtures._get_databases_for_setup = named_and_default
    connect_as(OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests run as the application's role, which row security binds."""
    with django_db_blocker.unblock():
        connect_as(APPLICATION)
        flush = Flush(server.superuser())
    flush.install()
    flushes.append(flush)
    yield flush
    flushes.remove(flush)
    flush.close()
    connections["owner"].close()
    connect_as(OWNER)


@pytest.fixture(scope="module", autouse=True)
def _room_of_rolled_back_rows():
    """Given back after each file, where its tests used the database."""
    yield
    for flush in flushes:
        flush.reclaim()


@pytest.fixture(autouse=True)
def fresh_limits():
    """Nobody has tried anything yet."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def opened_keys_kept(monkeypatch):
    """A client's key is opened once a test, however slow the machine is: counts of queries do not hang on the clock."""
    from clients.models import word_key

    word_key.forget_opened_keys()
    monkeypatch.setattr(word_key, "KEPT_SECONDS", 3600)


@pytest.fixture(autouse=True)
def fresh_weeks():
    """The sessions of a test lie in weeks one after the other, whatever ran before it in the same process."""
    from tests.factories import SessionFactory

    SessionFactory.reset_sequence(0)


@pytest.fixture(scope="session")
def _broker(tmp_path_factory):
    server = Broker(tmp_path_factory.mktemp("broker"))
    server.start()
    yield server
    server.stop()


def use_broker(app, url: str) -> None:
    """Let Celery publish to another broker; it would go on with the connections that it has."""
    from kombu import pools

    app.conf.broker_url = url
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def broker(_broker, settings):
    """A real broker, empty, with `url`, `stop()` and `start()`; the settings and Celery's app point at it."""
    import redis

    from fit_project.celery import app

    if _broker.process is None:
        _broker.start()
    with redis.Redis.from_url(_broker.url) as connection:
        connection.flushall()
    settings.BROKER_URL = settings.CELERY_BROKER_URL = _broker.url
    before = app.conf.broker_url
    use_broker(app, _broker.url)
    yield _broker
    use_broker(app, before)


@pytest.fixture
def broker_environment(broker):
    """The environment for a child process that uses the test database and the test broker."""
    from django.db import connection

    here = connection.settings_dict
    urls = {
        name: os.environ[name].rsplit("/", 1)[0] + "/" + here["NAME"] for name in ("DATABASE_URL", "OWNER_DATABASE_URL")
    }
    return os.environ | urls | {"BROKER_URL": broker.url}
