"""A folder of its own in which venv.sh installs, on a machine that is told nothing but what a test tells it."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "fit_project" / "local" / "venv.sh"


class Place:
    """`home/requirements` holds the locks, `home/.venv` what was installed, `home/home` the user's configuration."""

    def __init__(self, home: Path):
        self.home = home
        (home / "requirements").mkdir()
        (home / "home").mkdir()
        foreign = ("PIP_", "UV_", "XDG_", "REQUESTS_", "CURL_", "SSL_")
        self.env = {key: value for key, value in os.environ.items() if not key.upper().startswith(foreign)}
        self.env = {key: value for key, value in self.env.items() if not key.lower().endswith("_proxy")}
        self.env |= {"HOME": str(home / "home"), "XDG_CONFIG_DIRS": str(home / "home"), "PYTHON": sys.executable}
        self.pip_conf = home / "home/.config/pip/pip.conf"
        self.packages = home / ".venv/lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def tell_pip(self, **settings: str) -> None:
        """Write pip's configuration of this machine's user."""
        self.pip_conf.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name.replace('_', '-')} = {value}" for name, value in settings.items()]
        self.pip_conf.write_text("\n".join(["[global]", *lines, ""]))

    def make_venv(self) -> None:
        """An environment without pip."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.home / ".venv"], check=True)

    def unpack(self, pip: Path) -> None:
        """Put this wheel of pip into the environment."""
        with zipfile.ZipFile(pip) as wheel:
            wheel.extractall(self.packages)

    def install(self, lock: str, **env: str) -> subprocess.CompletedProcess:
        command = ["sh", SCRIPT, f"requirements/{lock}"]
        return subprocess.run(command, cwd=self.home, env=self.env | env, capture_output=True, text=True)

    def installed(self) -> set[tuple[str, str]]:
        """(name, version) of what is there, but pip and what venv brings with it."""
        found = [re.fullmatch(r"(.+)-([^-]+)\.dist-info", path.name) for path in self.packages.glob("*.dist-info")]
        there = {(match[1].replace("_", "-").lower(), match[2]) for match in found if match}
        return {(name, version) for name, version in there if name not in {"pip", "setuptools"}}
