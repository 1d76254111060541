"""What the surroundings say: variables or files that hold them, and what production refuses to start with."""

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv

from organisations.word_keys.keepers import KeyUnreachable
from organisations.word_keys.key_file import KeyFile

ENVIRONMENTS = ("production", "demo", "test")
DEMO_KEY = "only-for-the-demo-and-the-tests-never-in-production"
KEY_LENGTH, KEY_SIGNS = 50, 5  # what Django's own check security.W009 asks for
TOKEN_LENGTH = 24
POSTGRESQL = ("postgres", "postgresql")
OTHERS = stat.S_IROTH | stat.S_IWOTH
LONGEST_LOG_IN = 24  # hours: nobody is logged in on the next day for something that they did today
NOT_SET = (
    "MEDSPIL_ENV is not set: say MEDSPIL_ENV=production, demo or test. "
    "(make says it by itself, and to commands of its folder the demo while it runs.)"
)


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

    def refuse_unless_whole(self, faults: Sequence[str], *, look_further: Callable[[], list[str]]) -> None:
        """Raise Unsafe with every fault at once: these, unreadable files, and values that are no such value.

        `look_further` finds those that take longer; it is asked only where there are others, and they would hide it.
        """
        found = [*faults, *self.unreadable]
        try:
            self.seal()
        except EnvValidationError as error:
            messages = error.error_messages
            pairs = messages.items() if isinstance(messages, Mapping) else [("", messages)]
            found += [f"{name}: {' '.join(map(str, words))}" for name, words in pairs]
        if found and NOT_SET not in found:
            found += look_further()
        if found:
            raise Unsafe("\n".join(["Medspil does not start:", *(f"- {fault}" for fault in found)]))


def with_password(url: str, password: str) -> str:
    """The URL with this password, escaped, in place of the one in it; unchanged without a password or without a URL."""
    if not (url and password):
        return url
    parts = urlsplit(url)
    user, host = parts.username or "", parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


