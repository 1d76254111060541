"""The demo's data folder, its lock, and the short folder of its sockets."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from fit_project.local import StepRefused

MARKER = ".medspil-data"
LOCK = "demo.lock"
RUN_FOLDER = "run-folder"  # a file that names it
PREFIX = "medspil-"
LONGEST = 70  # of a run folder; a socket's whole path may have 103 characters (macOS), and its name has 14


def data_folder() -> Path:
    """MEDSPIL_DATA, or `var` in this folder."""
    return Path(os.environ.get("MEDSPIL_DATA") or "var").expanduser().resolve()


def prepare(folder: Path) -> None:
    """Create the data folder and mark it as ours.

    Raises Refusal when it holds other things or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not is_ours(folder) and any(folder.iterdir()):
            raise StepRefused(f"The folder {folder} holds other things; name an empty or a new one in MEDSPIL_DATA.")
        # As root, PostgreSQL runs as another account, which must pass through.
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (folder / MARKER).write_text("The data of a Medspil demo; `make demo-reset` removes this folder.\n")
        for name in ("log", "mail"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StepRefused(f"The folder {folder} cannot be written ({reason}); name another in MEDSPIL_DATA.") from None


def is_ours(folder: Path) -> bool:
    return (folder / MARKER).is_file()


def lock(folder: Path) -> IO[str] | None:
    """Hold the folder while the returned file is open; None when another demo holds it."""
    handle = (folder / LOCK).open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def make_run_folder(folder: Path) -> Path:
    """A new private folder with a short path, for the socket; its path is kept in the data folder."""
    remove_run_folder(folder)
    place = tempfile.gettempdir()
    if len(place) + len(PREFIX) + 8 > LONGEST:
        place = "/tmp"
    try:
        run_folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    except OSError as error:
        raise StepRefused(f"No folder can be made in {place} ({(error.strerror or str(error)).lower()}).") from None
    (folder / RUN_FOLDER).write_text(str(run_folder))
    return run_folder


def remove_run_folder(folder: Path) -> None:
    """Remove the run folder that the data folder names, if there is one and it looks like ours."""
    note = folder / RUN_FOLDER
    if not note.is_file():
        return
    run_folder = Path(note.read_text())
    if run_folder.name.startswith(PREFIX) and run_folder.is_dir() and not run_folder.is_symlink():
        for entry in run_folder.glob(".s.PGSQL.*"):
            entry.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something else lies in it: not ours to remove
            run_folder.rmdir()
    note.unlink()


def forget(folder: Path) -> None:
    """Remove the data folder. Raises Refusal when it is not one of ours."""
    if not folder.exists():
        return
    if not is_ours(folder):
        raise StepRefused(f"The folder {folder} is not a Medspil demo's data; nothing was removed.")
    remove_run_folder(folder)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StepRefused(
            f"The folder {folder} could not be removed ({(error.strerror or str(error)).lower()})."
        ) from None
