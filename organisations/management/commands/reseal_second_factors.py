"""`manage.py reseal_second_factors`: after a new SECRET_KEY, before the earlier one leaves SECRET_KEY_FALLBACKS."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from organisations.login.second_factor import reseal
from organisations.login.sign_on.sealing import reseal as reseal_provider
from organisations.models import IdentityProvider, Organisation
from organisations.tenancy.context import tenant


class Command(BaseCommand):
    help = "Seals the secrets of authenticator apps, recovery codes and identity providers with the newest SECRET_KEY."

    @transaction.atomic
    def handle(self, *args, **options):
        count = sum(reseal(authenticator) for authenticator in Authenticator.objects.select_for_update())
        for organisation in Organisation.objects.all():
            with tenant(organisation.pk):
                count += sum(reseal_provider(provider) for provider in IdentityProvider.objects.select_for_update())
        self.stdout.write(f"{count} sealed anew")
