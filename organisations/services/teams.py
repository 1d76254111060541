"""Add and change services and teams."""

from django.db import transaction

from organisations.models import Practitioner, Service, Team


@transaction.atomic
def add_service(*, by: Practitioner, **fields) -> Service:
    """A new service; ValidationError for a taken name."""
    return _store(Service(organisation_id=by.organisation_id), fields)


@transaction.atomic
def edit_service(*, service: Service, by: Practitioner, **fields) -> Service:
    """Change a service's name, kind or municipality code."""
    return _store(service, fields)


@transaction.atomic
def add_team(*, by: Practitioner, **fields) -> Team:
    """A new team of a service; ValidationError for a name that the service has already."""
    return _store(Team(organisation_id=by.organisation_id), fields)


@transaction.atomic
def edit_team(*, team: Team, by: Practitioner, **fields) -> Team:
    """Change a team's name or service."""
    return _store(team, fields)


def _store(row, fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row
