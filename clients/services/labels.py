"""The organisation's list of labels: added, renamed, retired and brought back."""

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ClientLabel
from organisations.database.statements import written_once
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner


def with_labels(clients: QuerySet[Client]) -> QuerySet[Client]:
    """Adds `shown_labels`: the names of each client's labels in use, in alphabetical order; no query more."""
    names = ClientLabel.objects.in_use().filter(labelled__client=OuterRef("pk")).alphabetical().values("name")
    return clients.annotate(shown_labels=ArraySubquery(names))


@written_once
def labels_in_use(by: Practitioner):
    """The labels that clients can have, in alphabetical order; one query."""
    return ClientLabel.objects.visible_to(by).in_use().alphabetical()


@transaction.atomic
def add_label(*, name: str, by: Practitioner) -> ClientLabel:
    """A new label, or the retired one of that name, with its clients; ValidationError for a name that is in use."""
    retired = ClientLabel.objects.exclude(retired_at=None).named(name).first()
    if retired is not None:
        return bring_label_back(label=retired, by=by)
    label = ClientLabel(organisation_id=by.organisation_id, name=name)
    _refuse_taken(label)
    label.full_clean(exclude=["organisation"])
    label.save(force_insert=True)
    return label


@transaction.atomic
def rename_label(*, label: ClientLabel, name: str, by: Practitioner, version: RowVersion | None = None) -> ClientLabel:
    """Call it something else, everywhere. ValidationError for a name in use; StoredMeanwhile as in `merge`."""
    label = ClientLabel.objects.select_for_update().get(pk=label.pk)
    chosen = merge(version, values_of(label, ["name"]), {"name": name})
    label.name = chosen["name"]
    _refuse_taken(label)
    write(label, chosen, also=["name_key"], exclude=["organisation"])
    return label


@transaction.atomic
def retire_label(*, label: ClientLabel, by: Practitioner) -> ClientLabel:
    """Take it out of every list; who has it keeps it, out of sight. Once more changes nothing."""
    label = ClientLabel.objects.select_for_update().get(pk=label.pk)
    if label.retired_at is None:
        write(label, {"retired_at": timezone.now()}, exclude=["organisation"])
    return label


@transaction.atomic
def bring_label_back(*, label: ClientLabel, by: Practitioner) -> ClientLabel:
    """Use a label again, on whoever had it; ValidationError where another one has its name by now."""
    label = ClientLabel.objects.select_for_update().get(pk=label.pk)
    _refuse_taken(label)
    write(label, {"retired_at": None}, exclude=["organisation"])
    return label


def _refuse_taken(label: ClientLabel) -> None:
    """ValidationError where a label in use has that name, however it is spelled."""
    same = ClientLabel.objects.in_use().filter(organisation=label.organisation_id).named(label.name)
    if same.exclude(pk=label.pk).exists():
        raise ValidationError({"name": _("There is already a label with that name.")})
