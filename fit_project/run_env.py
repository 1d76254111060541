"""What the running demo tells the other commands of the same folder."""

from pathlib import Path

NAME = "run.env"
KEYS = (
    *("MEDSPIL_ENV", "DATABASE_URL", "OWNER_DATABASE_URL", "BROKER_URL", "SECRET_KEY", "PORT", "SITE_URL"),
    "EMAIL_FILE_PATH",
)


def read_run_env(data_dir: Path, *, said: str = "") -> dict[str, str]:
    """The KEY=value lines of run.env in the data folder; nothing when no demo runs there.

    `said` is what the surroundings say of MEDSPIL_ENV, which goes before the file's.
    """
    path = data_dir / NAME
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {key: value for key, value in pairs if key in KEYS} | ({"MEDSPIL_ENV": said} if said else {})


def write_run_env(data_dir: Path, values: dict[str, str]) -> None:
    """Write run.env, readable by this user alone; keys other than KEYS are an error."""
    unknown = set(values) - set(KEYS)
    if unknown:
        raise ValueError(f"run.env does not know {sorted(unknown)}")
    path = data_dir / NAME
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
