"""docker-compose.yml and Dockerfile: read as files, and each service's command run with its own settings.

The images themselves are NOT RUN by a test: that needs a container engine.
"""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.test_production import KEY

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "relay", "worker", "worker-long", "beat")
RUNNING = ("web", "relay", "worker", "worker-long", "beat")


def test_compose_has_the_database_the_broker_and_each_service_of_ours():
    assert set(SERVICES) == {"postgres", "broker", *OURS}


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_each_service_says_how_it_is(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_ours_run_as_nobody_on_a_file_system_they_cannot_write(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["user"] not in ("0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert any(place.startswith("/tmp") for place in service["tmpfs"])
    assert service["volumes"] == ["files:/data"]


def test_no_secret_stands_in_the_file_and_each_is_a_file():
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(PASSWORD|SECRET_KEY|TOKEN): (?!/run/secrets|\$\{SECRET_KEY_FALLBACKS)", text)
    for name, service in SERVICES.items():
        for secret in service.get("secrets", []):
            assert secret in COMPOSE["secrets"], (name, secret)
        files = [value for value in service.get("environment", {}).values() if "/run/secrets/" in str(value)]
        assert {Path(file).name for file in files} <= set(service["secrets"]), name
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())


def test_only_the_migration_knows_the_owner_and_only_web_is_reached_from_outside():
    assert [name for name in OURS if "OWNER_DATABASE_URL" in SERVICES[name]["environment"]] == ["migrate"]
    assert [name for name in SERVICES if "owner_password" in SERVICES[name]["secrets"]] == ["postgres", "migrate"]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["web"]
    assert SERVICES["web"]["ports"][0].startswith("127.0.0.1:")
    for name in OURS:
        assert SERVICES[name]["environment"]["DATABASE_URL"].startswith("postgresql://fit_app@")
    assert all(
        SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully" for name in RUNNING
    )


def test_the_roles_of_the_database_are_as_the_tests_have_them():
    script = (ROOT / "docs/roles.sh").read_text()
    assert "CREATE ROLE fit_app LOGIN NOSUPERUSER NOBYPASSRLS" in script
    assert "CREATE ROLE fit_owner LOGIN NOSUPERUSER BYPASSRLS" in script
    subprocess.run(["sh", "-n", str(ROOT / "docs/roles.sh")], check=True)


def test_every_variable_that_is_set_is_explained():
    readme = (ROOT / "README.md").read_text()
    for name in OURS:
        for variable in SERVICES[name]["environment"]:
            assert f"`{variable.removesuffix('_FILE')}`" in readme, variable


def test_the_image_is_not_roots_and_holds_no_secret():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users[-1] == SERVICES["web"]["user"]
    assert not any("SECRET_KEY=" in line or "PASSWORD" in line for line in lines)
    assert any("--require-hashes" in line for line in lines)


# Run by hand


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture
def surroundings(tmp_path, broker_environment):
    """The settings of compose, with its secrets in files, on this machine's database and broker."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name in COMPOSE["secrets"]:
        (secrets / name).write_text(KEY + "\n")
    (secrets / "word_keys").write_text(f"2026 {'5e' * 32}\n")
    given = {"ALLOWED_HOSTS": "fit.example.org", "SITE_URL": "https://fit.example.org"}
    given |= {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": "medspil@example.org"}
    (tmp_path / "data").mkdir(mode=0o700)
    here = {"PATH": os.environ["PATH"], "MEDSPIL_DATA": str(tmp_path / "data"), "PORT": str(free_port())}
    broker = broker_environment["BROKER_URL"]
    (secrets / "broker_password").write_text(re.search(r":([^:@]+)@", broker)[1])
    on_this_machine = {
        "DATABASE_URL": broker_environment["DATABASE_URL"],
        "OWNER_DATABASE_URL": broker_environment["OWNER_DATABASE_URL"],
        "BROKER_URL": re.sub(r"//.*@", "//", broker),
    }

    def of(name: str) -> dict[str, str]:
        values = {}
        for variable, value in SERVICES[name]["environment"].items():
            filled = re.sub(
                r"\$\{(\w+):(?:\?|-([^}]*))\}", lambda found: given.get(found[1], found[2] or ""), str(value)
            )
            values[variable] = filled.replace("/run/secrets", str(secrets))
        return here | values | {key: url for key, url in on_this_machine.items() if key in values}

    return of


def command_of(name: str) -> list[str]:
    image = ["gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi"]
    program, *arguments = SERVICES[name].get("command", image)
    return [sys.executable, *arguments] if program == "python" else [sys.executable, "-m", program, *arguments]


@pytest.mark.django_db(transaction=True)
def test_each_service_starts_with_its_own_settings_and_says_that_it_is_well(surroundings, tmp_path):
    migrated = subprocess.run(
        command_of("migrate"), cwd=ROOT, env=surroundings("migrate"), capture_output=True, text=True
    )
    assert migrated.returncode == 0, migrated.stderr
    started, logs = {}, {}
    try:
        for name in RUNNING:
            logs[name] = tmp_path / f"{name}.log"
            with logs[name].open("w") as log:
                started[name] = subprocess.Popen(
                    command_of(name), cwd=ROOT, env=surroundings(name), stdout=log, stderr=log, start_new_session=True
                )
        unwell, deadline = list(RUNNING), time.monotonic() + 90
        while unwell and time.monotonic() < deadline:
            unwell = [name for name in unwell if not well(name, surroundings(name))]
        assert unwell == [], "\n".join(logs[name].read_text()[-2000:] for name in unwell)
        started["relay"].terminate()
        assert started["relay"].wait(30) == 0
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(60)


def well(name: str, env: dict[str, str]) -> bool:
    """What the service's health check says."""
    program, *arguments = SERVICES[name]["healthcheck"]["test"][1:]
    assert program == "python"
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True).returncode == 0
