"""What the surroundings say: variables or files that hold them, and what production refuses to start with."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv

ENVIRONMENTS = ("production", "demo", "test")
DEMO_KEY = "only-for-the-demo-and-the-tests-never-in-production"
KEY_LENGTH, KEY_SIGNS = 50, 5  # what Django's own check security.W009 asks for
TOKEN_LENGTH = 24


class Unsafe(ImproperlyConfigured):
    """Production does not start like this; one sentence a line."""


class Surroundings(FileAwareEnv):
    """Reads NAME, or the file that NAME_FILE names; a file that cannot be read is a fault, not a crash."""

    def __init__(self) -> None:
        super().__init__(eager=False, strip_whitespace=True)
        self.unreadable: list[str] = []

    def _get_value(self, env_key: str, default: Any) -> Any:
        try:
            return super()._get_value(env_key, default)
        except ValueError:
            self.unreadable.append(f"{env_key}_FILE names a file that cannot be read.")
            return default

    def refuse_unless_whole(self, faults: Sequence[str] = ()) -> None:
        """Raise Unsafe with every fault at once: these, unreadable files, and values that are no such value."""
        found = [*faults, *self.unreadable]
        try:
            self.seal()
        except EnvValidationError as error:
            messages = error.error_messages
            pairs = messages.items() if isinstance(messages, Mapping) else [("", messages)]
            found += [f"{name}: {' '.join(map(str, words))}" for name, words in pairs]
        if found:
            raise Unsafe("\n".join(["Medspil does not start:", *(f"- {fault}" for fault in found)]))


def with_password(url: str, password: str) -> str:
    """The URL with this password, escaped, in place of the one in it; unchanged without a password."""
    if not password:
        return url
    parts = urlsplit(url)
    user, host = parts.username or "", parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


def faults(environment: str, given: dict[str, Any]) -> list[str]:
    """One sentence for each thing that makes these settings unsafe in production; none for safe ones.

    The role of the database is looked at later, at the first connection: organisations.database.role.
    """
    if environment not in ENVIRONMENTS:
        return [f"MEDSPIL_ENV is none of {', '.join(ENVIRONMENTS)}."]
    if environment != "production":
        return []
    return [
        *_faults_of_keys(given["SECRET_KEY"], given["SECRET_KEY_FALLBACKS"]),
        *_faults_of_addresses(given["SITE_URL"], given["ALLOWED_HOSTS"]),
        *_faults_of_databases(given["DATABASE_URL"], given["OWNER_DATABASE_URL"]),
        *(["DEBUG is on: it shows a client's data on error pages."] if given["DEBUG"] else []),
        *([] if given["BROKER_URL"] else ["BROKER_URL is not set."]),
        *_faults_of_token(given["METRICS_TOKEN"]),
    ]


def _faults_of_keys(key: str, fallbacks: Sequence[str]) -> list[str]:
    found = [] if key else ["SECRET_KEY is not set."]
    for name, value in (("SECRET_KEY", key), *(("SECRET_KEY_FALLBACKS", value) for value in fallbacks)):
        if value and (value == DEMO_KEY or value.startswith("django-insecure-")):
            found.append(f"{name} holds the key of a demo, which everybody knows.")
        elif value and (len(value) < KEY_LENGTH or len(set(value)) < KEY_SIGNS):
            found.append(f"{name} is too weak: at least {KEY_LENGTH} random signs.")
    return found


def _faults_of_addresses(site: str, hosts: Sequence[str]) -> list[str]:
    found = []
    parts = urlsplit(site)
    if parts.scheme != "https" or not parts.hostname:
        found.append("SITE_URL is not an address that starts with https://.")
    if not hosts:
        found.append("ALLOWED_HOSTS is not set.")
    if any("*" in host or host.startswith(".") for host in hosts):
        found.append("ALLOWED_HOSTS holds a wildcard; name each host in full.")
    elif hosts and parts.hostname and parts.hostname not in hosts:
        found.append("ALLOWED_HOSTS does not hold the host of SITE_URL.")
    return found


def _faults_of_databases(url: str, owner_url: str) -> list[str]:
    if not url:
        return ["DATABASE_URL is not set."]
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        return ["DATABASE_URL is not PostgreSQL's."]
    if owner_url and urlsplit(owner_url).username == urlsplit(url).username:
        return ["DATABASE_URL and OWNER_DATABASE_URL name the same role: the application's must not own the tables."]
    return []


def _faults_of_token(token: str) -> list[str]:
    if token and len(token) < TOKEN_LENGTH:
        return [f"METRICS_TOKEN is too short: at least {TOKEN_LENGTH} random signs."]
    return []
