from django.db import migrations, models

import organisations.models.countries


class Migration(migrations.Migration):
    """Which languages there are is asked when it is needed: a new one changes no table."""

    dependencies = [("organisations", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="language",
            field=models.CharField(
                choices=organisations.models.countries.language_choices,
                max_length=5,
                verbose_name="language",
                **more,
            ),
        )
        for model, more in (
            ("organisation", {"default": "da"}),
            ("organisationevent", {"default": "da"}),
            ("user", {"blank": True, "default": ""}),
        )
    ]
