import uuid

import django.db.models.deletion
from django.db import migrations, models

from organisations.database.rls import Wall


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_standards")]

    operations = [
        migrations.AddField("accessevent", "seq", models.BigIntegerField(default=0)),
        migrations.AddField("accessevent", "previous_hash", models.CharField(default="", max_length=64)),
        migrations.AddField("accessevent", "hash", models.CharField(default="", max_length=64)),
        migrations.CreateModel(
            name="AccessHead",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.CharField(default="", max_length=64)),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "accesshead", models.UniqueConstraint(fields=["organisation"], name="access_head_once")
        ),
        Wall("AccessHead"),
    ]
