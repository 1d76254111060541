import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import organisations.models.countries
import organisations.roles
from organisations.database.one_state import InOneState
from organisations.database.rls import EventWall, Wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        InOneState(
            [
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="what it is for")),
                        ("prefix", models.CharField(max_length=8)),
                        (
                            "scopes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20), size=None
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("last_used_at", models.DateTimeField(null=True)),
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
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="api_tokens",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("scopes", []), _negated=True), name="api_token_has_scopes"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="organisations.team",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "practitioner", "team"), name="member_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="short name")),
                        (
                            "country",
                            models.CharField(
                                choices=[
                                    ("DK", "Denmark"),
                                    ("SE", "Sweden"),
                                    ("NO", "Norway"),
                                    ("other", "Another country"),
                                ],
                                default="DK",
                                max_length=5,
                                verbose_name="country",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=organisations.models.countries.language_choices,
                                default="da",
                                max_length=5,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Copenhagen",
                                max_length=40,
                                validators=[organisations.models.countries.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "uses_first_names",
                            models.BooleanField(default=True, verbose_name="clients may have a first name or label"),
                        ),
                        (
                            "form_speaks_numbers",
                            models.BooleanField(
                                db_default=False, default=False, verbose_name="screen readers say a mark as a number"
                            ),
                        ),
                        (
                            "emergency_text",
                            models.TextField(
                                blank=True, default="", max_length=1000, verbose_name="what to do in danger"
                            ),
                        ),
                        (
                            "privacy_contact",
                            models.CharField(
                                blank=True, default="", max_length=200, verbose_name="whom clients ask about their data"
                            ),
                        ),
                        (
                            "offers_closings",
                            models.BooleanField(
                                db_default=True, default=True, verbose_name="last words may be chosen for a form"
                            ),
                        ),
                        ("requires_second_factor", models.BooleanField(default=False, editable=False)),
                        ("is_demo", models.BooleanField(default=False, editable=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="OrganisationEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("slug", models.SlugField(db_index=False, max_length=60, verbose_name="short name")),
                        (
                            "country",
                            models.CharField(
                                choices=[
                                    ("DK", "Denmark"),
                                    ("SE", "Sweden"),
                                    ("NO", "Norway"),
                                    ("other", "Another country"),
                                ],
                                default="DK",
                                max_length=5,
                                verbose_name="country",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=organisations.models.countries.language_choices,
                                default="da",
                                max_length=5,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Copenhagen",
                                max_length=40,
                                validators=[organisations.models.countries.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "uses_first_names",
                            models.BooleanField(default=True, verbose_name="clients may have a first name or label"),
                        ),
                        (
                            "form_speaks_numbers",
                            models.BooleanField(
                                db_default=False, default=False, verbose_name="screen readers say a mark as a number"
                            ),
                        ),
                        (
                            "emergency_text",
                            models.TextField(
                                blank=True, default="", max_length=1000, verbose_name="what to do in danger"
                            ),
                        ),
                        (
                            "privacy_contact",
                            models.CharField(
                                blank=True, default="", max_length=200, verbose_name="whom clients ask about their data"
                            ),
                        ),
                        (
                            "offers_closings",
                            models.BooleanField(
                                db_default=True, default=True, verbose_name="last words may be chosen for a form"
                            ),
                        ),
                        ("requires_second_factor", models.BooleanField(default=False, editable=False)),
                        ("is_demo", models.BooleanField(default=False, editable=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Outbox",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("task", models.CharField(max_length=80)),
                        ("object_id", models.UUIDField()),
                        ("request_id", models.CharField(blank=True, db_default="", default="", max_length=36)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(condition=models.Q(("done_at", None)), fields=["due_at"], name="outbox_open")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Practitioner",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("practitioner", "Practitioner"),
                                    ("team_lead", "Team lead"),
                                    ("admin", "Administrator"),
                                ],
                                default=organisations.roles.Role["PRACTITIONER"],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
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
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="practitioners",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "teams",
                            models.ManyToManyField(
                                blank=True,
                                related_name="practitioners",
                                through="organisations.Membership",
                                to="organisations.team",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "user"),
                                name="practitioner_once_per_organisation",
                                violation_error_message="This person already works here.",
                            ),
                            models.UniqueConstraint(
                                models.F("organisation"),
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("email", ""), _negated=True),
                                name="practitioner_email_once",
                                violation_error_message="Somebody with that address already works here.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PractitionerEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("practitioner", "Practitioner"),
                                    ("team_lead", "Team lead"),
                                    ("admin", "Administrator"),
                                ],
                                default=organisations.roles.Role["PRACTITIONER"],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
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
                                to="organisations.practitioner",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Service",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("adults", "Adults"), ("children", "Children and young people")],
                                default="adults",
                                max_length=10,
                                verbose_name="for",
                            ),
                        ),
                        (
                            "municipality_code",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=4,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[0-9]{3,4}\\Z", "A municipality code has three or four digits."
                                    )
                                ],
                                verbose_name="municipality code",
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
                            models.UniqueConstraint(
                                fields=("organisation", "name"),
                                name="service_name_once",
                                violation_error_message="There is already a service with that name.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("adults", "Adults"), ("children", "Children and young people")],
                                default="adults",
                                max_length=10,
                                verbose_name="for",
                            ),
                        ),
                        (
                            "municipality_code",
                            models.CharField(
                                blank=True,
                                default="",
                                max_length=4,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[0-9]{3,4}\\Z", "A municipality code has three or four digits."
                                    )
                                ],
                                verbose_name="municipality code",
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
                                to="organisations.service",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
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
                                related_name="teams",
                                to="organisations.service",
                                verbose_name="service",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "service", "name"),
                                name="team_name_once",
                                violation_error_message="The service already has a team with that name.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
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
                                to="organisations.team",
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
                    name="TokenConfirmation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "confirmed_by",
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
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.team"
                            ),
                        ),
                        (
                            "token",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="confirmations",
                                to="organisations.apitoken",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "token", "team"), name="token_confirmed_once_a_team"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=organisations.models.countries.language_choices,
                                default="",
                                max_length=5,
                                verbose_name="language",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("pin_hash", models.CharField(blank=True, default="", editable=False, max_length=128)),
                        ("pin_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"), name="user_email_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeviceSession",
                    fields=[
                        (
                            "session_key",
                            models.CharField(
                                max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                            ),
                        ),
                        ("session_data", models.TextField(verbose_name="session data")),
                        ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                        ("came_from", models.CharField(db_default="", db_index=True, default="", max_length=64)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MembershipEvent",
                    fields=[
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="organisations.membership",
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
                        "indexes": [models.Index(fields=["practitioner"], name="organisatio_practit_5474d9_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="KeptAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("key", models.CharField(max_length=100)),
                        ("request_hash", models.BinaryField(max_length=32)),
                        ("status", models.PositiveSmallIntegerField(default=0)),
                        ("body", models.TextField(default="")),
                        (
                            "client_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "token",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="organisations.apitoken",
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
                        "indexes": [models.Index(fields=["created_at"], name="organisatio_created_b31b22_idx")],
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "token", "key"), name="kept_answer_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Capability",
                    fields=[
                        ("token_hash", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("handover", "a form on a handed-over device"),
                                    ("invitation", "an invitation to set a password"),
                                    ("link", "a form on the client's own device"),
                                    ("ahead", "such a form, sent before its session has begun"),
                                    ("group", "the one code of a group's forms"),
                                    ("number", "a participant's number behind that code"),
                                    ("api", "another system's requests"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("object_id", models.UUIDField()),
                        ("handover", models.UUIDField(db_index=True, null=True)),
                        ("detail", models.CharField(blank=True, default="", max_length=40)),
                        ("closing", models.CharField(blank=True, default="", max_length=12)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("expires_at", models.DateTimeField()),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("used_at", models.DateTimeField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["object_id", "kind"], name="organisatio_object__aa484d_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="AccessHead",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                    options={
                        "constraints": [models.UniqueConstraint(fields=("organisation",), name="access_head_once")],
                    },
                ),
                migrations.CreateModel(
                    name="AccessEvent",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("role", models.CharField(max_length=20)),
                        ("action", models.CharField(max_length=60)),
                        (
                            "client_ids",
                            django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                        ),
                        ("purpose", models.CharField(max_length=120)),
                        ("typed", models.CharField(blank=True, db_default="", default="", max_length=200)),
                        ("request_id", models.CharField(max_length=36)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("seq", models.BigIntegerField(default=0)),
                        ("previous_hash", models.CharField(default="", max_length=64)),
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
                        (
                            "practitioner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.practitioner",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["client_ids"], name="organisatio_client__2d31b1_gin"
                            ),
                            models.Index(fields=["organisation", "at"], name="organisatio_organis_416e55_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "seq"), name="access_event_seq")
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organisations_organisationevent" ("country", "created_at", "emergency_text", "form_speaks_numbers", "id", "is_demo", "language", "name", "offers_closings", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "privacy_contact", "requires_second_factor", "slug", "time_zone", "uses_first_names") SELECT new_values."country", new_values."created_at", new_values."emergency_text", new_values."form_speaks_numbers", new_values."id", new_values."is_demo", new_values."language", new_values."name", new_values."offers_closings", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."privacy_contact", new_values."requires_second_factor", new_values."slug", new_values."time_zone", new_values."uses_first_names" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="03920daee3d0d43e7239a6c92d7433aec8c4207a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_040c9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="organisations_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "organisations_organisationevent" ("country", "created_at", "emergency_text", "form_speaks_numbers", "id", "is_demo", "language", "name", "offers_closings", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "privacy_contact", "requires_second_factor", "slug", "time_zone", "uses_first_names") VALUES (NEW."country", NEW."created_at", NEW."emergency_text", NEW."form_speaks_numbers", NEW."id", NEW."is_demo", NEW."language", NEW."name", NEW."offers_closings", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."privacy_contact", NEW."requires_second_factor", NEW."slug", NEW."time_zone", NEW."uses_first_names"); RETURN NULL;',
                            hash="72c4b02ce8faafc96df488acb73ff6e9ff72fb35",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0b99b",
                            table="organisations_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "organisations_organisationevent" ("country", "created_at", "emergency_text", "form_speaks_numbers", "id", "is_demo", "language", "name", "offers_closings", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "privacy_contact", "requires_second_factor", "slug", "time_zone", "uses_first_names") VALUES (OLD."country", OLD."created_at", OLD."emergency_text", OLD."form_speaks_numbers", OLD."id", OLD."is_demo", OLD."language", OLD."name", OLD."offers_closings", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."privacy_contact", OLD."requires_second_factor", OLD."slug", OLD."time_zone", OLD."uses_first_names"); RETURN NULL;',
                            hash="761604f69c88a3015c8e4675f1b14e411c936d52",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_57a4b",
                            table="organisations_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisationevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="13eb6e28966182a08694bfb06589ddaadb2672fe",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c38e9",
                            table="organisations_organisationevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="practitionerevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f49951f5d4ad4b5f27a3a9862df6d56583b1ad43",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9a5ef",
                            table="organisations_practitionerevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="service",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organisations_serviceevent" ("id", "kind", "municipality_code", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."kind", new_values."municipality_code", new_values."name", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ead93555d8310348b9fb666e61c62b806fd84299",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_55812",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="organisations_service",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="service",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "organisations_serviceevent" ("id", "kind", "municipality_code", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."kind", NEW."municipality_code", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="0095ea8e2495b778bf552fed9fad5259a87a45df",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c95d9",
                            table="organisations_service",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="service",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "organisations_serviceevent" ("id", "kind", "municipality_code", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."kind", OLD."municipality_code", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="cda24a6029d39194ca6de8c6e08c1ae20e92d75b",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_97136",
                            table="organisations_service",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="serviceevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="fcf072974959b91a5e8ba5e84828f899e4022e3e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_575cf",
                            table="organisations_serviceevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="team",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organisations_teamevent" ("id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") SELECT new_values."id", new_values."name", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."service_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ecff3b02a56e69fe322c4242ed1abc7f2f62a39b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_896f7",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="organisations_team",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="team",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "organisations_teamevent" ("id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."service_id"); RETURN NULL;',
                            hash="347f4c48eb4d64e3a6cd3f26e96c93dd55f90a55",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b1b26",
                            table="organisations_team",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="team",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "organisations_teamevent" ("id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."service_id"); RETURN NULL;',
                            hash="3a2004d790fbe966dd5cf3cbde7c35cb8cf93c8a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ababb",
                            table="organisations_team",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="practitioner",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organisations_practitionerevent" ("email", "id", "is_active", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") SELECT new_values."email", new_values."id", new_values."is_active", new_values."name", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."role", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="906e99a812ece3bcb792631c15bea7687010db6d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_73b79",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="organisations_practitioner",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="practitioner",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "organisations_practitionerevent" ("email", "id", "is_active", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;',
                            hash="70129d32167e542aa26821328f8e3885ca11030e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_24172",
                            table="organisations_practitioner",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="practitioner",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "organisations_practitionerevent" ("email", "id", "is_active", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (OLD."email", OLD."id", OLD."is_active", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."role", OLD."user_id"); RETURN NULL;',
                            hash="90d7e7ef39d7e9d70b72dfc2f7255d7815567867",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ab82b",
                            table="organisations_practitioner",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membershipevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4cc7fa317e08ccd5435257e214c0adee8a67644b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8c259",
                            table="organisations_membershipevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organisations_membershipevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "team_id") SELECT new_values."id", new_values."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."practitioner_id", new_values."team_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ee45828d5dc06870f95cbc176159012f000f8046",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ea1f9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="organisations_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "organisations_membershipevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "team_id") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."team_id"); RETURN NULL;',
                            hash="5afa0aec48bdc53f207f0e0a4011ce7f5d47083c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8973b",
                            table="organisations_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "organisations_membershipevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "team_id") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."team_id"); RETURN NULL;',
                            hash="cae95212c6e2a0b7f5913ab06cc80076975e7351",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b591d",
                            table="organisations_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="teamevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="03036925586331ba3ce924a44432d1cd24640860",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_958f0",
                            table="organisations_teamevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        Wall(
            "Service",
            "Team",
            "Practitioner",
            "Membership",
            "AccessEvent",
            "AccessHead",
            "ApiToken",
            "KeptAnswer",
            "TokenConfirmation",
        ),
        # Log-in and the switcher find a person's own rows while no organisation is set, and only then.
        migrations.RunSQL(
            "CREATE POLICY own ON organisations_practitioner FOR SELECT USING ("
            "NULLIF(current_setting('app.organisation_id', true), '') IS NULL AND "
            "user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid))",
            "DROP POLICY own ON organisations_practitioner",
        ),
        EventWall(
            "OrganisationEvent",
            "ServiceEvent",
            "TeamEvent",
            "PractitionerEvent",
            "MembershipEvent",
        ),
    ]
