from django.db import migrations, models

from organisations.audit.hash_chain import link_hash


def chain(apps, schema_editor):
    """Give the rows that are there their places, in the order of their times; as the owner of the table."""
    using = schema_editor.connection.alias
    event_model = apps.get_model("organisations", "AccessEvent")
    head_model = apps.get_model("organisations", "AccessHead")
    with schema_editor.connection.cursor() as cursor:
        for organisation in apps.get_model("organisations", "Organisation").objects.using(using).all():
            cursor.execute("SELECT set_config('app.organisation_id', %s, true)", [str(organisation.pk)])
            events = event_model.objects.using(using).filter(organisation=organisation).order_by("at", "id")
            seq, last = 0, ""
            for event in list(events):
                seq += 1
                event.seq, event.previous_hash = seq, last
                event.hash = last = link_hash(last, event)
                event.save(using=using, update_fields=["seq", "previous_hash", "hash"])
            head_model.objects.using(using).create(organisation=organisation, seq=seq, hash=last)
        cursor.execute("SELECT set_config('app.organisation_id', '', true)")
        # Nothing may wait for COMMIT when the next operation alters the table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def unchain(apps, schema_editor):
    """Back to rows that stand in no chain, and no heads: forwards again begins anew."""
    using = schema_editor.connection.alias
    apps.get_model("organisations", "AccessEvent").objects.using(using).update(seq=0, previous_hash="", hash="")
    apps.get_model("organisations", "AccessHead").objects.using(using).all().delete()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_access_chain")]

    operations = [
        migrations.RunPython(chain, unchain),
        migrations.AddConstraint(
            "accessevent", models.UniqueConstraint(fields=["organisation", "seq"], name="access_event_seq")
        ),
    ]
