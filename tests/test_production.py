"""What production refuses to start with, said at once; and that Django's own deployment check finds nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from fit_project.environment import DEMO_KEY, TOKEN_LENGTH, faults, with_password
from organisations.database import role

ROOT = Path(__file__).resolve().parent.parent
KEY = "".join(chr(97 + number % 26) for number in range(60))
SAFE = {
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": [KEY[::-1]],
    "SITE_URL": "https://fit.example.org",
    "ALLOWED_HOSTS": ["fit.example.org"],
    "DATABASE_URL": "postgresql://fit_app@db/medspil",
    "OWNER_DATABASE_URL": "postgresql://fit_owner@db/medspil",
    "DEBUG": False,
    "BROKER_URL": "redis://broker/0",
    "METRICS_TOKEN": "m" * TOKEN_LENGTH,
}
SURROUNDINGS = {
    "MEDSPIL_ENV": "production",
    "SECRET_KEY": KEY,
    "SITE_URL": "https://fit.example.org",
    "ALLOWED_HOSTS": "fit.example.org",
    "DATABASE_URL": "postgresql://fit_app@127.0.0.1:1/none",
    "BROKER_URL": "redis://127.0.0.1:1/0",
}


def run(*command, surroundings, cwd=ROOT):
    """A program in these surroundings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=kept | surroundings, capture_output=True, text=True, timeout=120
    )


def test_safe_settings_have_no_fault():
    assert faults("production", SAFE) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": DEMO_KEY}, "key of a demo"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "key of a demo"),
        ({"SECRET_KEY": KEY[:49]}, "too weak"),
        ({"SECRET_KEY": "ab" * 40}, "too weak"),
        ({"SECRET_KEY_FALLBACKS": [KEY, "short"]}, "SECRET_KEY_FALLBACKS is too weak"),
        ({"DEBUG": True}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": ["fit.example.org", "*"]}, "wildcard"),
        ({"ALLOWED_HOSTS": [".example.org"]}, "wildcard"),
        ({"ALLOWED_HOSTS": ["other.example.org"]}, "does not hold the host"),
        ({"SITE_URL": ""}, "https://"),
        ({"SITE_URL": "http://fit.example.org"}, "https://"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x"}, "not PostgreSQL"),
        ({"DATABASE_URL": "postgresql://fit_owner@db/medspil"}, "same role"),
        ({"BROKER_URL": ""}, "BROKER_URL is not set"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short"),
    ],
)
def test_a_fault_is_one_sentence(change, words):
    [sentence] = faults("production", SAFE | change)
    assert words in sentence


def test_only_production_is_refused_but_a_misspelt_name_is_no_demo():
    assert faults("demo", SAFE | {"DEBUG": True}) == []
    assert len(faults("prod", SAFE)) == 1


def test_all_faults_are_said_at_once_and_nothing_starts():
    wrong = SURROUNDINGS | {
        "SECRET_KEY": "short",
        "DEBUG": "1",
        "ALLOWED_HOSTS": "*",
        "SITE_URL": "http://x",
        "PORT": "a",
    }
    ended = run("manage.py", "relay", surroundings=wrong)
    assert ended.returncode == 1
    for words in ("too weak", "DEBUG is on", "wildcard", "https://", "PORT: Not a valid integer"):
        assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 6


def test_the_web_server_and_the_worker_do_not_start_either():
    wrong = SURROUNDINGS | {"DEBUG": "1"}
    web = run("-m", "gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi", surroundings=wrong)
    assert web.returncode != 0
    assert web.stderr.strip().endswith("DEBUG is on: it shows a client's data on error pages.")
    worker = run("-m", "celery", "-A", "fit_project", "worker", surroundings=wrong)
    assert worker.returncode != 0
    assert "DEBUG is on" in worker.stderr


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text(KEY + "\n")
    surroundings = {name: value for name, value in SURROUNDINGS.items() if name != "SECRET_KEY"}
    script = "from django.conf import settings; print(settings.SECRET_KEY, settings.DATABASES['default']['PASSWORD'])"
    (tmp_path / "password").write_text("a:b/c@d%\n")
    surroundings |= {
        "SECRET_KEY_FILE": str(tmp_path / "key"),
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "DJANGO_SETTINGS_MODULE": "fit_project.settings",
    }
    assert run("-c", script, surroundings=surroundings).stdout.split() == [KEY, "a:b/c@d%"]
    ended = run("manage.py", "check", surroundings=surroundings | {"SECRET_KEY_FILE": "/nowhere"})
    assert ended.returncode == 1
    assert "SECRET_KEY_FILE names a file that cannot be read" in ended.stderr


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://fit_app@db:5432/x", "postgresql://fit_app:p%2F@db:5432/x"),
        ("postgresql://fit_app:old@db/x", "postgresql://fit_app:p%2F@db/x"),
        ("redis://broker:6379/0", "redis://:p%2F@broker:6379/0"),
    ],
)
def test_a_password_goes_into_an_address(url, wanted):
    assert with_password(url, "p/") == wanted
    assert with_password(url, "") == url


