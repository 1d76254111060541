from collections import Counter

from django.db import migrations, models

# Not a copy of the function: the stored keys must be those that the program compares from now on.
from organisations.models.labels import normal_form

AT_A_TIME = 1000


def write_keys(apps, schema_editor):
    """Write each client's key, as the owner; of several with one key the first created has it alone, the others are its twins."""
    using = schema_editor.connection.alias
    client_model = apps.get_model("clients", "Client")
    for organisation in apps.get_model("organisations", "Organisation").objects.using(using).all():
        seen = Counter()
        clients = client_model.objects.using(using).filter(organisation=organisation).order_by("created_at", "pk")
        keyed = []
        for client in clients.only("reference").iterator(chunk_size=AT_A_TIME):
            client.reference_key = normal_form(client.reference)
            client.twin = seen[client.reference_key]
            seen[client.reference_key] += 1
            keyed.append(client)
        client_model.objects.using(using).bulk_update(keyed, ["reference_key", "twin"], batch_size=AT_A_TIME)


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_names_of_the_first_release"), ("organisations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="reference_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=180),
        ),
        migrations.AddField(
            model_name="client",
            name="twin",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="client", name="client_reference_once"),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference_key", ""), _negated=True),
                fields=("organisation", "reference_key", "twin"),
                name="client_reference_key_once",
                violation_error_message="There is already a client with that reference.",
            ),
        ),
    ]
