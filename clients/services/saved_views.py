"""A person's saved views of the list of clients."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import SavedView
from organisations.models import Practitioner

MOST = 12


@transaction.atomic
def save_view(*, name: str, query: str, by: Practitioner) -> SavedView:
    """Keep filters under a name; the same name again gets the new filters. ValidationError for one too many."""
    mine = SavedView.objects.visible_to(by)
    if not query:
        raise ValidationError(_("Choose a filter first; a view keeps what you chose."))
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise ValidationError({"name": _("You have %(most)d views. Remove one first.") % {"most": MOST}})
    return SavedView.objects.update_or_create(
        organisation_id=by.organisation_id, practitioner=by, name=name, defaults={"query": query}
    )[0]


@transaction.atomic
def remove_view(*, view: SavedView, by: Practitioner) -> None:
    """Forget a view; the clients in it stay as they are."""
    SavedView.objects.visible_to(by).filter(pk=view.pk).delete()