@pytest.mark.parametrize(("set_to", "wanted"), [({}, "3"), ({"PREPARED_STATEMENTS": "false"}, "None")])
def test_statements_are_prepared_unless_the_pool_cannot_keep_them(set_to, wanted):
    told = "from fit_project.settings import DATABASES as d; print(d['default']['OPTIONS'])"
    with_tls = {"DATABASE_URL": "postgresql://fit_app@db.example.org/medspil?sslmode=verify-full"}
    ended = run("-c", told, surroundings=SURROUNDINGS | with_tls | set_to)
    assert f"'prepare_threshold': {wanted}" in ended.stdout, ended.stderr
    assert "verify-full" in ended.stdout, "the address's own options are kept"


def test_a_warning_is_a_line_of_the_log():
    program = "import django, warnings; django.setup(); warnings.warn('old ways', RuntimeWarning)"
    ended = run("-c", program, surroundings=SURROUNDINGS | {"DJANGO_SETTINGS_MODULE": "fit_project.settings"})
    [line] = ended.stderr.splitlines()
    assert "old ways" in json.loads(line)["event"]


def test_djangos_deployment_check_finds_nothing():
    ended = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", surroundings=SURROUNDINGS)
    assert ended.returncode == 0, ended.stderr
    assert "no issues (0 silenced)" in ended.stdout
    loud = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", surroundings={"MEDSPIL_ENV": "demo"})
    assert loud.returncode != 0, "the same check sees an unsafe configuration"


def test_nothing_is_silenced(settings):
    assert settings.SILENCED_SYSTEM_CHECKS == []


# The role of the database


@pytest.fixture
def bypassing_role(monkeypatch):
    """What a superuser, or a role with BYPASSRLS, would be told."""
    monkeypatch.setattr(role, "QUERY", "SELECT true")


@pytest.mark.django_db
def test_the_tests_own_role_is_bound():
    assert not role.bypasses()
    role.refuse_bypassing(None, connection)


@pytest.mark.django_db
def test_the_query_sees_both_kinds_of_role():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles "
            "WHERE rolname IN ('fit_app', 'fit_owner', 'postgres')"
        )
        assert dict(cursor.fetchall()) == {"fit_app": False, "fit_owner": True, "postgres": True}


def test_a_bypassing_role_is_refused_before_the_first_statement(bypassing_role, db):
    class Fake:
        alias = "default"
        closed = False

        cursor = connection.cursor

        def close(self):
            self.closed = True

    fake = Fake()
    with pytest.raises(role.RoleBypassesRowSecurity):
        role.refuse_bypassing(None, fake)
    assert fake.closed
    fake.alias = "owner"
    role.refuse_bypassing(None, fake)


@pytest.mark.parametrize("command", [["manage.py", "relay"], ["-m", "celery", "-A", "fit_project", "worker"]])
def test_no_process_starts_as_the_owner(command):
    owner = SURROUNDINGS | {"DATABASE_URL": os.environ["OWNER_DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"}
    ended = run(*command, surroundings=owner)
    assert ended.returncode != 0
    assert "bypasses row security" in ended.stderr


def test_the_web_server_does_not_start_as_the_owner():
    owner = SURROUNDINGS | {"DATABASE_URL": os.environ["OWNER_DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"}
    ended = run("-m", "gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi", surroundings=owner)
    assert ended.returncode == 1
    assert "bypasses row security" in ended.stderr
