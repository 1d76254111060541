import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clients.models.client
import clients.models.form_languages
from organisations.database.one_state import InOneState
from organisations.database.rls import EventWall, Wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        InOneState(
            [
                migrations.CreateModel(
                    name="Client",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "reference",
                            models.CharField(
                                max_length=60,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "first_name",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=60,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="first name or label",
                            ),
                        ),
                        (
                            "birth_year",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1900),
                                    django.core.validators.MaxValueValidator(2100),
                                ],
                                verbose_name="year of birth",
                            ),
                        ),
                        (
                            "form_language",
                            models.CharField(
                                max_length=5,
                                validators=[clients.models.form_languages.validate_form_language],
                                verbose_name="language of the forms",
                            ),
                        ),
                        (
                            "outcome_rhythm",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Every session"),
                                    (7, "Every week"),
                                    (14, "Every 14 days"),
                                    (30, "Every month"),
                                    (60, "Every other month"),
                                    (90, "Every third month"),
                                ],
                                default=0,
                                verbose_name="ORS",
                            ),
                        ),
                        (
                            "alliance_rhythm",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Every session"),
                                    (7, "Every week"),
                                    (14, "Every 14 days"),
                                    (30, "Every month"),
                                    (60, "Every other month"),
                                    (90, "Every third month"),
                                ],
                                default=0,
                                verbose_name="SRS",
                            ),
                        ),
                        (
                            "who5_weeks",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[
                                    (0, "Not asked for"),
                                    (4, "Every 4 weeks"),
                                    (8, "Every 8 weeks"),
                                    (12, "Every 12 weeks"),
                                    (26, "Every half year"),
                                ],
                                help_text="Empty: as your organisation does it.",
                                null=True,
                                verbose_name="Well-being over two weeks",
                            ),
                        ),
                        ("next_on", models.DateField(blank=True, null=True, verbose_name="next appointment")),
                        ("next_at", models.TimeField(blank=True, null=True, verbose_name="time")),
                        (
                            "is_practice",
                            models.BooleanField(default=False, verbose_name="practice client, counts nowhere"),
                        ),
                        ("archived_at", models.DateTimeField(editable=False, null=True)),
                        ("sort_key", models.CharField(default="", editable=False, max_length=400)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "updated_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contact_of",
                                to="organisations.practitioner",
                                verbose_name="contact person",
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
                            "second_contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="second_contact_of",
                                to="organisations.practitioner",
                                verbose_name="second contact person",
                            ),
                        ),
                        (
                            "teams",
                            models.ManyToManyField(
                                blank=True,
                                related_name="clients",
                                through="clients.ClientTeam",
                                to="organisations.team",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "sort_key"], name="clients_cli_organis_356996_idx"),
                            models.Index(fields=["organisation", "updated_at"], name="clients_cli_organis_363e5b_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "reference"),
                                name="client_reference_once",
                                violation_error_message="There is already a client with that reference.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("second_contact", None),
                                    models.Q(("second_contact", models.F("contact")), _negated=True),
                                    _connector="OR",
                                ),
                                name="client_two_different_contacts",
                                violation_error_message="Choose two different contact persons.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClientEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "reference",
                            models.CharField(
                                max_length=60,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="reference",
                            ),
                        ),
                        (
                            "first_name",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=60,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="first name or label",
                            ),
                        ),
                        (
                            "birth_year",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1900),
                                    django.core.validators.MaxValueValidator(2100),
                                ],
                                verbose_name="year of birth",
                            ),
                        ),
                        (
                            "form_language",
                            models.CharField(
                                max_length=5,
                                validators=[clients.models.form_languages.validate_form_language],
                                verbose_name="language of the forms",
                            ),
                        ),
                        (
                            "outcome_rhythm",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Every session"),
                                    (7, "Every week"),
                                    (14, "Every 14 days"),
                                    (30, "Every month"),
                                    (60, "Every other month"),
                                    (90, "Every third month"),
                                ],
                                default=0,
                                verbose_name="ORS",
                            ),
                        ),
                        (
                            "alliance_rhythm",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Every session"),
                                    (7, "Every week"),
                                    (14, "Every 14 days"),
                                    (30, "Every month"),
                                    (60, "Every other month"),
                                    (90, "Every third month"),
                                ],
                                default=0,
                                verbose_name="SRS",
                            ),
                        ),
                        (
                            "who5_weeks",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[
                                    (0, "Not asked for"),
                                    (4, "Every 4 weeks"),
                                    (8, "Every 8 weeks"),
                                    (12, "Every 12 weeks"),
                                    (26, "Every half year"),
                                ],
                                help_text="Empty: as your organisation does it.",
                                null=True,
                                verbose_name="Well-being over two weeks",
                            ),
                        ),
                        ("next_on", models.DateField(blank=True, null=True, verbose_name="next appointment")),
                        ("next_at", models.TimeField(blank=True, null=True, verbose_name="time")),
                        (
                            "is_practice",
                            models.BooleanField(default=False, verbose_name="practice client, counts nowhere"),
                        ),
                        ("archived_at", models.DateTimeField(editable=False, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                                verbose_name="contact person",
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
                                to="clients.client",
                            ),
                        ),
                        (
                            "second_contact",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.practitioner",
                                verbose_name="second contact person",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClientTeam",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="client_teams",
                                to="clients.client",
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
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="client_teams",
                                to="organisations.team",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "client", "team"), name="client_team_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClientTeamEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
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
                                to="clients.clientteam",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.team",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "indexes": [models.Index(fields=["client"], name="clients_cli_client__1752ac_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Episode",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("label", models.CharField(blank=True, default="", max_length=60, verbose_name="label")),
                        ("started_on", models.DateField(verbose_name="start")),
                        ("ended_on", models.DateField(blank=True, null=True, verbose_name="end")),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("planned", "Planned"),
                                    ("unplanned", "Unplanned"),
                                    ("referred", "Referred on"),
                                    ("moved", "Moved away"),
                                    ("died", "Died"),
                                    ("other", "Other"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="ending",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "updated_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("new_series", models.JSONField(blank=True, default=list, editable=False)),
                        ("age_at_intake", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("sessions_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("outcome_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("outcome_first", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("outcome_last", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("outcome_best", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("outcome_last_on", models.DateField(editable=False, null=True)),
                        ("alliance_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("alliance_first", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("alliance_last", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("alliance_last_on", models.DateField(editable=False, null=True)),
                        ("last_session_on", models.DateField(editable=False, null=True)),
                        ("tone", models.CharField(blank=True, db_default="", default="", editable=False, max_length=5)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="episodes",
                                to="clients.client",
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
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="episodes",
                                to="organisations.service",
                                verbose_name="service",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "client"], name="clients_epi_organis_dc90be_idx"),
                            models.Index(fields=["organisation", "updated_at"], name="clients_epi_organis_9a0537_idx"),
                            models.Index(
                                condition=models.Q(("ended_on", None), ("tone", "")),
                                fields=["organisation"],
                                name="episode_without_tone",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("organisation", "client", "service"),
                                name="episode_one_open",
                                violation_error_message="The client already has an open episode in this service.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_on", None), ("ending", "")),
                                    models.Q(("ended_on__isnull", False), models.Q(("ending", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="episode_end_with_ending",
                                violation_error_message="An end needs its way of ending, and the other way round.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on", None), ("ended_on__gte", models.F("started_on")), _connector="OR"
                                ),
                                name="episode_ends_after_start",
                                violation_error_message="An episode cannot end before it starts.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EpisodeEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("label", models.CharField(blank=True, default="", max_length=60, verbose_name="label")),
                        ("started_on", models.DateField(verbose_name="start")),
                        ("ended_on", models.DateField(blank=True, null=True, verbose_name="end")),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("planned", "Planned"),
                                    ("unplanned", "Unplanned"),
                                    ("referred", "Referred on"),
                                    ("moved", "Moved away"),
                                    ("died", "Died"),
                                    ("other", "Other"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="ending",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("new_series", models.JSONField(blank=True, default=list, editable=False)),
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
                                to="clients.episode",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="organisations.service",
                                verbose_name="service",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Rater",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("key", models.CharField(editable=False, max_length=20)),
                        (
                            "relation",
                            models.CharField(
                                choices=[
                                    ("mother", "Mother"),
                                    ("father", "Father"),
                                    ("caretaker", "Caretaker"),
                                    ("teacher", "Teacher"),
                                    ("professional", "Professional"),
                                    ("network", "Network"),
                                ],
                                max_length=12,
                                verbose_name="who",
                            ),
                        ),
                        (
                            "label",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="For example grandmother. It stands on the form.",
                                max_length=40,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="called",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, editable=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="raters", to="clients.client"
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
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "client", "key"), name="rater_key_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RaterEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("key", models.CharField(editable=False, max_length=20)),
                        (
                            "relation",
                            models.CharField(
                                choices=[
                                    ("mother", "Mother"),
                                    ("father", "Father"),
                                    ("caretaker", "Caretaker"),
                                    ("teacher", "Teacher"),
                                    ("professional", "Professional"),
                                    ("network", "Network"),
                                ],
                                max_length=12,
                                verbose_name="who",
                            ),
                        ),
                        (
                            "label",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="For example grandmother. It stands on the form.",
                                max_length=40,
                                validators=[clients.models.client.refuse_national_id],
                                verbose_name="called",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, editable=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                                to="clients.rater",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clientevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="80c22ec4a1df4225284700a4524ea7870d75db51",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2989c",
                            table="clients_clientevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clientteam",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touches_parent",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="UPDATE clients_client SET updated_at = clock_timestamp() WHERE id IN (NEW.client_id, OLD.client_id); RETURN NULL;",
                            hash="41b1bdf02fed2d2204574f22bcc0e76644904381",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_touches_parent_1c3da",
                            table="clients_clientteam",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clientteam",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "clients_clientteamevent" ("client_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") SELECT new_values."client_id", new_values."id", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."team_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="cbb98e1f7294c1a4bbf1d7bf8a064d24ac0fb864",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e05ec",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="clients_clientteam",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clientteam",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clients_clientteamevent" ("client_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (NEW."client_id", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."team_id"); RETURN NULL;',
                            hash="daf1243e780ed21bcf10b126944024e0ae6232ac",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c7524",
                            table="clients_clientteam",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clientteam",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clients_clientteamevent" ("client_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (OLD."client_id", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."team_id"); RETURN NULL;',
                            hash="f4fd3b24c2b4a4409c606e94097188ba8bc49128",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f3237",
                            table="clients_clientteam",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="client",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; RETURN NEW;",
                            hash="776e59910dbc401af440ee680330f0425e0cc7fc",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_touched_bdd28",
                            table="clients_client",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="client",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "clients_clientevent" ("alliance_rhythm", "archived_at", "birth_year", "contact_id", "created_at", "first_name", "form_language", "id", "is_practice", "next_at", "next_on", "organisation_id", "outcome_rhythm", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "second_contact_id", "who5_weeks") SELECT new_values."alliance_rhythm", new_values."archived_at", new_values."birth_year", new_values."contact_id", new_values."created_at", new_values."first_name", new_values."form_language", new_values."id", new_values."is_practice", new_values."next_at", new_values."next_on", new_values."organisation_id", new_values."outcome_rhythm", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."reference", new_values."second_contact_id", new_values."who5_weeks" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f7a7006d6a8943e9f4c7bf89f623e0778da73bc7",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a5391",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="clients_client",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="client",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."alliance_rhythm" IS DISTINCT FROM (NEW."alliance_rhythm") OR OLD."archived_at" IS DISTINCT FROM (NEW."archived_at") OR OLD."birth_year" IS DISTINCT FROM (NEW."birth_year") OR OLD."contact_id" IS DISTINCT FROM (NEW."contact_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."form_language" IS DISTINCT FROM (NEW."form_language") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_practice" IS DISTINCT FROM (NEW."is_practice") OR OLD."next_at" IS DISTINCT FROM (NEW."next_at") OR OLD."next_on" IS DISTINCT FROM (NEW."next_on") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."outcome_rhythm" IS DISTINCT FROM (NEW."outcome_rhythm") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."second_contact_id" IS DISTINCT FROM (NEW."second_contact_id") OR OLD."who5_weeks" IS DISTINCT FROM (NEW."who5_weeks"))',
                            func='INSERT INTO "clients_clientevent" ("alliance_rhythm", "archived_at", "birth_year", "contact_id", "created_at", "first_name", "form_language", "id", "is_practice", "next_at", "next_on", "organisation_id", "outcome_rhythm", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "second_contact_id", "who5_weeks") VALUES (NEW."alliance_rhythm", NEW."archived_at", NEW."birth_year", NEW."contact_id", NEW."created_at", NEW."first_name", NEW."form_language", NEW."id", NEW."is_practice", NEW."next_at", NEW."next_on", NEW."organisation_id", NEW."outcome_rhythm", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reference", NEW."second_contact_id", NEW."who5_weeks"); RETURN NULL;',
                            hash="fd22b8b9f95df19f21a2d42de373142ae2510c15",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_757e7",
                            table="clients_client",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="client",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clients_clientevent" ("alliance_rhythm", "archived_at", "birth_year", "contact_id", "created_at", "first_name", "form_language", "id", "is_practice", "next_at", "next_on", "organisation_id", "outcome_rhythm", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "second_contact_id", "who5_weeks") VALUES (OLD."alliance_rhythm", OLD."archived_at", OLD."birth_year", OLD."contact_id", OLD."created_at", OLD."first_name", OLD."form_language", OLD."id", OLD."is_practice", OLD."next_at", OLD."next_on", OLD."organisation_id", OLD."outcome_rhythm", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reference", OLD."second_contact_id", OLD."who5_weeks"); RETURN NULL;',
                            hash="1e9d28220c4fde2ee996d22f63b8448fed48b93d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f8895",
                            table="clients_client",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clientteamevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="dcd4ff219070fb9e8a88a5ac6b94163a34f6d7d1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_518e7",
                            table="clients_clientteamevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="episode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="touched",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; RETURN NEW;",
                            hash="c1e69c1415615debff809099ef400d18f928cec6",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_touched_c6270",
                            table="clients_episode",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="episode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "clients_episodeevent" ("client_id", "created_at", "ended_on", "ending", "id", "label", "new_series", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "started_on") SELECT new_values."client_id", new_values."created_at", new_values."ended_on", new_values."ending", new_values."id", new_values."label", new_values."new_series", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."service_id", new_values."started_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f9ae6ceb1b0d6f7555aa938609ce8057f94e1912",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7711d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="clients_episode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="episode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."ended_on" IS DISTINCT FROM (NEW."ended_on") OR OLD."ending" IS DISTINCT FROM (NEW."ending") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."new_series" IS DISTINCT FROM (NEW."new_series") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."service_id" IS DISTINCT FROM (NEW."service_id") OR OLD."started_on" IS DISTINCT FROM (NEW."started_on"))',
                            func='INSERT INTO "clients_episodeevent" ("client_id", "created_at", "ended_on", "ending", "id", "label", "new_series", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "started_on") VALUES (NEW."client_id", NEW."created_at", NEW."ended_on", NEW."ending", NEW."id", NEW."label", NEW."new_series", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."service_id", NEW."started_on"); RETURN NULL;',
                            hash="204be8613c1a7d9790cd10bcaf492e979ba15dab",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f4432",
                            table="clients_episode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="episode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clients_episodeevent" ("client_id", "created_at", "ended_on", "ending", "id", "label", "new_series", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "started_on") VALUES (OLD."client_id", OLD."created_at", OLD."ended_on", OLD."ending", OLD."id", OLD."label", OLD."new_series", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."service_id", OLD."started_on"); RETURN NULL;',
                            hash="fbd42af772d9a04e1f897b1ae8a7390ce126a450",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_bd0f0",
                            table="clients_episode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="episodeevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cb05f84d02708ba6d6eb3785bf9dbd864f31ce36",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_76835",
                            table="clients_episodeevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rater",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "clients_raterevent" ("client_id", "created_at", "id", "is_active", "key", "label", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation") SELECT new_values."client_id", new_values."created_at", new_values."id", new_values."is_active", new_values."key", new_values."label", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."relation" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8d78531f7f52675b4e681dc110f84161fdd13306",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_04a3d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="clients_rater",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rater",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "clients_raterevent" ("client_id", "created_at", "id", "is_active", "key", "label", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation") VALUES (NEW."client_id", NEW."created_at", NEW."id", NEW."is_active", NEW."key", NEW."label", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."relation"); RETURN NULL;',
                            hash="1ef9e38ef1c96ffddf43b0405440b144f55c0697",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cde4e",
                            table="clients_rater",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rater",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "clients_raterevent" ("client_id", "created_at", "id", "is_active", "key", "label", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation") VALUES (OLD."client_id", OLD."created_at", OLD."id", OLD."is_active", OLD."key", OLD."label", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."relation"); RETURN NULL;',
                            hash="1001efe5731e6e9f5081f86eade1710058cf8091",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_465fc",
                            table="clients_rater",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="raterevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d4f0526473e93f248030cca28d88729a2fadea9d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_aa73e",
                            table="clients_raterevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        Wall(
            "Client",
            "ClientTeam",
            "Episode",
            "Rater",
        ),
        EventWall(
            "ClientEvent",
            "ClientTeamEvent",
            "EpisodeEvent",
            "RaterEvent",
        ),
    ]
