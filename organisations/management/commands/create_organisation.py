"""Make an organisation and invite its first administrator."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organisations.history.tracking import put_down_to
from organisations.models import Country, language_choices
from organisations.services.invitations import LIFETIME, create_invitation_link
from organisations.services.organisations import create_organisation
from organisations.tenancy.context import tenant

OPTIONS = {
    "slug": "SLUG",
    "name": "--name",
    "country": "--country",
    "email": "--admin",
    "language": "--language",
    "time_zone": "--time-zone",
}


class Command(BaseCommand):
    help = "Makes an organisation and prints the link with which its first administrator gets in."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="short name in lower case, such as solsikke")
        parser.add_argument("--name", required=True, help="the organisation's name as people say it")
        parser.add_argument("--country", required=True, choices=Country.values)
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="the first administrator's address")
        codes = [code for code, _name in language_choices()]
        parser.add_argument("--language", choices=codes, default="", help="else the country's")
        parser.add_argument("--time-zone", default="", help="such as Europe/Copenhagen; else the country's")

    def handle(self, *args, **options):
        try:
            with transaction.atomic():
                put_down_to({"role": "system", "request": "create_organisation"})
                organisation, admin = create_organisation(
                    slug=options["slug"],
                    name=options["name"],
                    country=options["country"],
                    admin_email=options["admin"],
                    language=options["language"],
                    time_zone=options["time_zone"],
                )
                with tenant(organisation.pk):
                    link = create_invitation_link(practitioner=admin)
        except ValidationError as error:
            raise CommandError(f"{_sentence(error)} Nothing was changed.") from error
        self.stdout.write(
            f"{organisation.name} is there: {organisation.get_language_display()}, {organisation.time_zone}. "
            f"{admin.email} gets in by this link, once, within {LIFETIME.days} days:"
        )
        self.stdout.write(link)


def _sentence(error: ValidationError) -> str:
    return " ".join(
        f"{OPTIONS.get(field, field)}: {message}" if field in OPTIONS else str(message)
        for field, messages in error.message_dict.items()
        for message in messages
    )
