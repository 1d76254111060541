"""`manage.py rotate_word_keys`: after a new key was put last into the file, or a new version made at the service."""

from django.core.management.base import BaseCommand, CommandError

from clients.services.word_keys import rotate_word_keys, wrapped_by
from organisations.word_keys.keepers import KeyUnreachable, keeper


class Command(BaseCommand):
    help = "Wraps the keys of clients' words with the newest key; interrupted, it goes on when it is run again."

    def handle(self, *args, **options):
        try:
            count = sum(rotate_word_keys())
            newest, used = keeper().newest(), wrapped_by()
        except KeyUnreachable as error:
            raise CommandError(str(error)) from error
        left = {key: rows for key, rows in sorted(used.items()) if key != newest}
        self.stdout.write(f"{count} wrapped anew; the newest key, {newest}, wraps {used[newest]}.")
        if left:
            told = ", ".join(f"{key} wraps {rows}" for key, rows in left.items())
            raise CommandError(f"Not all: {told}. Run it again.")
        self.stdout.write("No other key is in use any more.")
        self.stdout.write(
            "Backups from before open with the earlier lines, words that were erased since included: keep those lines "
            "apart from the backups, and no longer than they are kept."
        )
