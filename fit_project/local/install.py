"""Installs one file of locked requirements into this Python's environment: with uv, or with pip where uv cannot.

A script for fit_project/local/venv.sh; it needs nothing but Python and pip. Nothing is resolved: every package is
pinned with its hash and --no-deps leaves it at that, so a release of somebody else's changes nothing. What pip is told
on this machine (its files and PIP_* variables: an index, certificates, a proxy ...) is handed on to uv, which does not
read it.
"""

import ast
import contextlib
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
UV = Path(sysconfig.get_path("scripts")) / "uv"
UV_PIN = Path("requirements/dev.txt")  # where uv is locked, with the hashes of its wheels
LOCKED = ["--no-deps", "--require-hashes"]

# pip's setting: the variable in which uv reads the same, where the value is the same too.
SAME = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "client-cert": "SSL_CLIENT_CERT",
    "retries": "UV_HTTP_RETRIES",
}
TURNED_INTO = {
    *("cert", "constraint", "default-timeout", "find-links", "keyring-provider", "no-cache-dir", "no-index", "proxy"),
    "timeout",
}
# They change what pip says or keeps, not what is installed into an environment from a lock.
WITHOUT_EFFECT = {
    *("break-system-packages", "cache-dir", "compile", "config-file", "debug", "disable-pip-version-check"),
    *("exists-action", "log", "no-clean", "no-color", "no-compile", "no-deps", "no-input", "no-python-version-warning"),
    *("no-warn-conflicts", "no-warn-script-location", "prefer-binary", "progress-bar", "quiet", "require-hashes"),
    *("require-virtualenv", "root-user-action", "upgrade", "upgrade-strategy", "verbose"),
}
SOURCES = ("index-url", "extra-index-url", "find-links", "no-index")
UV_SOURCES = {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX"}


class Failed(Exception):
    """A program ended badly; its text is what the program said."""

    def last_words(self) -> str:
        lines = [line.strip() for line in str(self).splitlines() if line.strip()]
        return lines[-1] if lines else "it said nothing"


def say(words: str) -> None:
    print(words, flush=True)


def run(*command: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Run a program to its end and return its standard output. Raises Failed."""
    try:
        ended = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise Failed(str(error)) from None
    if ended.returncode:
        raise Failed(ended.stdout + ended.stderr)
    return ended.stdout


# What pip is told here


def pip_settings(listed: str) -> dict[str, str]:
    """The settings of `pip install` out of what `pip config list` prints; the environment comes before the files."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        match = re.fullmatch(r"(global|install|:env:)\.([^=]+)=(.*)", line.strip())
        if match and (value := str(ast.literal_eval(match[3]))):
            found[match[1]][match[2]] = value
    return found["global"] | found["install"] | found[":env:"]


def unknown_to_uv(settings: Mapping[str, str]) -> list[str]:
    """Settings that may change what is installed, and that are not handed on."""
    return sorted(set(settings) - set(SAME) - TURNED_INTO - WITHOUT_EFFECT)


def is_on(value: str) -> bool:
    return value.strip().lower() in {"1", "on", "t", "true", "y", "yes"}


def uv_environment(settings: Mapping[str, str], env: Mapping[str, str], in_files: set[str]) -> dict[str, str]:
    """The environment for uv: `env`, and pip's settings where uv has none of its own (`in_files`: keys of uv.toml)."""
    given = dict(settings)
    if UV_SOURCES & set(env) or {*SOURCES, "index"} & in_files:
        given = {name: value for name, value in given.items() if name not in SOURCES}
    if "allow-insecure-host" in in_files:
        given.pop("trusted-host", None)
    # Hashes say what is right, so any index may bring it, as with pip.
    added = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}
    added |= {SAME[name]: " ".join(value.split()) for name, value in given.items() if name in SAME}
    if "find-links" in given:
        places = given["find-links"].split()
        added["UV_FIND_LINKS"] = ",".join(
            place if "://" in place else str(Path(place).expanduser()) for place in places
        )
    if is_on(given.get("no-index", "")):
        added["UV_NO_INDEX"] = "1"
    if is_on(given.get("no-cache-dir", "")):
        added["UV_NO_CACHE"] = "1"
    if given.get("keyring-provider") in {"import", "subprocess"}:
        added["UV_KEYRING_PROVIDER"] = "subprocess"
    for seconds in ("default-timeout", "timeout"):
        if seconds in given:
            added["UV_HTTP_TIMEOUT"] = str(max(1, round(float(given[seconds]))))
    return added | dict(env) | _way_out(given, env)


def expanded(place: str) -> str:
    """An address as it is, a path with its ~ replaced."""
    return place if "://" in place else str(Path(place).expanduser())


def _way_out(given: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """Certificates and proxy: what pip is told of them is meant for package indexes, so it goes before the rest."""
    found = {}
    bundle = given.get("cert") or env.get("REQUESTS_CA_BUNDLE") or env.get("CURL_CA_BUNDLE")
    if "cert" in given or (bundle and "SSL_CERT_FILE" not in env):
        place = expanded(bundle or "")
        found["SSL_CERT_DIR" if Path(place).is_dir() else "SSL_CERT_FILE"] = place
    if "proxy" in given:
        proxy = given["proxy"] if "://" in given["proxy"] else f"http://{given['proxy']}"
        found |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
    return found


def keys_of_uv_files(env: Mapping[str, str]) -> set[str]:
    """What uv's own configuration files set: the machine's, the user's, and one beside or above this folder."""
    if is_on(env.get("UV_NO_CONFIG", "")):
        return set()
    user = Path(env.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    machine = [Path(place) for place in (env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":") if place]
    places = [user / "uv", *(place / "uv" for place in machine), Path("/etc/uv"), Path.cwd(), *Path.cwd().parents]
    files = [Path(env["UV_CONFIG_FILE"])] if env.get("UV_CONFIG_FILE") else [place / "uv.toml" for place in places]
    found: set[str] = set()
    for file in files:
        with contextlib.suppress(OSError, tomllib.TOMLDecodeError):
            told = tomllib.loads(file.read_text(encoding="utf-8"))
            found |= {*told, *told.get("pip", {})}
    return found


# Installing


def locked(text: str, name: str) -> str:
    """One package's pin and hashes out of a file of locked requirements."""
    found = re.search(rf"^{re.escape(name)}==(?:[^\n]*\\\n)*[^\n]*\n", text, re.M)
    if not found:
        raise Failed(f"{name} is not locked")
    return found[0]


@contextlib.contextmanager
def written(text: str) -> Iterator[str]:
    """A temporary file that holds this text."""
    with tempfile.TemporaryDirectory(prefix="medspil-install-") as folder:
        path = Path(folder) / "requirements.txt"
        path.write_text(text, encoding="utf-8")
        yield str(path)


def provide_uv() -> None:
    """The locked uv, installed by pip from its wheel unless it is here. Raises Failed."""
    pin = locked(UV_PIN.read_text(encoding="utf-8"), "uv")
    version = pin.split("==")[1].split()[0]
    with contextlib.suppress(Failed):
        if run(UV, "--version").split()[1] == version:
            return
    say("Installing uv, which installs the rest ...")
    with written(pin) as file:
        run(*PIP, "install", "--quiet", "--no-compile", "--only-binary", "uv", *LOCKED, "-r", file)


def install_with_uv(requirements: Path) -> None:
    """Raises Failed; then nothing is lost by asking pip."""
    settings = pip_settings(run(*PIP, "config", "list"))
    if unknown := unknown_to_uv(settings):
        raise Failed(f"pip's settings hold what uv does not know: {', '.join(unknown)}")
    provide_uv()
    env = uv_environment(settings, os.environ, keys_of_uv_files(os.environ))
    command = [str(UV), "pip", "install", "--quiet", "--python", sys.executable, "-r", str(requirements)]
    say(f"Installing the Python packages ({count(requirements)}) ...")
    for constraint in settings.get("constraint", "").split():
        # uv takes none beside hashes, so they are held against the lock beforehand.
        run(*command, "--dry-run", "--no-deps", "--no-verify-hashes", "-c", constraint, env=env)
    run(*command, *LOCKED, env=env)


def install_with_pip(requirements: Path) -> None:
    """Raises Failed."""
    say(f"Installing the Python packages ({count(requirements)}) with pip (takes about a minute) ...")
    run(*PIP, "install", "--quiet", "--no-compile", *LOCKED, "-r", str(requirements))


def count(requirements: Path) -> int:
    return len(re.findall(r"^[A-Za-z0-9][^#\n]*==", requirements.read_text(encoding="utf-8"), re.M))


def install(requirements: Path) -> list[str | Path]:
    """Install with uv, else with pip; returns the command that checks what is there. Raises Failed."""
    try:
        install_with_uv(requirements)
    except (Failed, ValueError, SyntaxError) as error:
        words = error.last_words() if isinstance(error, Failed) else str(error)
        say(f"Without uv this time ({words}).")
        install_with_pip(requirements)
        return [*PIP, "check"]
    return [UV, "pip", "check", "--python", sys.executable]


def main(requirements: Path) -> int:
    try:
        check = install(requirements)
    except Failed as failed:
        print(str(failed).strip(), file=sys.stderr)
        print(
            "The Python packages could not be installed: is the package index within reach? "
            "Run the same command again to go on.",
            file=sys.stderr,
        )
        return 1
    try:
        run(*check)
    except Failed as failed:
        say(f"In .venv not all fits together; if Medspil does not start, remove the folder and try again:\n{failed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
