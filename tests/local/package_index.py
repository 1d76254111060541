"""A package index in a folder, of wheels with nothing in them, and locks of their hashes."""

import base64
import hashlib
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

NEWER = "9999.0"  # what somebody else has released since


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Pin:
    """One line of a lock: `name[extras]==version`."""

    name: str
    version: str
    extras: tuple[str, ...] = ()

    def line(self, digest: str) -> str:
        extras = f"[{', '.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}=={self.version} \\\n    --hash=sha256:{digest}\n"


def pins(lock: str) -> list[Pin]:
    """What a lock pins."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?==(\S+)", lock, re.M)
    return [
        Pin(normal(name), version, tuple(extra.strip() for extra in extras.split(",") if extra))
        for name, extras, version in found
    ]


@dataclass
class Index:
    """`folder/NAME/` holds a package's wheels and the page that names them; every release has a newer one beside it."""

    folder: Path
    digests: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.folder.as_uri()

    def release(
        self,
        name: str,
        version: str,
        *,
        needs: Sequence[str] = (),
        extras: Sequence[str] = (),
        program: Path | None = None,
    ) -> Path:
        """Add a wheel; `program` is put into the environment's bin. Returns the wheel's path."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        module = name.replace("-", "_")
        path = folder / f"{module}-{version}-py3-none-any.whl"
        metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        metadata += [*(f"Requires-Dist: {need}" for need in needs), *(f"Provides-Extra: {extra}" for extra in extras)]
        files = {
            f"{module}-{version}.dist-info/METADATA": "\n".join([*metadata, ""]).encode(),
            f"{module}-{version}.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        if program:
            files[f"{module}-{version}.data/scripts/{program.name}"] = program.read_bytes()
        record = f"{module}-{version}.dist-info/RECORD"
        lines = [f"{name_in},sha256={digest_of(data)},{len(data)}" for name_in, data in files.items()]
        with zipfile.ZipFile(path, "w") as wheel:
            for name_in, data in [*files.items(), (record, "\n".join([*lines, f"{record},,", ""]).encode())]:
                entry = zipfile.ZipInfo(name_in)
                entry.external_attr = (0o100755 if "/scripts/" in name_in else 0o100644) << 16
                wheel.writestr(entry, data)
        self.digests[name, version] = hashlib.sha256(path.read_bytes()).hexdigest()
        wheels = sorted(wheel.name for wheel in folder.glob("*.whl"))
        (folder / "index.html").write_text("".join(f'<a href="{wheel}">{wheel}</a>\n' for wheel in wheels))
        return path

    def lock(self, wanted: list[Pin]) -> str:
        """A lock of these pins, with the hashes of this index's wheels."""
        return "".join(pin.line(self.digests[pin.name, pin.version]) for pin in wanted)


def digest_of(data: bytes) -> str:
    """As a wheel's RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
