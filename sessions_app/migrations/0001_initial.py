import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clients.models.client
from organisations.database.one_state import InOneState
from organisations.database.rls import EventWall, Wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        InOneState(
            [
                migrations.CreateModel(
                    name="AccessAlarm",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("clients_count", models.PositiveIntegerField()),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("handled_at", models.DateTimeField(null=True)),
                        (
                            "note",
                            models.CharField(blank=True, default="", max_length=400, verbose_name="what came of it"),
                        ),
                        (
                            "handled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["organisation", "practitioner", "until"], name="sessions_ap_organis_9fb29f_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessAlarmEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("clients_count", models.PositiveIntegerField()),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("handled_at", models.DateTimeField(null=True)),
                        (
                            "note",
                            models.CharField(blank=True, default="", max_length=400, verbose_name="what came of it"),
                        ),
                        (
                            "handled_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.accessalarm",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AccessSample",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("month", models.DateField()),
                        ("looks", models.PositiveIntegerField()),
                        ("unrelated", models.PositiveIntegerField()),
                        ("drawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("signed_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "month"), name="access_sample_once_a_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("signed_at", None), ("signed_by", None)),
                                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="access_sample_signed_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessSampleEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("month", models.DateField()),
                        ("looks", models.PositiveIntegerField()),
                        ("unrelated", models.PositiveIntegerField()),
                        ("drawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("signed_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.accesssample",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("rule", models.CharField(max_length=4)),
                        (
                            "level",
                            models.CharField(
                                choices=[("info", "For information"), ("amber", "Talk about it"), ("red", "Act")],
                                max_length=6,
                            ),
                        ),
                        ("numbers", models.JSONField(default=dict)),
                        ("raised_on", models.DateField()),
                        ("closed_on", models.DateField(null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "updated_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        (
                            "acknowledgement",
                            models.CharField(blank=True, default="", max_length=400, verbose_name="note"),
                        ),
                        (
                            "acknowledged_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "episode",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="clients.episode"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "last_session",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alerts_raised",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "updated_at"], name="sessions_ap_organis_a222cf_idx")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "episode", "rule", "session", "raised_on"),
                                name="alert_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConflictingAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=5
                            ),
                        ),
                        ("language", models.CharField(db_default="", default="", max_length=5)),
                        ("pack", models.CharField(blank=True, db_default="", default="", max_length=64)),
                        ("submission_id", models.UUIDField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("taken", models.BooleanField(default=False)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "rating",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="sessions_app.rating",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "rating", "marks"), name="conflicting_answer_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GroupMeeting",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "name",
                            models.CharField(
                                max_length=60,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="name of the group",
                            ),
                        ),
                        ("held_on", models.DateField(verbose_name="date")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "held_on"], name="sessions_ap_organis_11ea0d_idx")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GroupMeetingEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "name",
                            models.CharField(
                                max_length=60,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="name of the group",
                            ),
                        ),
                        ("held_on", models.DateField(verbose_name="date")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.groupmeeting",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GroupMember",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("place", models.PositiveSmallIntegerField()),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="sessions_app.groupmeeting",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "session",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="group_member",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "meeting", "place"), name="group_place_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureValue",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=40)),
                        ("value", models.PositiveIntegerField(verbose_name="value")),
                        ("reason", models.CharField(max_length=400, verbose_name="reason")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
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
                        "indexes": [models.Index(fields=["organisation", "at"], name="sessions_ap_organis_14cfe1_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("after_ors", "After the ORS"), ("after_srs", "After the SRS")], max_length=10
                            ),
                        ),
                        (
                            "text",
                            models.TextField(
                                blank=True, default="", max_length=4000, verbose_name="in the client's own words"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "updated_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "updated_at"], name="sessions_ap_organis_160788_idx")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "session", "kind"), name="note_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "alert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="sessions_app.alert",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "alert", "practitioner"), name="notice_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pack",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("pack", models.CharField(max_length=40)),
                        ("version", models.CharField(max_length=20)),
                        ("instrument", models.CharField(max_length=10)),
                        ("language", models.CharField(max_length=3)),
                        ("content", models.JSONField()),
                        ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "imported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "pack", "version"), name="pack_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="pack_withdrawn_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("pack", models.CharField(max_length=40)),
                        ("version", models.CharField(max_length=20)),
                        ("instrument", models.CharField(max_length=10)),
                        ("language", models.CharField(max_length=3)),
                        ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "imported_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.pack",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PackLicence",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "holder",
                            models.CharField(
                                help_text="In whose name the licence was granted.",
                                max_length=120,
                                verbose_name="licence holder",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="licence number")),
                        (
                            "scope",
                            models.CharField(
                                help_text="For example electronic use by all practitioners of the service.",
                                max_length=200,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "valid_until",
                            models.DateField(
                                blank=True,
                                help_text="The last day. Empty if the licence has no end.",
                                null=True,
                                verbose_name="valid until",
                            ),
                        ),
                        (
                            "document",
                            models.CharField(
                                help_text="The name of the signed document and where it is kept.",
                                max_length=200,
                                verbose_name="document",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pack",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="licences",
                                to="sessions_app.pack",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="pack_licence_confirmed_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackLicenceEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "holder",
                            models.CharField(
                                help_text="In whose name the licence was granted.",
                                max_length=120,
                                verbose_name="licence holder",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="licence number")),
                        (
                            "scope",
                            models.CharField(
                                help_text="For example electronic use by all practitioners of the service.",
                                max_length=200,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "valid_until",
                            models.DateField(
                                blank=True,
                                help_text="The last day. Empty if the licence has no end.",
                                null=True,
                                verbose_name="valid until",
                            ),
                        ),
                        (
                            "document",
                            models.CharField(
                                help_text="The name of the signed document and where it is kept.",
                                max_length=200,
                                verbose_name="document",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pack",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.pack",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.packlicence",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PackReminder",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("days", models.PositiveSmallIntegerField()),
                        ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "licence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reminders",
                                to="sessions_app.packlicence",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "licence", "practitioner", "days"), name="pack_reminder_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PendingAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("instrument", models.CharField(max_length=10)),
                        ("rater", models.CharField(default="client", max_length=20)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=5
                            ),
                        ),
                        ("submission_id", models.UUIDField()),
                        ("device_time", models.CharField(blank=True, default="", max_length=40)),
                        ("language", models.CharField(blank=True, default="", max_length=5)),
                        ("pack", models.CharField(blank=True, default="", max_length=64)),
                        ("late", models.BooleanField(default=False)),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("ahead", "Sent ahead of the session"),
                                    ("withdrawn", "The form had been withdrawn"),
                                    ("closed", "The hand-over was over"),
                                    ("absent", "The session is noted as not held"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("taken", models.BooleanField(default=False)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "episode",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pending_answers",
                                to="clients.episode",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pending_answers",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "submission_id", "marks"), name="pending_answer_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("taken", False),
                                    models.Q(("decided_at__isnull", False), ("session__isnull", False)),
                                    _connector="OR",
                                ),
                                name="pending_answer_taken_by_a_session",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rating",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("instrument", models.CharField(max_length=10)),
                        ("rater", models.CharField(default="client", max_length=20)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), blank=True, null=True, size=5
                            ),
                        ),
                        ("total", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "entry_mode",
                            models.CharField(
                                choices=[
                                    ("device", "The client on a device"),
                                    ("read_aloud", "Read aloud"),
                                    ("paper", "On paper"),
                                    ("imported", "Imported"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(blank=True, default="", max_length=5)),
                        ("pack", models.CharField(blank=True, default="", max_length=64)),
                        ("device_time", models.CharField(blank=True, default="", max_length=40)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("late", models.BooleanField(default=False)),
                        (
                            "updated_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("submission_id", models.UUIDField()),
                        ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="reason")),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "superseded_by",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supersedes",
                                to="sessions_app.rating",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ratings",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "updated_at"], name="sessions_ap_organis_222656_idx")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_by", None)),
                                fields=("organisation", "session", "instrument", "rater"),
                                name="rating_once",
                                nulls_distinct=False,
                                violation_error_message="This session already has that rating.",
                            ),
                            models.UniqueConstraint(
                                fields=("organisation", "submission_id"), name="rating_submission_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("total__gte", 0), ("total__lte", 400)),
                                name="rating_total_between_0_and_400",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("instrument", "who5"), _negated=True), ("total__lte", 25), _connector="OR"
                                ),
                                name="rating_who5_is_raw",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("marks", None),
                                    models.Q(("instrument__in", ["ycors", "ycsrs"]), ("marks__len", 1)),
                                    models.Q(("instrument__in", ["lass"]), ("marks__len", 3)),
                                    models.Q(
                                        ("instrument__in", ["ors", "cors", "srs", "csrs", "gsrs", "cgsrs"]),
                                        ("marks__len", 4),
                                    ),
                                    models.Q(("instrument__in", ["who5"]), ("marks__len", 5)),
                                    _connector="OR",
                                ),
                                name="rating_a_mark_for_each_line",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("instrument__in", ["ycors", "ycsrs"]),
                                        ("marks__isnull", False),
                                        ("total", None),
                                    ),
                                    models.Q(
                                        models.Q(("instrument__in", ["ycors", "ycsrs"]), _negated=True),
                                        ("total__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="rating_total_where_scored",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConflictingAnswerEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=5
                            ),
                        ),
                        ("language", models.CharField(db_default="", default="", max_length=5)),
                        ("pack", models.CharField(blank=True, db_default="", default="", max_length=64)),
                        ("submission_id", models.UUIDField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("taken", models.BooleanField(default=False)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.conflictinganswer",
                            ),
                        ),
                        (
                            "rating",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.rating",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SampledAccess",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("has_relation", models.BooleanField()),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[("right", "Looks right"), ("ask", "Ask about this")],
                                default="",
                                max_length=5,
                            ),
                        ),
                        ("note", models.CharField(blank=True, default="", max_length=400, verbose_name="note")),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.accessevent",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "sample",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sampled",
                                to="sessions_app.accesssample",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "sample", "event"), name="sampled_access_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SampledAccessEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("has_relation", models.BooleanField()),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[("right", "Looks right"), ("ask", "Ask about this")],
                                default="",
                                max_length=5,
                            ),
                        ),
                        ("note", models.CharField(blank=True, default="", max_length=400, verbose_name="note")),
                        (
                            "event",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.accessevent",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.sampledaccess",
                            ),
                        ),
                        (
                            "sample",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.accesssample",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("held_on", models.DateField(verbose_name="date")),
                        ("time_zone", models.CharField(max_length=40)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "updated_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "contact_form",
                            models.CharField(
                                choices=[
                                    ("in_person", "In person"),
                                    ("video", "Video"),
                                    ("phone", "Phone"),
                                    ("home", "Home visit"),
                                ],
                                default="in_person",
                                max_length=10,
                                verbose_name="form of contact",
                            ),
                        ),
                        (
                            "attendance",
                            models.CharField(
                                choices=[
                                    ("attended", "Attended"),
                                    ("no_show", "Did not come"),
                                    ("cancelled_client", "Cancelled by the client"),
                                    ("cancelled_service", "Cancelled by the service"),
                                ],
                                default="attended",
                                max_length=20,
                                verbose_name="attendance",
                            ),
                        ),
                        (
                            "outcome_skipped",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_due", "Not due this time"),
                                    ("declined", "The client did not want to"),
                                    ("no_time", "There was no time"),
                                    ("forgotten", "It was forgotten"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="no ORS because",
                            ),
                        ),
                        (
                            "alliance_skipped",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_due", "Not due this time"),
                                    ("declined", "The client did not want to"),
                                    ("no_time", "There was no time"),
                                    ("forgotten", "It was forgotten"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="no SRS because",
                            ),
                        ),
                        ("finished_at", models.DateTimeField(editable=False, null=True)),
                        ("imported", models.BooleanField(default=False, editable=False)),
                        ("voided_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "void_reason",
                            models.CharField(
                                blank=True, default="", editable=False, max_length=200, verbose_name="reason"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="clients.client",
                            ),
                        ),
                        (
                            "episode",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="clients.episode",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "voided_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["organisation", "episode", "held_on"], name="sessions_ap_organis_d74266_idx"
                            ),
                            models.Index(
                                fields=["organisation", "client", "held_on"], name="sessions_ap_organis_55880c_idx"
                            ),
                            models.Index(fields=["organisation", "updated_at"], name="sessions_ap_organis_bc7c47_idx"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("void_reason", ""), ("voided_at", None), ("voided_by", None)),
                                    models.Q(
                                        ("voided_at__isnull", False),
                                        ("voided_by__isnull", False),
                                        models.Q(("void_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="session_void_has_reason",
                                violation_error_message="Say why the session does not count.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RatingEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("instrument", models.CharField(max_length=10)),
                        ("rater", models.CharField(default="client", max_length=20)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), blank=True, null=True, size=5
                            ),
                        ),
                        ("total", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "entry_mode",
                            models.CharField(
                                choices=[
                                    ("device", "The client on a device"),
                                    ("read_aloud", "Read aloud"),
                                    ("paper", "On paper"),
                                    ("imported", "Imported"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("language", models.CharField(blank=True, default="", max_length=5)),
                        ("pack", models.CharField(blank=True, default="", max_length=64)),
                        ("device_time", models.CharField(blank=True, default="", max_length=40)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("late", models.BooleanField(default=False)),
                        ("submission_id", models.UUIDField()),
                        ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="reason")),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.rating",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "superseded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.rating",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RatingDraft",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("instrument", models.CharField(max_length=10)),
                        ("rater", models.CharField(max_length=20)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(null=True), size=None
                            ),
                        ),
                        ("entry_mode", models.CharField(max_length=10)),
                        ("language", models.CharField(blank=True, db_default="", default="", max_length=5)),
                        ("pack", models.CharField(blank=True, db_default="", default="", max_length=64)),
                        ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "session", "instrument", "rater"), name="draft_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PendingAnswerEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("instrument", models.CharField(max_length=10)),
                        ("rater", models.CharField(default="client", max_length=20)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=5
                            ),
                        ),
                        ("submission_id", models.UUIDField()),
                        ("device_time", models.CharField(blank=True, default="", max_length=40)),
                        ("language", models.CharField(blank=True, default="", max_length=5)),
                        ("pack", models.CharField(blank=True, default="", max_length=64)),
                        ("late", models.BooleanField(default=False)),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("ahead", "Sent ahead of the session"),
                                    ("withdrawn", "The form had been withdrawn"),
                                    ("closed", "The hand-over was over"),
                                    ("absent", "The session is noted as not held"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("taken", models.BooleanField(default=False)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "episode",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="clients.episode",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.pendinganswer",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="NoteEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("after_ors", "After the ORS"), ("after_srs", "After the SRS")], max_length=10
                            ),
                        ),
                        (
                            "text",
                            models.TextField(
                                blank=True, default="", max_length=4000, verbose_name="in the client's own words"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.note",
                            ),
                        ),
                        (
                            "updated_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GroupMemberEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("place", models.PositiveSmallIntegerField()),
                        (
                            "meeting",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.groupmeeting",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.groupmember",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AlertEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("rule", models.CharField(max_length=4)),
                        (
                            "level",
                            models.CharField(
                                choices=[("info", "For information"), ("amber", "Talk about it"), ("red", "Act")],
                                max_length=6,
                            ),
                        ),
                        ("raised_on", models.DateField()),
                        ("closed_on", models.DateField(null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        (
                            "acknowledgement",
                            models.CharField(blank=True, default="", max_length=400, verbose_name="note"),
                        ),
                        (
                            "acknowledged_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "episode",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="clients.episode",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.alert",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SessionEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("held_on", models.DateField(verbose_name="date")),
                        ("time_zone", models.CharField(max_length=40)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "contact_form",
                            models.CharField(
                                choices=[
                                    ("in_person", "In person"),
                                    ("video", "Video"),
                                    ("phone", "Phone"),
                                    ("home", "Home visit"),
                                ],
                                default="in_person",
                                max_length=10,
                                verbose_name="form of contact",
                            ),
                        ),
                        (
                            "attendance",
                            models.CharField(
                                choices=[
                                    ("attended", "Attended"),
                                    ("no_show", "Did not come"),
                                    ("cancelled_client", "Cancelled by the client"),
                                    ("cancelled_service", "Cancelled by the service"),
                                ],
                                default="attended",
                                max_length=20,
                                verbose_name="attendance",
                            ),
                        ),
                        (
                            "outcome_skipped",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_due", "Not due this time"),
                                    ("declined", "The client did not want to"),
                                    ("no_time", "There was no time"),
                                    ("forgotten", "It was forgotten"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="no ORS because",
                            ),
                        ),
                        (
                            "alliance_skipped",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_due", "Not due this time"),
                                    ("declined", "The client did not want to"),
                                    ("no_time", "There was no time"),
                                    ("forgotten", "It was forgotten"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="no SRS because",
                            ),
                        ),
                        ("finished_at", models.DateTimeField(editable=False, null=True)),
                        ("imported", models.BooleanField(default=False, editable=False)),
                        ("voided_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "void_reason",
                            models.CharField(
                                blank=True, default="", editable=False, max_length=200, verbose_name="reason"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="clients.client",
                            ),
                        ),
                        (
                            "episode",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="clients.episode",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="sessions_app.session",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "voided_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SessionImport",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("file_name", models.CharField(max_length=120)),
                        ("content", models.BinaryField(null=True)),
                        ("size", models.PositiveIntegerField()),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Checked, not imported"),
                                    ("importing", "Being imported"),
                                    ("done", "Imported"),
                                    ("nothing", "Nothing imported"),
                                    ("failed", "Could not be read"),
                                    ("discarded", "Discarded"),
                                ],
                                default="checking",
                                max_length=10,
                            ),
                        ),
                        ("all_or_nothing", models.BooleanField(default=False)),
                        ("report", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SupervisionRating",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("held_on", models.DateField(verbose_name="date")),
                        (
                            "supervisor",
                            models.CharField(blank=True, default="", max_length=80, verbose_name="supervisor"),
                        ),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=3
                            ),
                        ),
                        ("total", models.PositiveSmallIntegerField()),
                        ("language", models.CharField(db_default="", default="", max_length=5)),
                        ("pack", models.CharField(blank=True, db_default="", default="", max_length=64)),
                        ("submission_id", models.UUIDField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["organisation", "practitioner", "held_on"],
                                name="sessions_ap_organis_eac221_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "submission_id"), name="supervision_submission_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("marks__len", 3), ("total__lte", 300)),
                                name="supervision_three_marks",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisionShare",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("since", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "shared_with",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("organisation", "practitioner", "shared_with"),
                                name="supervision_shared_once",
                                violation_error_message="You share with this person already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("practitioner", models.F("shared_with")), _negated=True),
                                name="supervision_shared_with_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrajectoryFit",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("instrument", models.CharField(max_length=10)),
                        ("rater", models.CharField(max_length=20)),
                        ("age_band", models.CharField(max_length=12)),
                        ("version", models.PositiveIntegerField()),
                        ("fitted_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("window_start", models.DateField(null=True)),
                        ("window_end", models.DateField(null=True)),
                        ("n_episodes", models.PositiveIntegerField()),
                        ("n_closed", models.PositiveIntegerField()),
                        ("model", models.JSONField(null=True)),
                        ("code_version", models.CharField(max_length=20)),
                        ("data_digest", models.CharField(max_length=64)),
                        ("trust", models.JSONField(null=True)),
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
                            models.UniqueConstraint(
                                fields=("organisation", "instrument", "rater", "age_band", "version"),
                                name="trajectory_version_once",
                            )
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessalarm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_accessalarmevent" ("clients_count", "handled_at", "handled_by_id", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "raised_at", "since", "until") SELECT new_values."clients_count", new_values."handled_at", new_values."handled_by_id", new_values."id", new_values."note", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."practitioner_id", new_values."raised_at", new_values."since", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6a130cd0bd7926221430e849c46efd9a9980a84e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a08f6",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_accessalarm",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessalarm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_accessalarmevent" ("clients_count", "handled_at", "handled_by_id", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "raised_at", "since", "until") VALUES (NEW."clients_count", NEW."handled_at", NEW."handled_by_id", NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."raised_at", NEW."since", NEW."until"); RETURN NULL;',
                            hash="07aa5196d7bcb0d50142918cd73e8ebceb05164e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_75ab0",
                            table="sessions_app_accessalarm",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessalarm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_accessalarmevent" ("clients_count", "handled_at", "handled_by_id", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "raised_at", "since", "until") VALUES (OLD."clients_count", OLD."handled_at", OLD."handled_by_id", OLD."id", OLD."note", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."raised_at", OLD."since", OLD."until"); RETURN NULL;',
                            hash="d5d7dfe5f4085fd018611612d258a72014ea5ff8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b1ddc",
                            table="sessions_app_accessalarm",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accessalarmevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cffbb6a1dbd21b1ced1a5bd476ae8b4b5b493f66",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b27b7",
                            table="sessions_app_accessalarmevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesssample",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_accesssampleevent" ("drawn_at", "id", "looks", "month", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "signed_by_id", "unrelated") SELECT new_values."drawn_at", new_values."id", new_values."looks", new_values."month", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."signed_at", new_values."signed_by_id", new_values."unrelated" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="cd1e69a7b175c9c452678af8e9733883db88e145",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a2a41",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_accesssample",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesssample",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_accesssampleevent" ("drawn_at", "id", "looks", "month", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "signed_by_id", "unrelated") VALUES (NEW."drawn_at", NEW."id", NEW."looks", NEW."month", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."signed_at", NEW."signed_by_id", NEW."unrelated"); RETURN NULL;',
                            hash="ec084f412b7ecf52330efbb787ee8eed20318e87",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_289f1",
                            table="sessions_app_accesssample",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesssample",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_accesssampleevent" ("drawn_at", "id", "looks", "month", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_at", "signed_by_id", "unrelated") VALUES (OLD."drawn_at", OLD."id", OLD."looks", OLD."month", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."signed_at", OLD."signed_by_id", OLD."unrelated"); RETURN NULL;',
                            hash="9b20781ad211573f4e366feadbaa461bc88ec0c1",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1fbf6",
                            table="sessions_app_accesssample",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="accesssampleevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6c28de5e83049dd2ece259256787761cd2c4be29",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_081db",
                            table="sessions_app_accesssampleevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmeeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_groupmeetingevent" ("created_at", "held_on", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id") SELECT new_values."created_at", new_values."held_on", new_values."id", new_values."name", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."practitioner_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="99ed26682c7dda62d2d61157f4e9a65080ee2900",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_304d8",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_groupmeeting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmeeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_groupmeetingevent" ("created_at", "held_on", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id") VALUES (NEW."created_at", NEW."held_on", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."practitioner_id"); RETURN NULL;',
                            hash="0de57eb46403316dd1ae4482d6c0bce3db1780f9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e1d05",
                            table="sessions_app_groupmeeting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmeeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_groupmeetingevent" ("created_at", "held_on", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id") VALUES (OLD."created_at", OLD."held_on", OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."practitioner_id"); RETURN NULL;',
                            hash="b3a8b9d981f7231527424bc41ce3e6ff775c7974",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_9fe61",
                            table="sessions_app_groupmeeting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmeetingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="56e0fb3141b7fb8e6a02da0671a40b025730d3d9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_dba0a",
                            table="sessions_app_groupmeetingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pack",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_packevent" ("id", "imported_at", "imported_by_id", "instrument", "language", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "withdrawn_at", "withdrawn_by_id") SELECT new_values."id", new_values."imported_at", new_values."imported_by_id", new_values."instrument", new_values."language", new_values."organisation_id", new_values."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."version", new_values."withdrawn_at", new_values."withdrawn_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="294b5cb685061e2b04e34205d3d794a7ba99b788",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5d7a4",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_pack",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pack",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."imported_at" IS DISTINCT FROM (NEW."imported_at") OR OLD."imported_by_id" IS DISTINCT FROM (NEW."imported_by_id") OR OLD."instrument" IS DISTINCT FROM (NEW."instrument") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."pack" IS DISTINCT FROM (NEW."pack") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at") OR OLD."withdrawn_by_id" IS DISTINCT FROM (NEW."withdrawn_by_id"))',
                            func='INSERT INTO "sessions_app_packevent" ("id", "imported_at", "imported_by_id", "instrument", "language", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."id", NEW."imported_at", NEW."imported_by_id", NEW."instrument", NEW."language", NEW."organisation_id", NEW."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."version", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                            hash="befb7005f9e94e5e9309d7f2be34eff429200e60",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8b57a",
                            table="sessions_app_pack",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pack",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_packevent" ("id", "imported_at", "imported_by_id", "instrument", "language", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."id", OLD."imported_at", OLD."imported_by_id", OLD."instrument", OLD."language", OLD."organisation_id", OLD."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."version", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;',
                            hash="2ab9e67b792188d28f458ce17efecfbf1a4a9678",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_93911",
                            table="sessions_app_pack",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="packevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c2ce255ab1cd1e4f58a268c4a04e33ac93d75f35",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2ff79",
                            table="sessions_app_packevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="packlicence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_packlicenceevent" ("confirmed_at", "confirmed_by_id", "document", "holder", "id", "number", "organisation_id", "pack_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "scope", "valid_until") SELECT new_values."confirmed_at", new_values."confirmed_by_id", new_values."document", new_values."holder", new_values."id", new_values."number", new_values."organisation_id", new_values."pack_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."recorded_by_id", new_values."scope", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="92714e56f1ea89080e03a7a3cd8458e088809ad9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2be3a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_packlicence",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="packlicence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_packlicenceevent" ("confirmed_at", "confirmed_by_id", "document", "holder", "id", "number", "organisation_id", "pack_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "scope", "valid_until") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."document", NEW."holder", NEW."id", NEW."number", NEW."organisation_id", NEW."pack_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."scope", NEW."valid_until"); RETURN NULL;',
                            hash="e4478a01f8973a941a38860bca76f32acc334be5",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7a8ec",
                            table="sessions_app_packlicence",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="packlicence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_packlicenceevent" ("confirmed_at", "confirmed_by_id", "document", "holder", "id", "number", "organisation_id", "pack_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "scope", "valid_until") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."document", OLD."holder", OLD."id", OLD."number", OLD."organisation_id", OLD."pack_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."scope", OLD."valid_until"); RETURN NULL;',
                            hash="6627616b6f6b234d78a94c182574bf30c772f3a9",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ba424",
                            table="sessions_app_packlicence",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="packlicenceevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bcf4704ed9e71a015a66a43807ac363ccd7b3662",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_02863",
                            table="sessions_app_packlicenceevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="conflictinganswerevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f40d97d0d738663f3219231d41a8034930ba30b7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_af544",
                            table="sessions_app_conflictinganswerevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="conflictinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touches_parent",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="UPDATE sessions_app_rating SET updated_at = clock_timestamp() WHERE id IN (NEW.rating_id, OLD.rating_id); RETURN NULL;",
                            hash="4af0a90a35721c99a5203586b8e3e6ebb58e1563",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_touches_parent_cdd07",
                            table="sessions_app_conflictinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="conflictinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_conflictinganswerevent" ("created_at", "decided_at", "decided_by_id", "id", "language", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "submission_id", "taken") SELECT new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."language", new_values."marks", new_values."organisation_id", new_values."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."rating_id", new_values."submission_id", new_values."taken" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="7728f48658f026680b0eaa69acde782b29142742",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8deef",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_conflictinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="conflictinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_conflictinganswerevent" ("created_at", "decided_at", "decided_by_id", "id", "language", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "submission_id", "taken") VALUES (NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."language", NEW."marks", NEW."organisation_id", NEW."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."rating_id", NEW."submission_id", NEW."taken"); RETURN NULL;',
                            hash="770a749724063bae0d44064c9a081813392a2590",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_70666",
                            table="sessions_app_conflictinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="conflictinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_conflictinganswerevent" ("created_at", "decided_at", "decided_by_id", "id", "language", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "submission_id", "taken") VALUES (OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."language", OLD."marks", OLD."organisation_id", OLD."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."rating_id", OLD."submission_id", OLD."taken"); RETURN NULL;',
                            hash="4479d0360990e1be4f17d81df5277bcb5ce582cf",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c8670",
                            table="sessions_app_conflictinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sampledaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_sampledaccessevent" ("event_id", "has_relation", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sample_id", "verdict") SELECT new_values."event_id", new_values."has_relation", new_values."id", new_values."note", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."sample_id", new_values."verdict" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0043863e7308793b3076fbb6c51803f8696424d4",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_41bfd",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_sampledaccess",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sampledaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_sampledaccessevent" ("event_id", "has_relation", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sample_id", "verdict") VALUES (NEW."event_id", NEW."has_relation", NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."sample_id", NEW."verdict"); RETURN NULL;',
                            hash="6787f9ef02f23cf64921a3071c08bbc478d36553",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_93ea9",
                            table="sessions_app_sampledaccess",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sampledaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_sampledaccessevent" ("event_id", "has_relation", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sample_id", "verdict") VALUES (OLD."event_id", OLD."has_relation", OLD."id", OLD."note", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."sample_id", OLD."verdict"); RETURN NULL;',
                            hash="f777ca323543f35b82c246139a61e68d318a682c",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_61a89",
                            table="sessions_app_sampledaccess",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sampledaccessevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="804a0213cac29aefde9b21dd01d71094982d218c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_09e2d",
                            table="sessions_app_sampledaccessevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="session",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; RETURN NEW;",
                            hash="54b2474327ad117230925fe2878fda5f4cf47e73",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_touched_4f03b",
                            table="sessions_app_session",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="session",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_sessionevent" ("alliance_skipped", "attendance", "client_id", "contact_form", "created_at", "episode_id", "finished_at", "held_on", "id", "imported", "organisation_id", "outcome_skipped", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "started_at", "time_zone", "void_reason", "voided_at", "voided_by_id") SELECT new_values."alliance_skipped", new_values."attendance", new_values."client_id", new_values."contact_form", new_values."created_at", new_values."episode_id", new_values."finished_at", new_values."held_on", new_values."id", new_values."imported", new_values."organisation_id", new_values."outcome_skipped", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."practitioner_id", new_values."started_at", new_values."time_zone", new_values."void_reason", new_values."voided_at", new_values."voided_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="db1c2bc2a4cad5279d5275257a76f33580c2ec2c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_78e0a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_session",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="session",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."alliance_skipped" IS DISTINCT FROM (NEW."alliance_skipped") OR OLD."attendance" IS DISTINCT FROM (NEW."attendance") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."contact_form" IS DISTINCT FROM (NEW."contact_form") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."episode_id" IS DISTINCT FROM (NEW."episode_id") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."imported" IS DISTINCT FROM (NEW."imported") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."outcome_skipped" IS DISTINCT FROM (NEW."outcome_skipped") OR OLD."practitioner_id" IS DISTINCT FROM (NEW."practitioner_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."void_reason" IS DISTINCT FROM (NEW."void_reason") OR OLD."voided_at" IS DISTINCT FROM (NEW."voided_at") OR OLD."voided_by_id" IS DISTINCT FROM (NEW."voided_by_id"))',
                            func='INSERT INTO "sessions_app_sessionevent" ("alliance_skipped", "attendance", "client_id", "contact_form", "created_at", "episode_id", "finished_at", "held_on", "id", "imported", "organisation_id", "outcome_skipped", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "started_at", "time_zone", "void_reason", "voided_at", "voided_by_id") VALUES (NEW."alliance_skipped", NEW."attendance", NEW."client_id", NEW."contact_form", NEW."created_at", NEW."episode_id", NEW."finished_at", NEW."held_on", NEW."id", NEW."imported", NEW."organisation_id", NEW."outcome_skipped", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."started_at", NEW."time_zone", NEW."void_reason", NEW."voided_at", NEW."voided_by_id"); RETURN NULL;',
                            hash="3780e6f21f5cec74c95ebe17e9041ba415f8217e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_be109",
                            table="sessions_app_session",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="session",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_sessionevent" ("alliance_skipped", "attendance", "client_id", "contact_form", "created_at", "episode_id", "finished_at", "held_on", "id", "imported", "organisation_id", "outcome_skipped", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "started_at", "time_zone", "void_reason", "voided_at", "voided_by_id") VALUES (OLD."alliance_skipped", OLD."attendance", OLD."client_id", OLD."contact_form", OLD."created_at", OLD."episode_id", OLD."finished_at", OLD."held_on", OLD."id", OLD."imported", OLD."organisation_id", OLD."outcome_skipped", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."started_at", OLD."time_zone", OLD."void_reason", OLD."voided_at", OLD."voided_by_id"); RETURN NULL;',
                            hash="65ccf6ccdb5e37ba7d794d3da5b0cdc9f4d7ca8d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ff09a",
                            table="sessions_app_session",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ratingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="dbdce02d038e321604b02ea25fa4999298efb377",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2230e",
                            table="sessions_app_ratingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rating",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rating_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."session_id" IS DISTINCT FROM (NEW."session_id") OR OLD."instrument" IS DISTINCT FROM (NEW."instrument") OR OLD."rater" IS DISTINCT FROM (NEW."rater") OR OLD."marks" IS DISTINCT FROM (NEW."marks") OR OLD."total" IS DISTINCT FROM (NEW."total") OR OLD."entry_mode" IS DISTINCT FROM (NEW."entry_mode") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."pack" IS DISTINCT FROM (NEW."pack") OR OLD."device_time" IS DISTINCT FROM (NEW."device_time") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."late" IS DISTINCT FROM (NEW."late") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="e2123c2e44158b90eb05437409b08df1aadfa01c",
                            operation="UPDATE",
                            pgid="pgtrigger_rating_stays_c4910",
                            table="sessions_app_rating",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rating",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; RETURN NEW;",
                            hash="0be56d70cc9a6d79884c71da9619cfa8f2d9ba50",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_touched_2c19d",
                            table="sessions_app_rating",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rating",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_ratingevent" ("created_at", "device_time", "entry_mode", "id", "instrument", "language", "late", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rater", "reason", "recorded_by_id", "session_id", "submission_id", "superseded_by_id", "total") SELECT new_values."created_at", new_values."device_time", new_values."entry_mode", new_values."id", new_values."instrument", new_values."language", new_values."late", new_values."marks", new_values."organisation_id", new_values."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."rater", new_values."reason", new_values."recorded_by_id", new_values."session_id", new_values."submission_id", new_values."superseded_by_id", new_values."total" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="44f608d7f4efa6139f67ce142099397a3ec7aeb8",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_fc2cc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_rating",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rating",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."device_time" IS DISTINCT FROM (NEW."device_time") OR OLD."entry_mode" IS DISTINCT FROM (NEW."entry_mode") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."instrument" IS DISTINCT FROM (NEW."instrument") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."late" IS DISTINCT FROM (NEW."late") OR OLD."marks" IS DISTINCT FROM (NEW."marks") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."pack" IS DISTINCT FROM (NEW."pack") OR OLD."rater" IS DISTINCT FROM (NEW."rater") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."session_id" IS DISTINCT FROM (NEW."session_id") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."superseded_by_id" IS DISTINCT FROM (NEW."superseded_by_id") OR OLD."total" IS DISTINCT FROM (NEW."total"))',
                            func='INSERT INTO "sessions_app_ratingevent" ("created_at", "device_time", "entry_mode", "id", "instrument", "language", "late", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rater", "reason", "recorded_by_id", "session_id", "submission_id", "superseded_by_id", "total") VALUES (NEW."created_at", NEW."device_time", NEW."entry_mode", NEW."id", NEW."instrument", NEW."language", NEW."late", NEW."marks", NEW."organisation_id", NEW."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."rater", NEW."reason", NEW."recorded_by_id", NEW."session_id", NEW."submission_id", NEW."superseded_by_id", NEW."total"); RETURN NULL;',
                            hash="d6bd725756934c95c16ba2f0c5aa97d6a667c485",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2fd92",
                            table="sessions_app_rating",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rating",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_ratingevent" ("created_at", "device_time", "entry_mode", "id", "instrument", "language", "late", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rater", "reason", "recorded_by_id", "session_id", "submission_id", "superseded_by_id", "total") VALUES (OLD."created_at", OLD."device_time", OLD."entry_mode", OLD."id", OLD."instrument", OLD."language", OLD."late", OLD."marks", OLD."organisation_id", OLD."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."rater", OLD."reason", OLD."recorded_by_id", OLD."session_id", OLD."submission_id", OLD."superseded_by_id", OLD."total"); RETURN NULL;',
                            hash="ba9f462308ae81e70d78a1cfdba4a3dd93ab84a2",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_57ce8",
                            table="sessions_app_rating",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pendinganswerevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="529883f30e78e384f56b6672d42b196a1f10d813",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_525be",
                            table="sessions_app_pendinganswerevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pendinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_pendinganswerevent" ("created_at", "decided_at", "decided_by_id", "device_time", "episode_id", "id", "instrument", "language", "late", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rater", "session_id", "submission_id", "taken", "why") SELECT new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."device_time", new_values."episode_id", new_values."id", new_values."instrument", new_values."language", new_values."late", new_values."marks", new_values."organisation_id", new_values."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."rater", new_values."session_id", new_values."submission_id", new_values."taken", new_values."why" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="48f5750a323d5876461676af494cfff12fc231ad",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2c265",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_pendinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pendinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_pendinganswerevent" ("created_at", "decided_at", "decided_by_id", "device_time", "episode_id", "id", "instrument", "language", "late", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rater", "session_id", "submission_id", "taken", "why") VALUES (NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."device_time", NEW."episode_id", NEW."id", NEW."instrument", NEW."language", NEW."late", NEW."marks", NEW."organisation_id", NEW."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."rater", NEW."session_id", NEW."submission_id", NEW."taken", NEW."why"); RETURN NULL;',
                            hash="269ca521b0762bc2791cd72d927592f8d5d04f99",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8ce52",
                            table="sessions_app_pendinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pendinganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_pendinganswerevent" ("created_at", "decided_at", "decided_by_id", "device_time", "episode_id", "id", "instrument", "language", "late", "marks", "organisation_id", "pack", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rater", "session_id", "submission_id", "taken", "why") VALUES (OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."device_time", OLD."episode_id", OLD."id", OLD."instrument", OLD."language", OLD."late", OLD."marks", OLD."organisation_id", OLD."pack", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."rater", OLD."session_id", OLD."submission_id", OLD."taken", OLD."why"); RETURN NULL;',
                            hash="fda5f4732f9eb11667d5ed4bd98b85f0e8da9583",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5d8e7",
                            table="sessions_app_pendinganswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="noteevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="21d41f8e5fe7798d9e99a82e077e23fd311726ed",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3055e",
                            table="sessions_app_noteevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="note",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; RETURN NEW;",
                            hash="e97ead9314b5940a5a8321f3a0dad46b7e482f0f",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_touched_cebe5",
                            table="sessions_app_note",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="note",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_noteevent" ("id", "kind", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "text", "updated_at", "updated_by_id", "version") SELECT new_values."id", new_values."kind", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."session_id", new_values."text", new_values."updated_at", new_values."updated_by_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="19852f726083614c0e54c11303e7f987207eb2de",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ec244",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_note",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="note",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_noteevent" ("id", "kind", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "text", "updated_at", "updated_by_id", "version") VALUES (NEW."id", NEW."kind", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."session_id", NEW."text", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                            hash="77de5842c89b06fe2a007252f5759e1e6350f344",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4cd4c",
                            table="sessions_app_note",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="note",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_noteevent" ("id", "kind", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_id", "text", "updated_at", "updated_by_id", "version") VALUES (OLD."id", OLD."kind", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."session_id", OLD."text", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                            hash="f34dda6d1336cd34e1898fd7d2c5b04bc5fbff88",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c2a16",
                            table="sessions_app_note",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmemberevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8b33b5f0fa853973a6c9f5af737227036e28ec3f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_703ba",
                            table="sessions_app_groupmemberevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_groupmemberevent" ("id", "meeting_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "session_id") SELECT new_values."id", new_values."meeting_id", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."place", new_values."session_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b0f2a78385cfa28796b4613ca52139c2fca9cd08",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a6947",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_groupmember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "sessions_app_groupmemberevent" ("id", "meeting_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "session_id") VALUES (NEW."id", NEW."meeting_id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."place", NEW."session_id"); RETURN NULL;',
                            hash="d6b96dcaa22bad198c41aff171851d77e8022093",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_125a0",
                            table="sessions_app_groupmember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="groupmember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_groupmemberevent" ("id", "meeting_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "session_id") VALUES (OLD."id", OLD."meeting_id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."place", OLD."session_id"); RETURN NULL;',
                            hash="80a255eac0812c54a06d9fef8802c2d60c9f24ac",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4d038",
                            table="sessions_app_groupmember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="alertevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cb1b907be6bc95f06b98d2f31d842dfb890d43c6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b2353",
                            table="sessions_app_alertevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="alert",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; RETURN NEW;",
                            hash="e365f103a3b866825024cba7ba7e695a51f12092",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_touched_7f8a4",
                            table="sessions_app_alert",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="alert",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sessions_app_alertevent" ("acknowledged_at", "acknowledged_by_id", "acknowledgement", "closed_on", "created_at", "episode_id", "id", "level", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "rule", "session_id") SELECT new_values."acknowledged_at", new_values."acknowledged_by_id", new_values."acknowledgement", new_values."closed_on", new_values."created_at", new_values."episode_id", new_values."id", new_values."level", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."raised_on", new_values."rule", new_values."session_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="3339fc656066368407a96c71c2bd49f83f5a0b8c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_98cb0",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="sessions_app_alert",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="alert",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."acknowledged_by_id" IS DISTINCT FROM (NEW."acknowledged_by_id") OR OLD."acknowledgement" IS DISTINCT FROM (NEW."acknowledgement") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."episode_id" IS DISTINCT FROM (NEW."episode_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."session_id" IS DISTINCT FROM (NEW."session_id"))',
                            func='INSERT INTO "sessions_app_alertevent" ("acknowledged_at", "acknowledged_by_id", "acknowledgement", "closed_on", "created_at", "episode_id", "id", "level", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "rule", "session_id") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."acknowledgement", NEW."closed_on", NEW."created_at", NEW."episode_id", NEW."id", NEW."level", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."raised_on", NEW."rule", NEW."session_id"); RETURN NULL;',
                            hash="e1e18ee78779baaa740a95426f73837e6d9a5684",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_dd39d",
                            table="sessions_app_alert",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="alert",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "sessions_app_alertevent" ("acknowledged_at", "acknowledged_by_id", "acknowledgement", "closed_on", "created_at", "episode_id", "id", "level", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "rule", "session_id") VALUES (OLD."acknowledged_at", OLD."acknowledged_by_id", OLD."acknowledgement", OLD."closed_on", OLD."created_at", OLD."episode_id", OLD."id", OLD."level", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."raised_on", OLD."rule", OLD."session_id"); RETURN NULL;',
                            hash="fe58d24e76cd7adf1587009ab48522484653a6c8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_42146",
                            table="sessions_app_alert",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sessionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8cb222ce599e7bba90f00ceb26503cbb433e7b55",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e5618",
                            table="sessions_app_sessionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        Wall(
            "Session",
            "Rating",
            "ConflictingAnswer",
            "Note",
            "Alert",
            "Notice",
            "SessionImport",
            "MeasureValue",
            "TrajectoryFit",
            "Pack",
            "PackLicence",
            "PackReminder",
            "RatingDraft",
            "PendingAnswer",
            "GroupMeeting",
            "GroupMember",
            "SupervisionRating",
            "SupervisionShare",
            "AccessSample",
            "SampledAccess",
            "AccessAlarm",
        ),
        EventWall(
            "SessionEvent",
            "RatingEvent",
            "ConflictingAnswerEvent",
            "NoteEvent",
            "AlertEvent",
            "PackEvent",
            "PackLicenceEvent",
            "PendingAnswerEvent",
            "GroupMeetingEvent",
            "GroupMemberEvent",
            "AccessSampleEvent",
            "SampledAccessEvent",
            "AccessAlarmEvent",
        ),
    ]
