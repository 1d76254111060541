"""Whose rows of the access log are about a client is asked of an index, by a function of the owner's."""

from django.db import migrations

from organisations.database.client_accesses import SIGNATURE, SOURCE


class Migration(migrations.Migration):
    dependencies = [("organisations", "0020_access_months")]
    operations = [
        migrations.RunSQL([SOURCE, f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC"], f"DROP FUNCTION {SIGNATURE}")
    ]
