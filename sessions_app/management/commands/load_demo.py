"""`manage.py load_demo`: two made-up organisations to look at and to try."""

from datetime import date

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organisations.audit import record
from organisations.database.rls import is_tenant_model, organisation_field
from organisations.models import Organisation
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.demo.afterwards import come_afterwards
from sessions_app.demo.consents import write_consents
from sessions_app.demo.document import REFERENCE, write_document
from sessions_app.demo.handbook import write_handbook
from sessions_app.demo.learning import write_learning
from sessions_app.demo.meetings import write_meetings
from sessions_app.demo.plan import plan
from sessions_app.demo.register import write_register
from sessions_app.demo.rows import Writer
from sessions_app.demo.studies import write_study
from sessions_app.demo.teamwork import write_teamwork
from sessions_app.demo.who import PASSWORD, PIN, PLACES, RED, TITLES, Place
from sessions_app.services.alerts import evaluate_episode, follow_overdue
from sessions_app.services.summary import lock_episode, refresh_summary


class Command(BaseCommand):
    """Loads what is missing and prints the log-ins; a second run only prints."""

    help = "Load the demo's two made-up organisations and print their log-ins."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="remove the demo's organisations first")
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which the courses end (YYYY-MM-DD)")

    def handle(self, *args, reset, today, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo's people and passwords have no place in production.")
        slugs = [here.slug for here in PLACES]
        taken = Organisation.objects.filter(slug__in=slugs, is_demo=False).values_list("slug", flat=True)
        if taken:
            raise CommandError(f"{', '.join(taken)} is no demo organisation; nothing was touched.")
        if reset:
            self.forget(slugs)
        for here in PLACES:
            if not Organisation.objects.filter(slug=here.slug).exists():
                self.load(here, today)
        self.print_log_ins()

    def load(self, here: Place, today: date | None) -> None:
        """One organisation, all of it or nothing."""
        with transaction.atomic():
            organisation = Organisation.objects.create(
                slug=here.slug,
                name=here.name,
                country=here.country,
                language=here.language,
                time_zone=here.time_zone,
                is_demo=True,
            )
            today = today or today_in(organisation)
            with (
                tenant(organisation.pk),
                record.recorded(organisation_id=organisation.pk, request_id="load_demo"),
            ):
                writer = Writer(organisation, here)
                writer.staff(today)
                episodes = [episode for case in plan(here, today) for episode in writer.case(case)]
                writer.flush()
                write_handbook(organisation, next(iter(writer.people.values())))
                for episode in episodes:
                    write_consents(episode)
                    if episode.client.reference == REFERENCE:
                        write_document(episode, writer.people)
                    refresh_summary(lock_episode(episode.pk))
                    evaluate_episode(episode.pk, mails=False, today=today)
                    follow_overdue(episode.pk, today=today)
                come_afterwards(organisation, episodes, writer.people, today)
                write_teamwork(organisation, writer.people, today)
                if RED in writer.teams:
                    by_reference = {one.client.reference: one for one in episodes}
                    write_meetings(writer.teams[RED], by_reference, writer.people, today)
                    write_learning(writer.teams[RED], by_reference, writer.people, today)
                    write_study(organisation, writer.teams[RED], today)
                write_register(writer.people, today)
                record.record_access("demo.load", [episode.client_id for episode in episodes], purpose="demo")

    def forget(self, slugs: list[str]) -> None:
        """Delete everything of the demo organisations, as fit_owner: the application may delete no session."""
        with transaction.atomic(using="owner"), pgtrigger.ignore(databases=["owner"]):  # the history goes too
            found = Organisation.objects.using("owner").filter(slug__in=slugs, is_demo=True)
            keys = list(found.select_for_update().values_list("pk", flat=True))
            # Foreign keys are checked at COMMIT, so the order does not matter.
            for model in apps.get_models():
                if is_tenant_model(model):
                    theirs = {f"{organisation_field(model)}__in": keys}
                    model._base_manager.using("owner").filter(**theirs)._raw_delete("owner")
            Organisation.objects.using("owner").filter(pk__in=keys)._raw_delete("owner")

    def print_log_ins(self) -> None:
        self.stdout.write(f"Log in with the password {PASSWORD} (PIN on a handed-over device: {PIN}):")
        for here in PLACES:
            self.stdout.write(f"\n  {here.name}")
            for person in here.people:
                teams = f", {' and '.join(person.teams)}" if person.teams else ""
                self.stdout.write(f"    {person.email:<24} {person.name}, {TITLES[person.role]}{teams}")
