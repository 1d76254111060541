"""Whether the static files were gathered since they last changed: compressing them takes longer than all else."""

import hashlib
from pathlib import Path

NAME = "static-gathered"


def fingerprint(project: Path) -> str:
    """Changes with the project's own static files (names, sizes, times) and with the locked packages."""
    seen = hashlib.sha256((project / "requirements" / "demo.txt").read_bytes())
    for path in sorted((project / "static").rglob("*")):
        if path.is_file():
            state = path.stat()
            seen.update(f"{path.relative_to(project)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def is_gathered(project: Path, folder: Path) -> bool:
    note = folder / NAME
    return note.is_file() and note.read_text() == fingerprint(project)


def remember(project: Path, folder: Path) -> None:
    (folder / NAME).write_text(fingerprint(project))
