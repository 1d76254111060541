"""The shared cache (rate limits), which may be gone without anybody noticing more than a looser limit."""

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE = 5  # seconds without asking again: a log-in asks ten times, and each may wait until the time-out


class FallbackRedisCache(RedisCache):
    """Redis; while it is down, this process's own memory: limits hold per process, and no page fails."""

    away_until = 0.0  # of the whole process, on the monotonic clock

    def __init__(self, server: Any, params: dict[str, Any]):
        super().__init__(server, params)
        self._local = LocMemCache("fallback", params)

    def _either(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= FallbackRedisCache.away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError):
                logger.warning("The cache is out of reach; limits hold per process for now")
                FallbackRedisCache.away_until = time.monotonic() + PAUSE
        return getattr(self._local, name)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._either("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._either("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._either("set", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._either("touch", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._either("delete", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._either("incr", *args, **kwargs)
