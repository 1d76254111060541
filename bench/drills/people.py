"""The organisation of a drill: a team, its clients, and sessions whose forms stand open.

`python -m bench.drills.people CLIENTS SESSIONS` makes one by the version it is run in, and prints it as JSON:
{"organisation": id, "cookie": of a log-in, "forms": [[session, token, items], ...]}.
"""

import datetime
import json
import os
import sys
import uuid


def make_organisation(name: str, *, mails: bool = False):
    """(organisation, practitioner): somebody who may record sessions and is told of alerts."""
    from organisations.models import Membership, Organisation, Practitioner, Service, Team, User
    from organisations.roles import Role
    from organisations.tenancy.context import tenant

    organisation = Organisation.objects.create(name=name, slug=name, language="en")
    with tenant(organisation.pk):
        service = Service.objects.create(organisation=organisation, name="Family team")
        team = Team.objects.create(organisation=organisation, service=service, name="North")
        user = User.objects.create(email=f"{name}@drill.example") if mails else None
        person = Practitioner.objects.create(
            organisation=organisation, name="Trine", email=f"{name}@drill.example", role=Role.PRACTITIONER, user=user
        )
        Membership.objects.create(organisation=organisation, practitioner=person, team=team)
    return organisation, person


def open_forms(organisation, person, clients: int, sessions: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """Clients with sessions on successive weeks; for each session an open ORS: (session, token, item keys)."""
    from organisations.audit import record
    from organisations.services.local_day import today_in
    from organisations.tenancy.context import tenant
    from sessions_app.measures.instruments.form_key import FormKey
    from sessions_app.models import Session

    ors, today = FormKey("ors"), today_in(organisation)
    with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="drill"):
        held = [
            Session(
                organisation=organisation,
                client=episode.client,
                episode=episode,
                practitioner=person,
                held_on=today - datetime.timedelta(weeks=sessions - 1 - number),
                time_zone=organisation.time_zone,
                alliance_skipped="not_due",
            )
            for episode in _episodes(organisation, person, clients, today - datetime.timedelta(weeks=sessions))
            for number in range(sessions)
        ]
        Session.objects.bulk_create(held)
        return [(str(session.pk), _token(session, ors.key), ors.instrument.items) for session in held]


def _token(session, detail: str) -> str:
    """An open form, as a hand-over mints it."""
    from organisations.models import CapabilityKind
    from organisations.tokens import capabilities
    from sessions_app.services.handover import FORM_OPEN_FOR

    return capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=session.organisation_id,
        object_id=session.pk,
        detail=detail,
        lifetime=FORM_OPEN_FOR,
    )


def _episodes(organisation, person, clients: int, started_on):
    from clients.models import Client, ClientTeam, Episode
    from organisations.models import Team

    team = Team.objects.get(memberships__practitioner=person)
    for number in range(clients):
        client = Client.objects.create(
            organisation=organisation,
            reference=f"D-{number}-{uuid.uuid4().hex[:6]}",
            form_language="en",
            contact=person,
        )
        ClientTeam.objects.create(organisation=organisation, client=client, team=team)
        yield Episode.objects.create(
            organisation=organisation, client=client, service=team.service, started_on=started_on
        )


def staff_cookie(user) -> tuple[str, str]:
    """(name, value) of a new log-in's cookie."""
    from django.conf import settings
    from django.test import Client as Visitor

    visitor = Visitor()
    visitor.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    return name, visitor.cookies[name].value


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "fit_project.settings"
    django.setup()
    clients, sessions = map(int, sys.argv[1:])
    organisation, person = make_organisation("upgrade", mails=True)
    forms = open_forms(organisation, person, clients, sessions)
    cookie = "=".join(staff_cookie(person.user))
    print(json.dumps({"organisation": str(organisation.pk), "cookie": cookie, "forms": forms}))


if __name__ == "__main__":
    main()
