"""`manage.py remove_second_factors someone@example.org`: for somebody who lost phone, key and recovery codes."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organisations import account_log, log_in
from organisations.models import User
from organisations.second_factor import remove_all


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
        log_in.end_sessions(user)
        account_log.record(user, account_log.FACTOR_REMOVED, purpose="by the operator")
        self.stdout.write(f"{count} removed")
