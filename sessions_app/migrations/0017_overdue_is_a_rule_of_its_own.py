from django.db import migrations

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
    dependencies = [("sessions_app", "0016_held_answers_of_closed_forms")]

    operations = [migrations.RunPython(give_overdue_its_key, take_its_key_back)]
