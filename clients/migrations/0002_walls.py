from django.db import migrations

from organisations.database.rls import Wall


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("organisations", "0002_walls")]

    operations = [Wall("Client", "ClientTeam", "Episode")]
