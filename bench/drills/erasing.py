"""A client who is erased while the drill runs, as `manage.py shell` does it; prints the client's key."""

ERASE = """
from datetime import date
from uuid import uuid4
from clients.models import Client, Erasure
from clients.services.erasure_ledger import write_missing_lines
from organisations.audit import record
from organisations.models import Organisation
from organisations.tenancy.context import tenant
from sessions_app.services.erasures import erase_client
here, day = Organisation.objects.get(slug="restore"), date(2026, 1, 1)
with tenant(here.pk):
    client = Client.objects.order_by("pk").first()
    people = {"first_by": uuid4(), "second_by": uuid4(), "first_on": day, "second_on": day}
    with record.recorded(organisation_id=here.pk, request_id="drill"):
        erase_client(Erasure(organisation=here, client_uid=client.pk, rules="drill", kept_until=day, **people))
with tenant(here.pk):
    write_missing_lines(here)
print(client.pk)
"""
