"""The locked packages are installed whatever others have released since, by uv or by pip, as pip is told here."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fit_project.local import install
from tests.local.installing import Place
from tests.local.package_index import NEWER, Index, pins

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("demo.txt", "dev.txt")
# The oldest and the newest pip of any Python that Medspil runs on; beside them the one that this Python brings.
PIPS = {
    "22.3": "1daab4b8d3b97d1d763caeb01a4640a2250a0ea899e257b1e44b9eded91e15ab",
    "26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
}
BROUGHT = "the one that this Python brings"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Every package of our locks with its own needs, empty, and a newer release of each; uv with its program."""
    index = Index(tmp_path_factory.mktemp("index"))
    for pin in pins((ROOT / "requirements/dev.txt").read_text()):
        metadata = distribution(pin.name).metadata
        needs, extras = metadata.get_all("Requires-Dist") or [], metadata.get_all("Provides-Extra") or []
        program = install.UV if pin.name == "uv" else None
        for version in (pin.version, NEWER):
            index.release(pin.name, version, needs=needs, extras=extras, program=program)
    return index


@pytest.fixture(scope="module")
def pip_wheels(tmp_path_factory):
    """`pip_wheels(version)`: pip's wheel, from the index that pip knows here."""
    folder = tmp_path_factory.mktemp("pips")

    def wheel(version: str) -> Path:
        if os.environ.get("MEDSPIL_DEMAND_INDEX") != "1":
            pytest.skip(f"NOT RUN: pip {version} is fetched only where MEDSPIL_DEMAND_INDEX=1, as in .ci/run")
        pinned = folder / f"{version}.txt"
        pinned.write_text(f"pip=={version} --hash=sha256:{PIPS[version]}\n")
        command = [sys.executable, "-m", "pip", "-qqq", "download", "--no-deps", "--require-hashes", "-r", pinned]
        subprocess.run([*command, "-d", folder], check=True)
        (found,) = folder.glob(f"pip-{version}-*.whl")
        return found

    return wheel


@pytest.fixture
def place(tmp_path, index):
    """A machine whose pip is told of the index of the tests; the locks hold that index's hashes."""
    place = Place(tmp_path)
    for name in LOCKS:
        lock = (ROOT / "requirements" / name).read_text()
        (tmp_path / "requirements" / name).write_text(index.lock(pins(lock)))
    place.tell_pip(index_url=index.url)
    return place


def wanted(place: Place, name: str) -> set[tuple[str, str]]:
    return {(pin.name, pin.version) for pin in pins((place.home / "requirements" / name).read_text())}


def uv_pin() -> tuple[str, str]:
    lock = pins((ROOT / "requirements/dev.txt").read_text())
    return next((pin.name, pin.version) for pin in lock if pin.name == "uv")


@pytest.mark.parametrize("name", LOCKS)
def test_uv_installs_what_is_locked_though_everything_has_a_newer_release(place, name):
    made = place.install(name)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines() == [
        "Creating the virtual environment ...",
        "Installing uv, which installs the rest ...",
        f"Installing the Python packages ({len(wanted(place, name))}) ...",
    ]
    assert place.installed() == wanted(place, name) | {uv_pin()}


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("version", [BROUGHT, *PIPS])
def test_pip_installs_what_is_locked_though_everything_has_a_newer_release(place, pip_wheels, name, version):
    if version != BROUGHT:
        place.make_venv()
        place.unpack(pip_wheels(version))
    made = place.install(name, PIP_ONLY_BINARY=":all:")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[1:] == [
        "Without uv this time (pip's settings hold what uv does not know: only-binary).",
        f"Installing the Python packages ({len(wanted(place, name))}) with pip (takes about a minute) ...",
    ]
    assert place.installed() == wanted(place, name)


# The locks themselves

EXTRAS = {"base.txt": (), "demo.txt": ("demo",), "dev.txt": ("demo", "dev")}


def missing(lock: str, extras: tuple[str, ...]) -> list[str]:
    """What pyproject.toml needs, and what that needs in turn, with its extras, that the lock does not pin."""
    locked = {pin.name: pin.version for pin in pins(lock)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    waiting, seen, found = [Requirement(line) for line in lines], set(), []
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        if name not in locked or not need.specifier.contains(locked[name], prereleases=True):
            found.append(str(need))
        for extra in {"", *need.extras} if name in locked else ():
            if (name, extra) not in seen:
                seen.add((name, extra))
                lines = (Requirement(line) for line in distribution(name).requires or [])
                waiting += [line for line in lines if line.marker is None or line.marker.evaluate({"extra": extra})]
    return found


@pytest.mark.parametrize("name", EXTRAS)
def test_a_lock_is_whole(name):
    assert missing((ROOT / "requirements" / name).read_text(), EXTRAS[name]) == []


@pytest.mark.parametrize(
    "taken", ["vine==5.1.0", "brotli==1.2.1", "fido2==2.2.1"], ids=["a need", "an extra of ours", "a need of an extra"]
)
def test_a_lock_that_lacks_a_package_is_seen(taken):
    lock = (ROOT / "requirements/base.txt").read_text()
    assert f"\n{taken}" in lock
    assert missing(lock.replace(taken, ""), EXTRAS["base.txt"])


def test_a_pin_that_does_not_fit_is_seen():
    lock = (ROOT / "requirements/base.txt").read_text()
    assert missing(lock.replace("vine==5.1.0", "vine==4.0.0"), EXTRAS["base.txt"])
