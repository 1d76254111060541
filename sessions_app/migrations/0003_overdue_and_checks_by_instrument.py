from django.db import migrations, models

MISSING, OVERDUE = "M1", "M2"
LEVEL = {MISSING: "m1-level", OVERDUE: "m2-level"}


def give_overdue_its_key(apps, schema_editor):
    """Stored alerts without a session become M2; the level that an organisation chose for both holds for both."""
    using = schema_editor.connection.alias
    _rename(apps, using, MISSING, OVERDUE)
    values = apps.get_model("sessions_app", "MeasureValue").objects.using(using)
    chosen = values.filter(key=LEVEL[MISSING]).order_by("organisation", "-at", "-id").distinct("organisation")
    for value in chosen:
        value.pk, value.key = None, LEVEL[OVERDUE]
        value.save(using=using, force_insert=True)


def take_its_key_back(apps, schema_editor):
    """What was M2 is M1 without a session again; one level holds for both: that of M1."""
    using = schema_editor.connection.alias
    _rename(apps, using, OVERDUE, MISSING)
    apps.get_model("sessions_app", "MeasureValue").objects.using(using).filter(key=LEVEL[OVERDUE]).delete()


def _rename(apps, using, before, after):
    alerts = apps.get_model("sessions_app", "Alert").objects.using(using)
    alerts.filter(rule=before, session=None).update(rule=after)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0002_names_of_the_first_release")]

    operations = [
        migrations.RunPython(give_overdue_its_key, take_its_key_back),
        # Of an instrument that is not named nothing is said: a new one is stored before its own check is there.
        migrations.RemoveConstraint(
            model_name="rating",
            name="rating_a_mark_for_each_line",
        ),
        migrations.RemoveConstraint(
            model_name="rating",
            name="rating_who5_is_raw",
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("total", None),
                    models.Q(
                        models.Q(
                            models.Q(("instrument__in", ["ycors", "ycsrs"]), _negated=True),
                            ("total__lte", 0),
                            _connector="OR",
                        ),
                        models.Q(
                            models.Q(("instrument__in", ["who5"]), _negated=True), ("total__lte", 25), _connector="OR"
                        ),
                        models.Q(
                            models.Q(("instrument__in", ["lass"]), _negated=True), ("total__lte", 300), _connector="OR"
                        ),
                        models.Q(
                            models.Q(
                                ("instrument__in", ["ors", "cors", "srs", "csrs", "gsrs", "cgsrs"]), _negated=True
                            ),
                            ("total__lte", 400),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="rating_total_within_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("marks", None),
                    models.Q(
                        models.Q(
                            models.Q(("instrument__in", ["ycors", "ycsrs"]), _negated=True),
                            ("marks__len", 1),
                            _connector="OR",
                        ),
                        models.Q(
                            models.Q(("instrument__in", ["lass"]), _negated=True), ("marks__len", 3), _connector="OR"
                        ),
                        models.Q(
                            models.Q(
                                ("instrument__in", ["ors", "cors", "srs", "csrs", "gsrs", "cgsrs"]), _negated=True
                            ),
                            ("marks__len", 4),
                            _connector="OR",
                        ),
                        models.Q(
                            models.Q(("instrument__in", ["who5"]), _negated=True), ("marks__len", 5), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="rating_a_mark_for_each_line",
            ),
        ),
    ]
