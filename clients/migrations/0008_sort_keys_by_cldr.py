from django.db import migrations

# Not a copy of the function: the stored keys must be those that the program writes from now on.
from clients.models.sorting import sort_key

AT_A_TIME = 1000


def recompute(apps, schema_editor):
    """Write the sort keys of clients whose names sort elsewhere by now ("aa", "ü", "ð", "þ"), as the owner."""
    using = schema_editor.connection.alias
    client_model = apps.get_model("clients", "Client")
    for organisation in apps.get_model("organisations", "Organisation").objects.using(using).all():
        changed = []
        clients = client_model.objects.using(using).filter(organisation=organisation)
        for client in clients.only("first_name", "reference", "sort_key").iterator(chunk_size=AT_A_TIME):
            key = sort_key(f"{client.first_name or client.reference} {client.reference}", organisation.language)
            if key != client.sort_key:
                client.sort_key = key
                changed.append(client)
        client_model.objects.using(using).bulk_update(changed, ["sort_key"], batch_size=AT_A_TIME)


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_history_by_statement"), ("organisations", "0015_history_by_statement")]

    operations = [migrations.RunPython(recompute, migrations.RunPython.noop)]
