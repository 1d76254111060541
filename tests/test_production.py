"""What production refuses to start with, said at once; and that Django's own deployment check finds nothing."""

import ast
import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fit_project.environment import DEMO_KEY, TOKEN_LENGTH, faults, with_password
from fit_project.run_env import write_run_env

ROOT = Path(__file__).resolve().parent.parent
KEY = "".join(chr(97 + number % 26) for number in range(60))
WORD_KEYS = str(Path(os.environ["MEDSPIL_DATA"]) / "word-keys-of-production")
Path(WORD_KEYS).write_text(f"2026 {'5e' * 32}\n")
Path(WORD_KEYS).chmod(0o400)
SAFE = {
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": [KEY[::-1]],
    "SITE_URL": "https://fit.example.org",
    "ALLOWED_HOSTS": ["fit.example.org"],
    "DATABASE_URL": "postgresql://fit_app@db/medspil",
    "OWNER_DATABASE_URL": "postgresql://fit_owner@db/medspil",
    "DATABASE_REPLICA_URL": "postgresql://fit_app@replica/medspil",
    "DEBUG": False,
    "BROKER_URL": "redis://broker/0",
    "METRICS_TOKEN": "m" * TOKEN_LENGTH,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_HOST_USER": "medspil",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "Medspil <medspil@example.org>",
    "DATA_FOLDER": os.environ["MEDSPIL_DATA"],
    "SEALING_KEYS_FILE": "/nowhere/sealing-keys.json",
    "WORD_KEYS_FILE": WORD_KEYS,
    "WORD_KEYS_ADDRESS": "",
    "WORD_KEYS_TOKEN": "",
    "SESSION_IDLE_MINUTES": 30,
    "SESSION_HOURS": 8,
}
SURROUNDINGS = {
    "MEDSPIL_ENV": "production",
    "SECRET_KEY": KEY,
    "SITE_URL": "https://fit.example.org",
    "ALLOWED_HOSTS": "fit.example.org",
    "DATABASE_URL": "postgresql://fit_app@127.0.0.1:1/none",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "TRUSTED_PROXIES": "1",
    "EMAIL_HOST": "mail.example.org",
    "DEFAULT_FROM_EMAIL": "medspil@example.org",
    "MEDSPIL_DATA": os.environ["MEDSPIL_DATA"],
    "WORD_KEYS_FILE": WORD_KEYS,
}
VAULT = "https://vault.example.org/v1/transit/keys/medspil"
COMMANDS = {
    "check": ["manage.py", "check"],
    "relay": ["manage.py", "relay"],
    "web": ["-m", "gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi"],
    "worker": ["-m", "celery", "-A", "fit_project", "worker"],
    "beat": ["-m", "celery", "-A", "fit_project", "beat"],
}


def run(*command, surroundings, cwd=ROOT, **options):
    """A program in these surroundings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    program = [sys.executable, *command]
    return subprocess.run(
        program, cwd=cwd, env=kept | surroundings, capture_output=True, text=True, timeout=120, **options
    )


def address_of(role, database="postgres"):
    """Where a role reaches a database of the tests' server."""
    server = os.environ["DATABASE_URL"]
    return server.rpartition("/")[0].replace("fit_app@", f"{role}@") + f"/{database}"


def said_by(ended):
    """The sentences with which a program refused to start; nothing but them."""
    assert ended.returncode == 1, ended.stderr
    title, *sentences = ended.stderr.strip().splitlines()
    assert title == "Medspil does not start:", ended.stderr
    return [sentence.removeprefix("- ") for sentence in sentences]


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
        ({"DATABASE_REPLICA_URL": "sqlite:///x"}, "DATABASE_REPLICA_URL is not PostgreSQL"),
        ({"DATABASE_REPLICA_URL": "postgresql://fit_app@db/medspil"}, "DATABASE_REPLICA_URL is DATABASE_URL"),
        ({"DATABASE_REPLICA_URL": "postgresql://postgres@replica/medspil"}, "names another role"),
        ({"DATABASE_REPLICA_URL": "postgresql://replica/medspil"}, "names another role"),
        ({"BROKER_URL": ""}, "BROKER_URL is not set"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short"),
        ({"BROKER_URL": "memory://"}, "no address of Redis"),
        ({"BROKER_URL": "filesystem://"}, "no address of Redis"),
        ({"BROKER_URL": "redis:///0"}, "no address of Redis"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": None}, "TRUSTED_PROXIES is not set"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "TRUSTED_PROXIES is less than 1"),
        ({"EMAIL_HOST": ""}, "EMAIL_HOST is not set"),
        ({"EMAIL_USE_TLS": False}, "EMAIL_USE_TLS is off"),
        ({"DEFAULT_FROM_EMAIL": ""}, "DEFAULT_FROM_EMAIL is not set"),
        ({"DEFAULT_FROM_EMAIL": "medspil@localhost"}, "no address that others can answer"),
        ({"DATA_FOLDER": ""}, "MEDSPIL_DATA is not set"),
        ({"DATA_FOLDER": "var"}, "no absolute path"),
        ({"DATA_FOLDER": "/nowhere/at/all"}, "is not there"),
        ({"WORD_KEYS_FILE": ""}, "Neither WORD_KEYS_FILE nor WORD_KEYS_ADDRESS"),
        ({"WORD_KEYS_FILE": "/nowhere/at/all"}, "holds no keys: it cannot be read"),
        ({"WORD_KEYS_FILE": "/dev/null"}, "everybody on this machine can write"),
        ({"WORD_KEYS_FILE": __file__}, "holds no keys"),
        ({"WORD_KEYS_ADDRESS": VAULT}, "WORD_KEYS_TOKEN is not set"),
        ({"WORD_KEYS_ADDRESS": VAULT.replace("https", "http"), "WORD_KEYS_TOKEN": "t"}, "no address of a key"),
        ({"WORD_KEYS_ADDRESS": "https://vault.example.org", "WORD_KEYS_TOKEN": "t"}, "no address of a key"),
        ({"SESSION_HOURS": 25}, "SESSION_HOURS is not from 1 to 24"),
        ({"SESSION_IDLE_MINUTES": -1}, "SESSION_IDLE_MINUTES is not from 1"),
    ],
)
def test_a_fault_is_one_sentence(change, words):
    [sentence] = faults("production", SAFE | change)
    assert words in sentence