def faults(environment: str, given: Mapping[str, Any]) -> list[str]:
    """One sentence for each thing that makes these settings unsafe in production; none for safe ones.

    What the role of the database may do is looked at elsewhere: organisations.database.role.
    """
    if not environment:
        return [NOT_SET]
    if environment not in ENVIRONMENTS:
        return [f"MEDSPIL_ENV is none of {', '.join(ENVIRONMENTS)}."]
    if environment != "production":
        return []
    return [
        *_faults_of_keys(given["SECRET_KEY"], given["SECRET_KEY_FALLBACKS"]),
        *_faults_of_addresses(given["SITE_URL"], given["ALLOWED_HOSTS"]),
        *_faults_of_proxies(given["ALLAUTH_TRUSTED_PROXY_COUNT"]),
        *_faults_of_databases(given["DATABASE_URL"], given["OWNER_DATABASE_URL"], given["DATABASE_REPLICA_URL"]),
        *(["DEBUG is on: it shows a client's data on error pages."] if given["DEBUG"] else []),
        *_faults_of_broker(given["BROKER_URL"]),
        *_faults_of_mail(given),
        *_faults_of_data_folder(given["DATA_FOLDER"]),
        *_faults_of_sealing_keys(Path(given["SEALING_KEYS_FILE"])),
        *_faults_of_word_keys(given["WORD_KEYS_FILE"], given["WORD_KEYS_ADDRESS"], given["WORD_KEYS_TOKEN"]),
        *_faults_of_log_ins(given["SESSION_IDLE_MINUTES"], given["SESSION_HOURS"]),
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


def _faults_of_databases(url: str, owner_url: str, replica_url: str) -> list[str]:
    if not url:
        return ["DATABASE_URL is not set."]
    if urlsplit(url).scheme not in POSTGRESQL:
        return ["DATABASE_URL is not PostgreSQL's."]
    if owner_url and urlsplit(owner_url).username == urlsplit(url).username:
        return ["DATABASE_URL and OWNER_DATABASE_URL name the same role: the application's must not own the tables."]
    return _faults_of_replica(url, replica_url) if replica_url else []


def _faults_of_replica(url: str, replica_url: str) -> list[str]:
    """A streaming replica has the primary's roles and passwords; row security binds this one."""
    if urlsplit(replica_url).scheme not in POSTGRESQL:
        return ["DATABASE_REPLICA_URL is not PostgreSQL's."]
    if replica_url == url:
        return ["DATABASE_REPLICA_URL is DATABASE_URL: leave it out where there is no replica."]
    if urlsplit(replica_url).username != urlsplit(url).username:
        return ["DATABASE_REPLICA_URL names another role than DATABASE_URL: row security binds that one."]
    return []


def _faults_of_token(token: str) -> list[str]:
    if token and len(token) < TOKEN_LENGTH:
        return [f"METRICS_TOKEN is too short: at least {TOKEN_LENGTH} random signs."]
    return []


def _faults_of_proxies(count: int | None) -> list[str]:
    """Without a number everybody would share one address, or anybody could invent one."""
    if count is None:
        return ["TRUSTED_PROXIES is not set: how many proxies in front append to X-Forwarded-For."]
    if count < 1:
        return ["TRUSTED_PROXIES is less than 1: https ends at a proxy in front."]
    return []


def _faults_of_broker(url: str) -> list[str]:
    if not url:
        return ["BROKER_URL is not set."]
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        return ["BROKER_URL is no address of Redis or Valkey (redis://host:port/0): work would be lost with a process."]
    return []


def _faults_of_mail(given: Mapping[str, Any]) -> list[str]:
    host, sender, user = given["EMAIL_HOST"], given["DEFAULT_FROM_EMAIL"], given["EMAIL_HOST_USER"]
    found = []
    if not host:
        found.append("EMAIL_HOST is not set: no invitation, new password or alert would be sent.")
    elif user and not given["EMAIL_USE_TLS"] and host not in ("localhost", "127.0.0.1", "::1"):
        found.append("EMAIL_USE_TLS is off: the mail server's password would be sent readable.")
    domain = parseaddr(sender)[1].rpartition("@")[2]
    if not sender:
        found.append("DEFAULT_FROM_EMAIL is not set.")
    elif "." not in domain:
        found.append("DEFAULT_FROM_EMAIL is no address that others can answer.")
    return found


def _faults_of_data_folder(said: str) -> list[str]:
    """What it holds (signed heads, the keys of sealed answers) must outlive a release and be nobody else's."""
    folder = Path(said)
    if not said:
        return ["MEDSPIL_DATA is not set."]
    if not folder.is_absolute():
        return ["MEDSPIL_DATA is no absolute path: it would be another folder for each process."]
    mode = _mode_of(folder)
    if not stat.S_ISDIR(mode):
        return ["MEDSPIL_DATA names a folder that is not there: is its volume missing?"]
    found = []
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        found.append("MEDSPIL_DATA names a folder that this process cannot write.")
    if mode & OTHERS:
        found.append("MEDSPIL_DATA names a folder that everybody on this machine can read or write: chmod 700.")
    return found


def _faults_of_sealing_keys(file: Path) -> list[str]:
    """The file is made at first use, if it is not there."""
    if _mode_of(file) & OTHERS:
        return ["SEALING_KEYS_FILE names a file that everybody on this machine can read or write: chmod 600."]
    return []


def _faults_of_word_keys(file: str, address: str, token: str) -> list[str]:
    """Without keys no words are read or written; a file that made itself would hide that they are lost."""
    if address:
        parts = urlsplit(address)
        found = [] if token else ["WORD_KEYS_TOKEN is not set: the service that keeps the keys would refuse us."]
        if parts.scheme != "https" or not parts.hostname or "/keys/" not in parts.path:
            found.append("WORD_KEYS_ADDRESS is no address of a key (https://.../v1/transit/keys/NAME).")
        return found
    if not file:
        return ["Neither WORD_KEYS_FILE nor WORD_KEYS_ADDRESS is set: clients' words could not be sealed."]
    if _mode_of(Path(file)) & stat.S_IWOTH:
        return ["WORD_KEYS_FILE names a file that everybody on this machine can write: chmod 400."]
    try:
        KeyFile(file, may_begin=False).newest()
    except KeyUnreachable as error:
        return [f"WORD_KEYS_FILE names a file that holds no keys: {error}."]
    return []


def _mode_of(path: Path) -> int:
    """Kind and rights of a file or folder; 0 for one that is not there or out of reach."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _faults_of_log_ins(idle_minutes: int, hours: int) -> list[str]:
    found = []
    if not 1 <= hours <= LONGEST_LOG_IN:
        found.append(f"SESSION_HOURS is not from 1 to {LONGEST_LOG_IN}.")
    if not 1 <= idle_minutes <= LONGEST_LOG_IN * 60:
        found.append(f"SESSION_IDLE_MINUTES is not from 1 to {LONGEST_LOG_IN * 60}.")
    return found
