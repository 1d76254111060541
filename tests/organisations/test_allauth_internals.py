"""What allauth calls internal may change with any release: each such name is known, and an upgrade asks to look."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from inspect import signature

import pytest

from tests.test_house import APPS, sources

# The release whose internals were read. After an upgrade read what follows in the new one, and what it is used for
# (`git grep "Internal to allauth"`), run tests/organisations and tests/browser/test_passkey.py, then name the new one.
READ_IN = "65.21.1"
TOTP, WEBAUTHN = "allauth.mfa.totp.internal.auth", "allauth.mfa.webauthn.internal.auth"
SIGNATURES = {
    f"{TOTP}.yield_hotp_counters_from_time": "() -> 'Iterator[int]'",
    f"{TOTP}.hotp_value": "(secret: 'str', counter: 'int') -> 'int'",
    f"{TOTP}.format_hotp_value": "(value: 'int') -> 'str'",
    f"{TOTP}.normalize_user_code": "(code: str) -> str",
    f"{WEBAUTHN}.get_server": "() -> 'Fido2Server'",
    f"{WEBAUTHN}.get_credentials": "(user: 'AbstractBaseUser') -> 'list[AttestedCredentialData]'",
    f"{WEBAUTHN}.set_state": "(state: 'dict') -> 'None'",
    f"{WEBAUTHN}.clear_state": "() -> 'None'",
    f"{WEBAUTHN}.parse_authentication_response": "(response: 'Any') -> 'AuthenticationResponse'",
    f"{WEBAUTHN}.complete_authentication": "(user: 'AbstractBaseUser', response: 'dict') -> 'Authenticator'",
    # For the tests only
    f"{TOTP}.generate_totp_secret": "(length: 'int' = 20) -> 'str'",
    f"{TOTP}.TOTP": "(instance: 'Authenticator') -> 'None'",
    "allauth.mfa.recovery_codes.internal.auth.RecoveryCodes": "(instance: 'Authenticator') -> 'None'",
}
LOGIN = "allauth.account.internal.flows.login"
VALUES = {f"{LOGIN}._AUTHENTICATION_METHODS_USER_SESSION_KEY": "account_authentication_methods_user"}
NAMED = re.compile(r"^ *# Internal to allauth: \S")


def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is no package
        return False


def internal_imports(text: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of each internal name of allauth that a file uses."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not re.match(r"allauth\b.*", node.module or ""):
            continue
        for alias in node.names:
            name = f"{node.module}.{alias.name}"
            if ".internal" not in name and not alias.name.startswith("_"):
                continue
            if is_module(name):
                used = {
                    one.attr
                    for one in ast.walk(tree)
                    if isinstance(one, ast.Attribute) and getattr(one.value, "id", "") == (alias.asname or alias.name)
                }
                yield from ((node.lineno, f"{name}.{attribute}") for attribute in sorted(used))
            else:
                yield node.lineno, name


def unnamed(text: str) -> list[int]:
    """The lines that import an internal name without its reason in the line above."""
    lines = text.splitlines()
    return sorted({line for line, _name in internal_imports(text) if not NAMED.match(lines[line - 2])})


def found(name: str):
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


def test_each_internal_name_is_known_and_its_import_says_why():
    files = list(sources(".py", roots=(*APPS, "tests")))
    assert {name for _path, text in files for _line, name in internal_imports(text)} == {*SIGNATURES, *VALUES}
    assert {path: lines for path, text in files if (lines := unnamed(text))} == {}


def test_an_upgrade_asks_to_read_the_internals_again():
    assert version("django-allauth") == READ_IN


@pytest.mark.parametrize("name", SIGNATURES)
def test_an_internal_function_takes_what_it_took(name):
    assert str(signature(found(name))) == SIGNATURES[name]


@pytest.mark.parametrize("name", VALUES)
def test_an_internal_value_is_what_it_was(name):
    assert found(name) == VALUES[name]