@pytest.mark.parametrize(
    "change", [{"EMAIL_HOST_USER": "", "EMAIL_USE_TLS": False}, {"EMAIL_HOST": "localhost", "EMAIL_USE_TLS": False}]
)
def test_a_password_that_nobody_can_read_on_its_way_is_no_fault(change):
    assert faults("production", SAFE | change) == []


def test_a_service_that_keeps_the_keys_needs_no_file():
    assert faults("production", SAFE | {"WORD_KEYS_ADDRESS": VAULT, "WORD_KEYS_TOKEN": "t", "WORD_KEYS_FILE": ""}) == []


def test_only_production_is_refused_but_a_misspelt_name_is_no_demo():
    assert faults("demo", SAFE | {"DEBUG": True}) == []
    assert len(faults("prod", SAFE)) == 1


# Through the commands themselves


@pytest.mark.parametrize("name", COMMANDS)
def test_without_medspil_env_nothing_starts(name, tmp_path):
    """Nor does it where everything else is there: production that was not said to be it."""
    for others in ({"MEDSPIL_DATA": str(tmp_path)}, SURROUNDINGS | {"MEDSPIL_ENV": ""}):
        [sentence] = said_by(run(*COMMANDS[name], surroundings=others))
        assert "MEDSPIL_ENV is not set" in sentence


def test_a_running_demo_says_to_the_commands_of_its_folder_that_it_is_meant(tmp_path):
    told = "from fit_project.settings import ENVIRONMENT, BROKER_URL; print(ENVIRONMENT, BROKER_URL)"
    write_run_env(tmp_path, {"MEDSPIL_ENV": "demo", "BROKER_URL": "redis://demo/0"})
    folder = {"MEDSPIL_DATA": str(tmp_path)}
    assert run("-c", told, surroundings=folder).stdout.split() == ["demo", "redis://demo/0"]
    assert run("-c", told, surroundings=folder | {"MEDSPIL_ENV": "test"}).stdout.split() == ["test", "redis://demo/0"]
    elsewhere = folder | {"DATABASE_URL": SURROUNDINGS["DATABASE_URL"]}
    assert "MEDSPIL_ENV is not set" in run("-c", told, surroundings=elsewhere).stderr


def test_nothing_set_is_said_in_one_list():
    [*sentences] = said_by(run("manage.py", "check", surroundings={"MEDSPIL_ENV": "production"}))
    names = ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "DATABASE_URL", "BROKER_URL"]
    names += ["EMAIL_HOST", "DEFAULT_FROM_EMAIL", "MEDSPIL_DATA", "Neither"]
    assert [sentence.split()[0] for sentence in sentences] == names


