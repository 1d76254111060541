"""`make compose-check [AGAINST=commit]`: the compose file as a whole comes up, is upgraded, is restored from a dump.

NOT RUN with the reason, and status 0, where the machine does not allow it. Takes some minutes and 11 GB. AGAINST is the
version before, whose image runs first (the commit before this one, if nothing is said). What is committed is run.
"""

import argparse
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path
from typing import Any

import yaml

from bench.compose.images import ROOT, Images
from bench.compose.machine import StepFailed, Steps, missing, run, say

PORT = 8765
COMPOSE = "podman-compose==1.5.0"
FIRST = ("postgres", "broker", "migrate")  # the others wait for them
PATIENCE = 180  # seconds until a container has to be well
COUNTS = "SELECT count(*) FROM organisations_organisation; SELECT count(*) FROM django_migrations;"


def main() -> int:
    """0 where all of it held, or nothing could be run; 1 else."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--against", default="HEAD~1", help="the version before")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="medspil-compose-") as name:
        folder = Path(name)
        if reasons := missing(folder):
            say("compose-check NOT RUN: " + "; ".join(reasons))
            return 0
        before, now = _commit(arguments.against), _commit("HEAD")
        whole = Whole(folder)
        try:
            whole.check(before, now)
        except StepFailed as failed:
            say(f"compose-check FAILED: {failed}")
            return 1
        finally:
            whole.end()
    say("compose-check: it came up, was upgraded and was restored")
    return 0


def _secret(name: str) -> str:
    """What operations.md has written into the file of that name."""
    if name == "word_keys":
        return f"first {secrets.token_hex(32)}\n"
    return "" if name == "email_password" else secrets.token_urlsafe(48)


def _commit(name: str) -> str:
    return run("git", "rev-parse", "--short=12", f"{name}^{{commit}}", cwd=ROOT).strip()


class Whole:
    """The services of the compose file, in the order in which podman needs them to be started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.steps = folder, Steps()
        self.images = Images(folder, self.steps)
        self.project = ""
        self.file: dict[str, Any] = {}

    def check(self, before: str, now: str) -> None:
        """From nothing to a restore; StepFailed where something does not hold."""
        venv.create(self.folder / "compose", with_pip=True)
        run(str(self.folder / "compose/bin/pip"), "install", "--quiet", COMPOSE)
        self.images.make_those_of_others()
        for version in dict.fromkeys((before, now)):
            self.images.make_own(version)
        self.begin(before, "first")
        self.come_up()
        self.add_organisation()
        counted, dump = self.counts(), self.dump()
        self.steps.done(f"{before} is up, all services are well, an organisation is there, dumped")
        self.begin(now, "first")
        self.come_up()
        _same("organisations after the upgrade", counted[0], self.counts()[0])
        self.steps.done(f"upgraded to {now}")
        self.compose("down", "-v")
        self.begin(now, "second")
        self.start("postgres", "broker")
        self.restore(dump)
        self.come_up()
        _same("organisations after the restore", counted[0], self.counts()[0])
        self.steps.done("a new installation was restored from the dump")

    def begin(self, version: str, project: str) -> None:
        """From now on these files and this image; the volumes are those of the project."""
        self.source, self.project = self.images.source(version), f"medspil{project}"
        self.images.podman("tag", f"localhost/medspil:{version}", "localhost/medspil:latest")
        place = self.source / "secrets"
        kept = self.folder / f"secrets-{project}"
        kept.mkdir(mode=0o700, exist_ok=True)
        self.file = yaml.safe_load((self.source / "docker-compose.yml").read_text())
        for name in self.file["secrets"]:
            if not (kept / name).exists():
                earlier = self.folder / "secrets-first" / name
                # The key of the words goes along with a dump, as operations.md tells; nothing else does.
                goes_along = name == "word_keys" and earlier.exists()
                (kept / name).write_text(earlier.read_text() if goes_along else _secret(name))
                (kept / name).chmod(0o444)
        if place.exists():
            run("rm", "-rf", str(place))
        run("cp", "-a", str(kept), str(place))
        given = f"ALLOWED_HOSTS=fit.example.org\nSITE_URL=https://fit.example.org\nPORT={PORT}\n"
        given += "EMAIL_HOST=mail.example.org\nDEFAULT_FROM_EMAIL=medspil@example.org\n"
        (self.source / ".env").write_text(given)

    def come_up(self) -> None:
        """In three steps: podman below 4.6 does not wait for "healthy", and without systemd nobody asks by itself."""
        self.start("postgres", "broker")
        self.compose("up", "-d", "--no-build", "--no-deps", "--force-recreate", "migrate")
        status = self.images.podman("wait", self.name_of("migrate")).strip()
        _same("the migration's status", "0", status)
        self.compose("up", "-d", "--no-build", "--no-deps", "--force-recreate", *self.others())
        for service in self.others():
            self.wait_for(service)
        for page in ("/healthz", "/readyz"):
            _same(page, 200, _status_of(page))

    def others(self) -> list[str]:
        """The services of this version that work once the database is up to date."""
        return [name for name in self.file["services"] if name not in FIRST]

    def start(self, *services: str) -> None:
        self.compose("up", "-d", "--no-build", *services)
        for service in services:
            self.wait_for(service)

    def wait_for(self, service: str) -> None:
        """Until its own health check says that it is well."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            command = ["podman", "healthcheck", "run", self.name_of(service)]
            if subprocess.run(command, env=self._env(), capture_output=True).returncode == 0:
                return
            time.sleep(2)
        logs = self.images.podman("logs", "--tail", "30", self.name_of(service))
        raise StepFailed(f"{service} is not well after {PATIENCE} s:\n{logs}")

    def add_organisation(self) -> None:
        command = "python manage.py create_organisation check --name Check --country DK --admin check@example.org"
        self.images.podman("exec", self.name_of("web"), *command.split())

    def counts(self) -> list[str]:
        return self._in_postgres("psql", "-U", "postgres", "-d", "medspil", "-Atc", COUNTS).split()

    def dump(self) -> bytes:
        command = [*self._exec(), "pg_dump", "-U", "fit_owner", "-Fc", "medspil"]
        return subprocess.run(command, env=self._env(), stdout=subprocess.PIPE, check=True).stdout

    def restore(self, dump: bytes) -> None:
        command = ("pg_restore", "-U", "postgres", "-d", "medspil", "--exit-on-error", "--clean", "--if-exists")
        run(*self._exec(), *command, env=self.images.env, stdin=dump)

    def compose(self, *words: str) -> str:
        program = str(self.folder / "compose/bin/podman-compose")
        return run(program, "-p", self.project, *words, cwd=self.source, env=self.images.env)

    def name_of(self, service: str) -> str:
        return f"{self.project}_{service}_1"

    def end(self) -> None:
        """Nothing of it stays."""
        for project in ("medspilfirst", "medspilsecond"):
            self.project = project
            if hasattr(self, "source"):
                _tried(self.compose, "down", "-v")
        _tried(self.images.podman, "rmi", "--all", "--force")

    def _in_postgres(self, *words: str) -> str:
        return run(*self._exec(), *words, env=self.images.env)

    def _exec(self) -> list[str]:
        return ["podman", "exec", "-i", self.name_of("postgres")]

    def _env(self) -> dict[str, str]:
        import os

        return {**os.environ, **self.images.env}


def _tried(act, *words: str) -> None:
    try:
        act(*words)
    except (StepFailed, OSError) as failed:
        say(f"  not tidied: {str(failed)[:200]}")


def _same(what: str, wanted: object, found: object) -> None:
    if wanted != found:
        raise StepFailed(f"{what}: {found} instead of {wanted}")


def _status_of(page: str) -> int:
    headers = {"Host": "fit.example.org", "X-Forwarded-Proto": "https"}
    asked = urllib.request.Request(f"http://127.0.0.1:{PORT}{page}", headers=headers)
    for _attempt in range(30):
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            status = refused.code
        except OSError:
            status = 0
        time.sleep(2)
    return status


if __name__ == "__main__":
    sys.exit(main())
