"""Sessions of browsers, with whose they are beside them: so they can be counted and ended, all at once."""

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection, models
from django.http import HttpRequest
from django.utils import timezone

from organisations.history.privacy import data_classes

KIOSK = "kiosk"  # of a handed-over device: who may take it back
HANDOVER = "handover"  # in it: the hand-over's id; in a session of staff: of the one that the device carries forms for
TYPED_TEXT = "typed_text"  # what somebody sent after their log-in had ended, sealed
SIGNED_ON = "signed_on"  # of a log-in by an identity provider: the organisation whose it is; it opens no other
LOG_IN = "log_in_id"  # names a log-in in the access log, whatever becomes of the session's key
SIGN_ON_ANEW = "sign_on_anew"  # after a log-out: the provider may still know who was here, and is to ask again
CAME_FROM = "came_from"  # after unlocking: the name of the parked session


@data_classes(identity="user", technical="session_key session_data expire_date came_from")
class DeviceSession(AbstractBaseSession):
    """One browser's session. `user` is who is logged in, or whose session is parked while a client has the device."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    # The parked session that this one was before (sha-256 of its key): a second tap on "Unlock" finds this one.
    came_from = models.CharField(max_length=64, default="", db_default="", db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


_COLUMNS = ("session_key", "session_data", "expire_date", "user_id", "came_from")
_FIND = """
    SELECT session_key, session_data, expire_date, user_id, came_from FROM organisations_devicesession
    WHERE session_key = %s AND expire_date > %s
"""


class SessionStore(DatabaseStore):
    """Django's, in our table."""

    @classmethod
    def get_model_class(cls) -> type[DeviceSession]:
        return DeviceSession

    def _get_session_from_db(self) -> DeviceSession | None:
        """As Django's, for each page of somebody who is logged in: the ORM takes longer to write it than the database
        to answer.
        """
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return DeviceSession.from_db(connection.alias, _COLUMNS, row)

    def create_model_instance(self, data: dict[str, Any]) -> DeviceSession:
        stored = super().create_model_instance(data)
        assert isinstance(stored, DeviceSession)  # noqa: S101  which Django's types cannot know
        stored.user_id = data.get(SESSION_KEY) or data.get(KIOSK, {}).get("user")
        stored.came_from = data.get(CAME_FROM, "")
        return stored


def name_of(session_key: str) -> str:
    """A session's name that does not open it."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def handover_here(request: HttpRequest) -> UUID | None:
    """Which hand-over this browser is in, by its own cookie: the session is not read. None in no one's hands.

    The cookie opens nothing; it only keeps forms of other hand-overs shut. A page's script may read that it is there.
    """
    try:
        return UUID(request.COOKIES.get(settings.HANDOVER_COOKIE_NAME, ""))
    except ValueError:
        return None
