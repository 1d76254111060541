"""`manage.py create_operator someone@example.org`: an account that runs the installation, or its end."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organisations.services.operator import create_operator, end_operator


class Command(BaseCommand):
    help = "Makes an operator and prints the link with which they choose a password; again for a new link."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--end", action="store_true", help="take the account back at once")

    def handle(self, *args, email, end, **options):
        try:
            if end:
                end_operator(email=email)
                self.stdout.write(f"{email} is an operator no more.")
                return
            user, link = create_operator(email=email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} chooses a password by this link, once, and then sets up a second factor:")
        self.stdout.write(link)
