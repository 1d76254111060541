"""What a scheduler does in the morning: the digests of every organisation, as if it were tomorrow at eight."""

import datetime
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")


def main() -> None:
    django.setup()
    from organisations.models import Organisation
    from sessions_app.services.alert_mail import send_digests

    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    for organisation in Organisation.objects.all():
        send_digests(organisation, tomorrow.replace(hour=8))


if __name__ == "__main__":
    main()
