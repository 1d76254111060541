"""A new key for answers that devices seal; earlier ones open what is under way for 60 days."""

from django.core.management.base import BaseCommand

from sessions_app.services import sealed_answers


class Command(BaseCommand):
    help = "Let devices seal their answers to a new key from now on."

    def handle(self, *args, **options):
        key = sealed_answers.rotate_key()
        if options["verbosity"]:
            self.stdout.write(f"Devices seal to the key {key.id} from now on.")
