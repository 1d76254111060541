"""`manage.py changepassword someone@example.org`: Django's, and it ends what the old password had opened."""

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from organisations.audit import account_events
from organisations.login import session_clock
from organisations.models import User
from organisations.tokens.own import end_tokens


class Command(changepassword.Command):
    """Asks for the new password; log-ins and tokens of the person end, as with a forgotten password."""

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str:
        """What was done, in a sentence. CommandError as Django's, for nobody or two passwords that differ."""
        said = super().handle(*args, **options)
        user = User.objects.get(email=options["username"])
        account_events.record(user, account_events.PASSWORD_CHANGED, purpose="by the operator")
        session_clock.end_sessions(user)
        return f"{said}, {end_tokens(user)} tokens ended"
