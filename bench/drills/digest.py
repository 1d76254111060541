"""What a scheduler does on the hour: the digests of every organisation, so many hours after eight o'clock tomorrow."""

import datetime
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fit_project.settings")


def main(hours: int) -> None:
    django.setup()
    from organisations.models import Organisation
    from sessions_app.services.alert_mail import send_digests

    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    moment = tomorrow.replace(hour=8, minute=0) + datetime.timedelta(hours=hours)
    for organisation in Organisation.objects.all():
        send_digests(organisation, moment)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
