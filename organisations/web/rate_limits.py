"""How often somebody may try: fixed windows in the shared cache, in this process's memory while that is away."""

import ipaddress
import time
from dataclasses import dataclass
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

IPV6_HOME = 64  # one household's or one phone's network: its other bits change at will


@dataclass(frozen=True)
class Limit:
    """At most `at_most` tries of one `who` in each window of `seconds`."""

    name: str
    at_most: int
    seconds: int

    def spend(self, who: str) -> int:
        """Count one try: 0 while it is within the limit, else the seconds until the next window."""
        key, left = self._window(who)
        cache.add(key, 0, timeout=2 * self.seconds)
        try:
            count = cache.incr(key)
        except ValueError:  # the cache was emptied in between: nothing is known, nobody is refused
            return 0
        return left if count > self.at_most else 0

    def wait(self, who: str) -> int:
        """The seconds to wait before the next try, without counting one; 0 when there is no need."""
        key, left = self._window(who)
        return left if cache.get(key, 0) >= self.at_most else 0

    def _window(self, who: str) -> tuple[str, int]:
        number, gone = divmod(int(time.time()), self.seconds)
        # The cache learns neither addresses nor names.
        return f"limit:{self.name}:{number}:{sha256(who.encode()).hexdigest()[:32]}", self.seconds - gone


def address_of(request: HttpRequest) -> str:
    """What is counted as one place: the address that a request comes from; of IPv6 the /64."""
    address = whole_address_of(request)
    if isinstance(ipaddress.ip_address(address), ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_HOME}", strict=False))


def whole_address_of(request: HttpRequest) -> str:
    """Where a request comes from, by the trusted proxies' header (ALLAUTH_TRUSTED_PROXY_COUNT)."""
    try:
        address = get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104  (no address to bind, one to count)
    parsed = ipaddress.ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)  # of mapped ones the IPv4 itself: else all the world's would be one
