"""What stands in the access log's chain for months that are gone."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from organisations.database.one_state import InOneState
from organisations.database.rls import Wall


class Migration(migrations.Migration):
    dependencies = [("organisations", "0018_organisation_copy_parts")]
    operations = [
        InOneState(
            [
                migrations.CreateModel(
                    name="DetachedAccesses",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("first_seq", models.BigIntegerField()),
                        ("last_seq", models.BigIntegerField()),
                        ("previous_hash", models.CharField(max_length=64)),
                        ("hash", models.CharField(max_length=64)),
                        ("until", models.DateTimeField()),
                        ("batch", models.UUIDField()),
                        ("detached_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "first_seq"), name="detached_accesses_once")
                        ],
                    },
                ),
            ]
        ),
        Wall("DetachedAccesses"),
    ]
