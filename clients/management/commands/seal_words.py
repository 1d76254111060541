"""`manage.py seal_words --database owner`: once, after the upgrade to the version that seals clients' words."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clients.services.plain_words import plain_left, seal_plain_words, wait_for_the_ended
from organisations.word_keys.keepers import KeyUnreachable


class Command(BaseCommand):
    help = "Seals words of clients that lie in tables and history as they were typed; it may be interrupted."

    def add_arguments(self, parser):
        parser.add_argument("--database", default="owner", help="the owner's: the history is not the application's")
        parser.add_argument("--check", action="store_true", help="only count what is left; ends with 1 if there is any")

    def handle(self, *args, database, check, **options):
        sealed: Counter[str] = Counter()
        role, name = settings.DATABASES["default"].get("USER", ""), settings.APPLICATION_NAME
        if not check and (others := wait_for_the_ended(database, role, name)):
            raise CommandError(
                f"Nothing was sealed: {others} session(s) of {role} are not of this version. Stop all processes of the "
                "version before (and a pooler that keeps its sessions): it shows what is sealed as it is stored, and "
                "goes on writing in plain."
            )
        try:
            for column, count in () if check else seal_plain_words(database):
                sealed[column] += count
        except KeyUnreachable as error:
            raise CommandError(str(error)) from error
        for column, count in sorted(sealed.items()):
            self.stdout.write(f"{column}: {count} sealed")
        if left := plain_left(database):
            raise CommandError("Not sealed: " + ", ".join(f"{column} {count}" for column, count in left.items()))
        self.stdout.write("All words are sealed.")
