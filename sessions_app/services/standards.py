"""An organisation chooses a value itself: what that would change, and the choice as a row that stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner
from sessions_app.measures.rules import Level
from sessions_app.measures.rules.alert_spans import alert_spans
from sessions_app.measures.rules.outcome import TargetMet
from sessions_app.measures.series import Series
from sessions_app.models import MeasureValue
from sessions_app.services.courses import load_series
from sessions_app.standards.loading import load_standards
from sessions_app.standards.values import BY_KEY, check

FOLLOW_STANDARDS = "sessions_app.tasks.follow_standards"

BELOW_CUTOFF, GAINED, WORSE = "below_cutoff", "gained", "worse"
ALLIANCE_LOW, WITH_ALERT, WITH_RED = "alliance_low", "with_alert", "with_red"
WITH_NOTE, TARGET_MET = "with_note", "target_met"
COUNTED = (BELOW_CUTOFF, GAINED, WORSE, ALLIANCE_LOW, TARGET_MET, WITH_NOTE, WITH_ALERT, WITH_RED)


@dataclass(frozen=True)
class Effect:
    """How many current clients something holds for now, and how many it would hold for."""

    what: str  # one of COUNTED
    now: int
    then: int

    @property
    def changes(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class Preview:
    """Counts only: an administrator sees no client's marks."""

    clients: int
    effects: tuple[Effect, ...]


def open_episodes(organisation_id: UUID) -> list[Episode]:
    """The episodes of current clients in the open tenant; practice clients apart."""
    return list(Episode.objects.counting().filter(organisation=organisation_id))


def preview(*, key: str, value: int, by: Practitioner) -> Preview:
    """What a value would change among current clients. ValidationError for one that `set_measure_value` refuses."""
    standards = load_standards(by.organisation_id)
    check(key, value, standards.chosen)
    proposed = load_standards(by.organisation_id, proposed={key: value})
    episodes = open_episodes(by.organisation_id)
    now: dict[str, set[UUID]] = {what: set() for what in COUNTED}
    then: dict[str, set[UUID]] = {what: set() for what in COUNTED}
    found = load_series(episodes, standards)
    for episode in episodes:
        series = found[episode.pk]
        for what in _holding(series):
            now[what].add(episode.client_id)
        for what in _holding(proposed.series(episode, series.sessions, series.of, series.periodic, series.overdue)):
            then[what].add(episode.client_id)
    clients = {episode.client_id for episode in episodes}
    record_access("measures.preview", clients, purpose=key)
    return Preview(len(clients), tuple(Effect(what, len(now[what]), len(then[what])) for what in COUNTED))


def value_now(key: str, by: Practitioner) -> tuple[int, MeasureValue | None]:
    """The value that holds in the organisation, and its choice (None: the default)."""
    chosen = MeasureValue.objects.filter(organisation=by.organisation_id, key=key).order_by("-at", "-id").first()
    return (chosen.value if chosen else BY_KEY[key].default), chosen


@transaction.atomic
def set_measure_value(
    *, key: str, value: int, reason: str, by: Practitioner, version: RowVersion | None = None
) -> MeasureValue | None:
    """Choose a value (points: tenths) from now on; the earlier rows stay as its history.

    The alerts of current clients follow by the outbox, without mails. ValidationError for an unknown key, a
    value outside its limits, or one that contradicts another. StoredMeanwhile by `version` as in `merge`; where a
    colleague has chosen the same value meanwhile, or one that is to stay, that choice is returned.
    """
    # Two choices one after the other: each is checked against the other.
    Organisation.objects.select_for_update().get(pk=by.organisation_id)
    now, chosen = value_now(key, by)
    if version and merge(version, {"value": now}, {"value": value})["value"] == now and not version.shows("value", now):
        return chosen
    check(key, value, load_standards(by.organisation_id).chosen)
    row = MeasureValue.objects.create(organisation_id=by.organisation_id, key=key, value=value, reason=reason, by=by)
    episodes = open_episodes(by.organisation_id)
    for episode in episodes:
        ask_for(FOLLOW_STANDARDS, organisation_id=by.organisation_id, object_id=episode.pk)
    record_access("measures.set", {episode.client_id for episode in episodes}, purpose=key)
    return row


@transaction.atomic
def set_emergency_text(*, emergency_text: str, by: Practitioner, version: RowVersion | None = None) -> None:
    """What the pages say beside “ORS and SRS do not detect danger to life”. StoredMeanwhile as in `merge`."""
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    given = {"emergency_text": emergency_text.strip()}
    write(organisation, merge(version, values_of(organisation, given), given))


def _holding(series: Series) -> Iterator[str]:
    ors = [total for _, total in series.ors_totals()]
    srs = [total for _, total in series.srs_totals()]
    if ors and ors[-1] < series.cutoff:
        yield BELOW_CUTOFF
    if ors and ors[-1] - ors[0] >= series.reliable_change:
        yield GAINED
    if ors and ors[-1] - ors[0] <= -series.reliable_change:
        yield WORSE
    if srs and srs[-1] < series.alliance_cutoff:
        yield ALLIANCE_LOW
    opened = [span for span in alert_spans(series) if span.is_open]
    levels = {span.level for span in opened}
    if any(span.rule == TargetMet.key for span in opened):
        yield TARGET_MET
    if Level.INFO in levels:
        yield WITH_NOTE
    if levels & {Level.AMBER, Level.RED}:
        yield WITH_ALERT
    if Level.RED in levels:
        yield WITH_RED
