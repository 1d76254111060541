"""`make api-clients`: a Python and a TypeScript client are generated, built and driven. Exit 1 if one of them fails.

Everything that the generators need is installed, pinned, into a folder that is removed again. Without node, npm or a
package index that client is NOT RUN.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import venv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.drills.people import make_organisation
from bench.running import Running, running

HERE = Path(__file__).parent
PYTHON_GENERATOR = "openapi-python-client==0.29.1"
NODE_PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.0")
TSC = ("--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext", "--outDir", "built")


class NotRun(Exception):
    """Something that this machine does not have."""


class Failed(Exception):
    """A client could not be made, or did not get what the description promises."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="medspil-clients-") as name:
        folder = Path(name)
        os.environ["STATIC_ROOT"] = str(folder / "static")  # no page is asked for
        with running(("broker", "web"), environment="demo") as whole:
            address, secret = f"http://localhost:{whole.port}", _token()
            with urllib.request.urlopen(f"{address}/api/v1/schema/") as answer:
                (folder / "schema.json").write_bytes(answer.read())
            good = [_try(name, make, folder, whole, secret) for name, make in CLIENTS.items()]
    return 0 if all(good) else 1


def _token() -> str:
    """The secret of a token with every scope, of somebody who may record sessions."""
    from organisations.tenancy.context import tenant
    from organisations.tokens.scopes import SCOPES
    from organisations.tokens.service import mint_token

    organisation, person = make_organisation("clients")
    with tenant(organisation.pk):
        day = timedelta(days=1)
        return mint_token(practitioner=person, name="Client", scopes=list(SCOPES), lifetime=day, by=person).secret


def _try(name: str, make: Callable[[Path], list[str]], folder: Path, whole: Running, secret: str) -> bool:
    try:
        command = make(folder)
        print(_run(command, folder, BASE_URL=f"http://localhost:{whole.port}", TOKEN=secret).strip())
    except NotRun as reason:
        print(f"{name} client: NOT RUN, {reason}")
    except Failed as failed:
        print(f"{name} client: FAILED\n{failed}")
        return False
    return True


def _python(folder: Path) -> list[str]:
    """Generate the Python client; the command that drives it."""
    place = folder / "venv"
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    _install([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYTHON_GENERATOR], folder)
    generate = [str(place / "bin" / "openapi-python-client"), "generate", "--path", "schema.json", "--meta", "none"]
    (folder / "config.yml").write_text(json.dumps({"post_hooks": []}))  # it would tidy what nobody reads
    said = _run([*generate, "--output-path", "medspil_client", "--config", "config.yml"], folder)
    if "Warning" in said:
        raise Failed(said)
    shutil.copy(HERE / "drive.py", folder)
    return [python, "drive.py"]


def _typescript(folder: Path) -> list[str]:
    """Generate the types of the TypeScript client and check a program against them; the command that runs it."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise NotRun("node and npm are missing")
    place = folder / "typescript"
    place.mkdir()
    (place / "package.json").write_text(json.dumps({"type": "module", "private": True}))
    _install(["npm", "install", "--silent", "--no-audit", "--no-fund", *NODE_PACKAGES], place)
    _run(["npx", "--no-install", "openapi-typescript", "../schema.json", "--output", "schema.d.ts"], place)
    shutil.copy(HERE / "drive.ts", place)
    _run(["npx", "--no-install", "tsc", *TSC, "drive.ts"], place)
    return ["node", str(place / "built" / "drive.js")]


CLIENTS = {"Python": _python, "TypeScript": _typescript}


def _install(command: list[str], folder: Path) -> None:
    try:
        _run(command, folder)
    except Failed as failed:
        last = str(failed).strip().splitlines()[-1:] or ["it said nothing"]
        raise NotRun(f"its packages could not be installed ({last[0]})") from failed


def _run(command: list[str], folder: Path, **env: str) -> str:
    """What a program says. Raises Failed with it when it ends badly."""
    done = subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
