"""`manage.py remove_second_factors someone@example.org`: for somebody who lost phone, key and recovery codes."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organisations.audit import account_events
from organisations.login import session_clock
from organisations.login.second_factor import remove_all
from organisations.models import User


class Command(BaseCommand):
    help = "Takes every second factor from an account and logs it out everywhere. Make sure first who is asking."

    def add_arguments(self, parser):
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args, email, **options):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError("Nobody logs in with that address.")
        count = remove_all(user)
        session_clock.end_sessions(user)
        account_events.record(user, account_events.FACTOR_REMOVED, purpose="by the operator")
        self.stdout.write(f"{count} removed")
