"""What the run needs of a machine, its commands, and how a step is run."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

PACKAGES = "podman buildah runc netavark aardvark-dns iptables catatonit debootstrap redis-tools"
PROGRAMS = ("podman", "buildah", "runc", "debootstrap", "iptables", "redis-cli", "git")
HELPERS = {
    "catatonit": ("/usr/bin", "/usr/libexec/podman", "/usr/lib/podman"),
    "netavark": ("/usr/lib/podman", "/usr/libexec/podman", "/usr/bin"),
    "aardvark-dns": ("/usr/lib/podman", "/usr/libexec/podman", "/usr/bin"),
}
GIGABYTES = 11  # the driver vfs copies each image for each container
SYS_ADMIN = 21  # the number of the capability


class StepFailed(Exception):
    """A step did not do what it should; its words are the end of what it said."""


def missing(folder: Path) -> list[str]:
    """Why it cannot run here, a sentence each; nothing where it can."""
    found = []
    if not _has_sys_admin():
        found.append("CAP_SYS_ADMIN is not there (root of a machine, or of a container that has it)")
    programs = [name for name in PROGRAMS if shutil.which(name) is None]
    helpers = [name for name, places in HELPERS.items() if not any((Path(place) / name).exists() for place in places)]
    if absent := [*programs, *helpers]:
        found.append(f"not installed: {', '.join(absent)} (apt-get install --no-install-recommends {PACKAGES})")
    free = shutil.disk_usage(folder).free / 1e9
    if free < GIGABYTES:
        found.append(f"{free:.0f} GB are free under {folder}, {GIGABYTES} are needed")
    return found


def _has_sys_admin() -> bool:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return False
    [effective] = [line.split()[1] for line in lines if line.startswith("CapEff:")]
    return bool(int(effective, 16) >> SYS_ADMIN & 1)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> str:
    """What a command says; StepFailed with its last words where it ends with another status than 0."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = done.stdout.decode(errors="replace")
    if done.returncode:
        raise StepFailed(f"{' '.join(command[:6])} ended with {done.returncode}:\n{said[-2000:]}")
    return said


class Steps:
    """Prints each step with its seconds."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def done(self, words: str) -> None:
        now = time.monotonic()
        say(f"  {words}: {now - self.at:.0f} s")
        self.at = now
