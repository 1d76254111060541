from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0003_overdue_and_checks_by_instrument"),
    ]

    operations = [
        migrations.AddField(
            model_name="ratingdraft",
            name="kept_before_move",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
