"""How a PIN is kept: keyed with SECRET_KEY, so that a copy of the database alone says nothing of six digits.

The hash itself costs what OWASP's Password Storage Cheat Sheet asks of Argon2id (19 MiB, two passes, one lane), a tenth
of what a password's does here: a PIN is typed twice in every session. More would not help, a million PINs are few. What
stops somebody at the screen is the count of wrong attempts, what stops somebody with the table is the key.
"""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.utils.crypto import salted_hmac

KEYED = "organisations.models.pin_hash"
NAMED = "organisations.models.pin_hash.key"
LENGTH_OF_NAME = 8


class PinHasher(Argon2PasswordHasher):
    algorithm = "pin"
    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1


def hash_pin(pin: str) -> str:
    """What is stored of a PIN: its Argon2id hash, then the name of the key that it was keyed with."""
    hasher, key = PinHasher(), settings.SECRET_KEY
    return f"{hasher.encode(_keyed(pin, key), hasher.salt())}${_name(key)}"


def is_hash_of(pin: str, stored: str) -> bool:
    """Whether `stored` was made of this PIN; one from before PINs were keyed counts too."""
    if not _is_keyed(stored):
        return check_password(pin, stored)
    encoded, key = stored.rpartition("$")[0], _key_of(stored)
    return key is not None and PinHasher().verify(_keyed(pin, key), encoded)


def is_readable(stored: str) -> bool:
    """Whether a PIN can be held against it: not once its key has left SECRET_KEY_FALLBACKS."""
    return bool(stored) and (not _is_keyed(stored) or _key_of(stored) is not None)


def is_newest(stored: str) -> bool:
    """Whether it is as `hash_pin` would store it now."""
    return _is_keyed(stored) and stored.endswith(f"${_name(settings.SECRET_KEY)}")


def _is_keyed(stored: str) -> bool:
    return stored.startswith(f"{PinHasher.algorithm}$")


def _key_of(stored: str) -> str | None:
    name = stored.rpartition("$")[2]
    return next((key for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if _name(key) == name), None)


def _keyed(pin: str, key: str) -> str:
    return salted_hmac(KEYED, pin, secret=key, algorithm="sha256").hexdigest()


def _name(key: str) -> str:
    """Tells keys apart and says nothing of them."""
    return salted_hmac(NAMED, "", secret=key, algorithm="sha256").hexdigest()[:LENGTH_OF_NAME]
