"""`manage.py delete_organisation SHORT-NAME`: the last step, with the database's owner, after the operators' pages."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organisations.models import Organisation
from organisations.services.organisation_deletion import delete_organisation


class Command(BaseCommand):
    help = "Deletes everything of an organisation that was suspended for 30 days and whose deletion two have confirmed."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="its short name")

    def handle(self, *args, slug, **options):
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            raise CommandError("There is no organisation with that short name.")
        try:
            found = delete_organisation(organisation)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{organisation.name} is gone: {sum(found.values())} rows of {len(found)} tables.")
        self.stdout.write("Backups and the archived log hold it until they are thrown away (docs/operations.md).")
