"""Counting tries: per window and per who, also while the shared cache is away."""

import time

import pytest
from django.test import RequestFactory

from organisations.web import rate_limits
from organisations.web.cache import FallbackRedisCache

THREE = rate_limits.Limit("test", at_most=3, seconds=60)


@pytest.fixture
def clock(monkeypatch):
    now = [1_000_020.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def test_tries_are_counted_for_each_who_and_window(clock):
    assert [THREE.spend("a") for _ in range(5)] == [0, 0, 0, 60, 60]
    assert THREE.wait("a") == 60
    assert THREE.spend("b") == THREE.wait("b") == 0
    clock[0] += 45
    assert THREE.wait("a") == 15
    clock[0] += 15
    assert THREE.spend("a") == 0


def test_looking_counts_nothing(clock):
    assert [THREE.wait("c") for _ in range(9)] == [0] * 9


def test_without_the_shared_cache_limits_hold_in_this_process(clock, monkeypatch, caplog):
    away = FallbackRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(rate_limits, "cache", away)
    assert [bool(THREE.spend("d")) for _ in range(5)] == [False] * 3 + [True] * 2
    assert "out of reach" in caplog.text


@pytest.mark.parametrize(
    ("proxies", "headers", "address"),
    [
        (0, {}, "127.0.0.1"),
        (0, {"X-Forwarded-For": "9.9.9.9"}, "127.0.0.1"),  # anybody can write that
        (1, {"X-Forwarded-For": "9.9.9.9, 10.0.0.7"}, "10.0.0.7"),
        (1, {"X-Forwarded-For": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"),
        (1, {"X-Forwarded-For": "::ffff:9.9.9.9"}, "9.9.9.9"),  # a proxy that hears IPv4 on a socket of IPv6
        (2, {"X-Forwarded-For": "10.0.0.7"}, "127.0.0.1"),  # fewer than the proxies: somebody else's
    ],
)
def test_the_address_is_the_trusted_proxys_word(settings, proxies, headers, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert rate_limits.address_of(RequestFactory().get("/", headers=headers)) == address