def test_all_faults_are_said_at_once_and_nothing_starts(tmp_path):
    keys = tmp_path / "keys.json"
    keys.touch(mode=0o644)
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    wrong = SURROUNDINGS | {
        "SECRET_KEY": "short",
        "SECRET_KEY_FALLBACKS": DEMO_KEY,
        "DEBUG": "1",
        "ALLOWED_HOSTS": "*",
        "SITE_URL": "http://x",
        "PORT": "a",
        "TRUSTED_PROXIES": "0",
        "OWNER_DATABASE_URL": SURROUNDINGS["DATABASE_URL"],
        "BROKER_URL": "memory://",
        "EMAIL_HOST_USER": "medspil",
        "DEFAULT_FROM_EMAIL": "medspil@localhost",
        "MEDSPIL_DATA": str(tmp_path / "data"),
        "SEALING_KEYS_FILE": str(keys),
        "WORD_KEYS_FILE": str(tmp_path / "nowhere"),
        "SESSION_HOURS": "100",
        "SESSION_IDLE_MINUTES": "-1",
        "METRICS_TOKEN": "short",
    }
    expected = (
        *("too weak", "key of a demo", "https://", "wildcard", "TRUSTED_PROXIES is less", "same role", "DEBUG is on"),
        *(
            "no address of Redis",
            "EMAIL_USE_TLS is off",
            "others can answer",
            "MEDSPIL_DATA names",
            "SEALING_KEYS_FILE",
            "WORD_KEYS_FILE names a file that holds no keys: it cannot be read",
        ),
        *("SESSION_HOURS", "SESSION_IDLE_MINUTES", "METRICS_TOKEN", "PORT: Not a valid integer"),
    )
    sentences = said_by(run("manage.py", "relay", surroundings=wrong))
    assert len(sentences) == len(expected)
    for words, sentence in zip(expected, sentences, strict=True):
        assert words in sentence


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_settings_refuse_no_process_starts_with(name):
    [sentence] = said_by(run(*COMMANDS[name], surroundings=SURROUNDINGS | {"DEBUG": "1"}))
    assert sentence == "DEBUG is on: it shows a client's data on error pages."


def without_roots_rights():
    """Of a process of root's: let the rights of files bind it like anybody (PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("mode", "words"),
    [(0o500, "cannot write"), (0o704, "read or write: chmod 700"), (0o702, "read or write: chmod 700")],
)
def test_a_data_folder_that_is_closed_to_us_or_open_to_others_is_refused(tmp_path, mode, words):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    options = {"preexec_fn": without_roots_rights} if os.geteuid() == 0 else {}
    surroundings = SURROUNDINGS | {"MEDSPIL_DATA": str(folder)}
    [sentence] = said_by(run("manage.py", "check", surroundings=surroundings, **options))
    assert words in sentence


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
    assert with_password("", "p/") == ""


@pytest.mark.parametrize(("set_to", "wanted"), [({}, "3"), ({"PREPARED_STATEMENTS": "false"}, "None")])
def test_statements_are_prepared_unless_the_pool_cannot_keep_them(set_to, wanted):
    told = "from fit_project.settings import DATABASES as d; print(d['default']['OPTIONS'])"
    with_tls = {"DATABASE_URL": "postgresql://fit_app@db.example.org/medspil?sslmode=verify-full"}
    ended = run("-c", told, surroundings=SURROUNDINGS | with_tls | set_to)
    assert f"'prepare_threshold': {wanted}" in ended.stdout, ended.stderr
    assert "verify-full" in ended.stdout, "the address's own options are kept"


def test_the_replica_is_asked_like_the_primary_and_not_waited_for():
    given = {"DATABASE_REPLICA_URL": "postgresql://fit_app@replica/medspil?sslmode=require", "DATABASE_PASSWORD": "p"}
    told = "from fit_project.settings import DATABASES; print(DATABASES['default'], DATABASES.get('replica'), sep='|')"
    ended = run("-c", told, surroundings=SURROUNDINGS | given)
    primary, replica = map(ast.literal_eval, ended.stdout.split("|"))
    assert (replica["HOST"], replica["PASSWORD"], replica["ENGINE"]) == ("replica", "p", primary["ENGINE"])
    assert replica["OPTIONS"] == primary["OPTIONS"] | {"connect_timeout": 3, "sslmode": "require"}
    assert not replica.get("ATOMIC_REQUESTS") and primary["ATOMIC_REQUESTS"]
    assert run("-c", told, surroundings=SURROUNDINGS).stdout.strip().endswith("|None")


def test_a_warning_is_a_line_of_the_log():
    program = "import django, warnings; django.setup(); warnings.warn('old ways', RuntimeWarning)"
    ended = run("-c", program, surroundings=SURROUNDINGS | {"DJANGO_SETTINGS_MODULE": "fit_project.settings"})
    [line] = ended.stderr.splitlines()
    assert "old ways" in json.loads(line)["event"]


def test_djangos_deployment_check_finds_nothing():
    reached = SURROUNDINGS | {"DATABASE_URL": address_of("fit_app")}
    ended = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", surroundings=reached)
    assert ended.returncode == 0, ended.stderr
    assert "no issues (0 silenced)" in ended.stdout
    loud = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", surroundings={"MEDSPIL_ENV": "demo"})
    assert loud.returncode != 0, "the same check sees an unsafe configuration"


def test_nothing_is_silenced(settings):
    assert settings.SILENCED_SYSTEM_CHECKS == []


def test_a_check_that_could_not_ask_the_database_says_so():
    ended = run("manage.py", "check", surroundings=SURROUNDINGS)
    assert ended.returncode == 0, ended.stderr
    assert "out of reach" in ended.stderr
