from django.db import migrations

from organisations.database.rls import Wall


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        Wall("Service", "Team", "Practitioner", "Membership", "AccessEvent"),
        # Log-in and the switcher find a person's own rows while no organisation is set, and only then.
        migrations.RunSQL(
            "CREATE POLICY own ON organisations_practitioner FOR SELECT USING ("
            "NULLIF(current_setting('app.organisation_id', true), '') IS NULL AND "
            "user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid))",
            "DROP POLICY own ON organisations_practitioner",
        ),
    ]
