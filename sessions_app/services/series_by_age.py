"""A client has grown into another age band: a new series with its forms, begun when the practitioner says so."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.measures.instruments.by_age import band_ahead
from sessions_app.measures.instruments.registry import age_band
from sessions_app.models import Rating
from sessions_app.services.courses import periods_of
from sessions_app.services.summary import lock_episode, measurements_changed


def offered_band(episode: Episode, today: date) -> str | None:
    """The age band whose forms fit today, where that is an older one than the one in use; else None."""
    age = episode.client.age_on(today)
    if age is None or episode.ended_on is not None:
        return None
    fits_now = age_band(age)
    return fits_now if band_ahead(periods_of(episode)[-1].band, fits_now) else None


@transaction.atomic
def begin_series(*, episode: Episode, by: Practitioner) -> Episode:
    """Begin the forms of the client's age now: from today on (from tomorrow where something was marked today).

    No score moves: what was marked before stays in the series that it belongs to. ValidationError when no other
    forms fit.
    """
    episode = lock_episode(episode.pk)
    today = today_in(by.organisation)
    band = offered_band(episode, today)
    if band is None:
        raise ValidationError(_("The forms in use fit the client's age."), code="same_band")
    marked = Rating.objects.current().filter(session__episode=episode, session__held_on__gte=today)
    begins = today + timedelta(days=1) if marked.exists() else today
    earlier = [[day, known] for day, known in episode.new_series if date.fromisoformat(day) < begins]
    episode.new_series = [*earlier, [begins.isoformat(), band]]
    measurements_changed(episode)
    return episode
