"""Asks an identity provider's own addresses: by https, of the open internet, without redirects, and not too much.

An administrator of one organisation types the address. It must not lead into the network that the server stands in:
the host is looked up first, and the connection goes to the very address that was looked at.
"""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import certifi
import urllib3
from django.conf import settings

from organisations.login.sign_on.refusals import Refusal, SignOnRefused

LARGEST = 2 * 1024 * 1024  # bytes: a federation's metadata is large, one provider's is not
PATIENCE = urllib3.Timeout(connect=4, read=6)


def fetch(
    url: str, *, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of `url`, read, or sent `fields` as a form; SignOnRefused(UNREACHABLE) where that fails."""
    try:
        with _pool(url) as pool:
            return _ask(pool, url, fields, headers or {})
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise SignOnRefused(Refusal.UNREACHABLE) from error


def is_usable_address(url: str) -> bool:
    """Whether an address may be asked at all: https, without a password in it; or one that the operator names."""
    try:
        parts = urlsplit(url)
        if parts.netloc in settings.SIGN_ON_INSIDE_HOSTS:
            return parts.scheme in ("http", "https")
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _pool(url: str) -> urllib3.HTTPConnectionPool:
    if not is_usable_address(url):
        raise ValueError("no address to ask")
    parts = urlsplit(url)
    host = parts.hostname or ""
    inside = parts.netloc in settings.SIGN_ON_INSIDE_HOSTS
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address_of(host, port, inside=inside)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=PATIENCE)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=PATIENCE,
        cert_reqs="CERT_REQUIRED",
        ca_certs=settings.SIGN_ON_CA_FILE or certifi.where(),
        server_hostname=host,
        assert_hostname=host,
    )


def _address_of(host: str, port: int, *, inside: bool) -> str:
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not inside and not all(ipaddress.ip_address(address).is_global for address in found):
        raise ValueError("an address of an inner network")
    return found[0]


def _ask(
    pool: urllib3.HTTPConnectionPool, url: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": parts.netloc, "Accept": "*/*", "User-Agent": "Medspil", **headers}
    ask: dict[str, Any] = {"headers": sent, "redirect": False, "retries": False, "preload_content": False}
    if fields is None:
        response = pool.request("GET", path, **ask)
    else:
        response = pool.request("POST", path, fields=dict(fields), encode_multipart=False, **ask)
    body = response.read(LARGEST + 1)
    response.release_conn()
    if len(body) > LARGEST:
        raise ValueError("more than a provider publishes")
    return response.status, body
