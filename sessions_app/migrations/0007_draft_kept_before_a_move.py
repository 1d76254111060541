from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0006_appointment_of_a_session"),
    ]

    operations = [
        migrations.AddField(
            model_name="ratingdraft",
            name="kept_before_move",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
