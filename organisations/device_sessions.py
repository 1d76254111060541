"""Sessions of browsers, with whose they are beside them: so they can be counted and ended, all at once."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

KIOSK = "kiosk"  # of a handed-over device: who may take it back


class DeviceSession(AbstractBaseSession):
    """One browser's session. `user` is who is logged in, or whose session is parked while a client has the device."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's, in our table."""

    @classmethod
    def get_model_class(cls) -> type[DeviceSession]:
        return DeviceSession

    def create_model_instance(self, data: dict[str, Any]) -> DeviceSession:
        stored = super().create_model_instance(data)
        assert isinstance(stored, DeviceSession)  # noqa: S101  which Django's types cannot know
        stored.user_id = data.get(SESSION_KEY) or data.get(KIOSK, {}).get("user")
        return stored
