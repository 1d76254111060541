"""Add and change services and teams."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner, Service, Team, normal_form


@transaction.atomic
def add_service(*, by: Practitioner, **fields) -> Service:
    """A new service; ValidationError for a taken name."""
    return _made(Service(organisation_id=by.organisation_id, **fields))


@transaction.atomic
def edit_service(*, service: Service, by: Practitioner, version: RowVersion | None = None, **fields) -> Service:
    """Change a service's name, kind or municipality code. StoredMeanwhile by `version` as in `merge`."""
    return _changed(Service.objects.select_for_update().get(pk=service.pk), version, fields)


@transaction.atomic
def add_team(*, by: Practitioner, **fields) -> Team:
    """A new team of a service; ValidationError for a name that the service has already."""
    return _made(Team(organisation_id=by.organisation_id, **fields))


@transaction.atomic
def edit_team(*, team: Team, by: Practitioner, version: RowVersion | None = None, **fields) -> Team:
    """Change a team's name or service. StoredMeanwhile by `version` as in `merge`."""
    return _changed(Team.objects.select_for_update().get(pk=team.pk), version, fields)


def _made(row):
    row.full_clean()
    _refuse_same_name(row)
    row.save(force_insert=True)
    return row


def _changed(row, version, fields):
    before = _place(row)
    write(row, merge(version, values_of(row, fields), fields))
    if _place(row) != before:
        _refuse_same_name(row)
    return row


def _place(row: Service | Team) -> tuple:
    return normal_form(row.name), getattr(row, "service_id", None)


def _refuse_same_name(row: Service | Team) -> None:
    """ValidationError where another service, or another team of the service, has that name however it is spelled."""
    others = type(row).objects.filter(organisation=row.organisation_id).exclude(pk=row.pk)
    if any(_place(other) == _place(row) for other in others):
        taken = (
            _("There is already a service with that name.")
            if isinstance(row, Service)
            else _("The service already has a team with that name.")
        )
        raise ValidationError({"name": taken})
