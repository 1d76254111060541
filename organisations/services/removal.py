"""Remove services, teams and people that nothing hangs on."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, ManyToOneRel, Model, ProtectedError, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from organisations.history.tracking import is_event_model
from organisations.models import Organisation, Practitioner, Service, Team
from organisations.services.invitations import forget_invitations

Words = Mapping[str, Promise]
# What is said of rows that hang on another one, by "app.Model.field"; apps above register theirs.
_words: dict[str, Promise] = {
    "organisations.Team.service": ngettext_lazy("%(count)d team", "%(count)d teams", "count"),
    "organisations.Provisioning.service": ngettext_lazy(
        "%(count)d setting of the log-ins from the IT department",
        "%(count)d settings of the log-ins from the IT department",
        "count",
    ),
    "organisations.Membership.team": ngettext_lazy("%(count)d person", "%(count)d people", "count"),
    "organisations.ApiToken.practitioner": ngettext_lazy("%(count)d token", "%(count)d tokens", "count"),
    "organisations.ApiToken.created_by": ngettext_lazy("%(count)d token", "%(count)d tokens", "count"),
    "organisations.RegisterImport.uploaded_by": ngettext_lazy(
        "%(count)d file of the register of services", "%(count)d files of the register of services", "count"
    ),
    "organisations.AccessEvent.practitioner": ngettext_lazy(
        "%(count)d entry in the access log", "%(count)d entries in the access log", "count"
    ),
}
# Rows that are only what somebody set for another one, by "app.Model.field", and what is said of them.
_settings: dict[str, Callable[[QuerySet], list[str]]] = {}
OTHERS = ngettext_lazy("%(count)d other entry", "%(count)d other entries", "count")


def register_words(words: Words) -> None:
    """Called once by an app whose rows hang on services, teams or people."""
    _words.update(words)


def register_settings(label: str, say: Callable[[QuerySet], list[str]]) -> None:
    """Called once by an app: rows with this key ("app.Model.field") only say how the other row is set, and go with it.

    `say` tells in sentences what goes, and is told before somebody confirms it.
    """
    _settings[label] = say


def what_goes_along(row: Service | Team | Practitioner, *, but: str = "") -> list[str]:
    """What is set for the row alone, and is removed with it, in sentences; [] without any.

    `but` is the label of rows that are told of by whoever asks.
    """
    told = [(label, rows) for label, rows in _hanging(row) if label in _settings and label != but]
    return [said for label, rows in told for said in _settings[label](rows)]


def what_hangs_on(row: Service | Team | Practitioner) -> list[str]:
    """What has to be moved or ended before the row can go, with numbers; [] where it can go."""
    counts: Counter[str] = Counter()
    texts: dict[str, Promise] = {}
    for label, rows in _hanging(row):
        if label in _settings:
            continue
        words = _words.get(label, OTHERS)
        kind = str(words % {"count": 2})
        counts[kind] += rows.count()
        texts[kind] = words
    found = [str(texts[kind] % {"count": count}) for kind, count in counts.items() if count]
    if isinstance(row, Practitioner) and row.user_id is not None:
        found.insert(0, _("a log-in: deactivate the person instead"))
    return found


def _hanging(row: Model) -> Iterator[tuple[str, Any]]:
    """Every key that leads to the row, as "app.Model.field" with its rows.

    What is deleted along with the row (a person's places in teams) counts only where words say so.
    """
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):  # of a key, or of one to one
            continue
        model, field = relation.related_model, relation.field
        label = f"{model._meta.label}.{field.name}"
        if is_event_model(model) or (relation.on_delete is CASCADE and label not in _words):
            continue
        yield label, model._default_manager.filter(**{field.name: row.pk})


@transaction.atomic
def remove_if_empty(*, row: Service | Team | Practitioner, by: Practitioner) -> None:
    """Delete a row and what is set for it alone; ValidationError, with what hangs on it, where it is not empty.

    The history of both stays.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=row.organisation_id)
    stored = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found := what_hangs_on(stored):
        raise ValidationError(
            _("%(name)s cannot be removed yet. There is still: %(found)s.")
            % {"name": stored.name, "found": "; ".join(found)}
        )
    if isinstance(stored, Practitioner):
        forget_invitations(practitioner=stored)
    try:
        with transaction.atomic():
            for label, rows in _hanging(stored):
                if label in _settings:
                    rows.delete()
            stored.delete()
            connection.check_constraints()  # now, and not at COMMIT: somebody may have put something there meanwhile
    except (IntegrityError, ProtectedError) as error:
        raise ValidationError(_("Somebody put something there meanwhile. Look again.")) from error
