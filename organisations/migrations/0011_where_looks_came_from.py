from django.db import migrations, models

from organisations.database.one_state import InOneState


class Migration(migrations.Migration):
    dependencies = [("organisations", "0010_single_sign_on")]
    operations = [
        InOneState(
            [
                migrations.AddField(
                    model_name="accessevent",
                    name="address",
                    field=models.CharField(db_default="", default="", max_length=45),
                ),
                migrations.AddField(
                    model_name="accessevent",
                    name="log_in",
                    field=models.CharField(db_default="", default="", max_length=36),
                ),
            ]
        )
    ]
