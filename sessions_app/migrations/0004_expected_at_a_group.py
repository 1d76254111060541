from django.db import migrations, models

from organisations.database.one_state import InOneState


class Migration(migrations.Migration):
    """A participant of a group is expected until they come: one more word for the attendance, no change in the table."""

    dependencies = [
        ("sessions_app", "0003_overdue_and_checks_by_instrument"),
    ]

    operations = [
        InOneState(
            [
                migrations.AlterField(
                    model_name="session",
                    name="attendance",
                    field=models.CharField(
                        choices=[
                            ("attended", "Attended"),
                            ("expected", "Not here yet"),
                            ("no_show", "Did not come"),
                            ("cancelled_client", "Cancelled by the client"),
                            ("cancelled_service", "Cancelled by the service"),
                        ],
                        default="attended",
                        max_length=20,
                        verbose_name="attendance",
                    ),
                ),
                migrations.AlterField(
                    model_name="sessionevent",
                    name="attendance",
                    field=models.CharField(
                        choices=[
                            ("attended", "Attended"),
                            ("expected", "Not here yet"),
                            ("no_show", "Did not come"),
                            ("cancelled_client", "Cancelled by the client"),
                            ("cancelled_service", "Cancelled by the service"),
                        ],
                        default="attended",
                        max_length=20,
                        verbose_name="attendance",
                    ),
                ),
            ]
        ),
    ]
