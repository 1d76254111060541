from django.db import migrations

from organisations.database.rls import Wall


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0001_initial"), ("clients", "0002_walls")]

    operations = [Wall("Session", "Rating", "ConflictingAnswer", "Note", "Alert", "Notice")]
