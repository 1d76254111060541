"""A look of a sample is named without a foreign key: the access log is partitioned next, and its months go as a whole."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = "ALTER TABLE sessions_app_sampledaccess DROP CONSTRAINT sessions_app_sampledaccess_event_id_same_org"
BACK = """
    ALTER TABLE sessions_app_sampledaccess ADD CONSTRAINT sessions_app_sampledaccess_event_id_same_org
    FOREIGN KEY (organisation_id, event_id) REFERENCES organisations_accessevent (organisation_id, id)
    DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0027_answered_session")]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.AlterField(
            model_name="sampledaccess",
            name="event",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.accessevent",
            ),
        ),
    ]
