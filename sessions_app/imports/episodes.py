"""Episodes of a file: new ones with their summary and alerts, as if at the time; ends and starts of stored ones."""

import json
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

from django.utils import timezone

from clients.models import Client, Ending, Episode
from clients.models.summary import SUMMARY
from organisations.models import Organisation
from sessions_app.imports.bulk_insert import Batch
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.people import Places
from sessions_app.imports.planning import NEW, Decisions, Planned
from sessions_app.measures.rules.alert_spans import alert_spans, closed_with_episode
from sessions_app.measures.series import Series
from sessions_app.models import Alert
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.open_forms import close_forms, close_unfit_forms
from sessions_app.services.summary import lock_episode, refresh_summary, summarise
from sessions_app.standards.loading import load_standards

EPISODE = ("id", "client_id", "service_id", "label", "started_on", "ended_on", "ending", *SUMMARY)
ALERT = ("id", "episode_id", "rule", "level", "numbers", "session_id", "raised_on", "last_session_id", "closed_on")


class EpisodeWriter:
    """Writes the episodes of a decided file; `keys` has their ids by number.

    A new episode's history is all in the file, so its summary and alerts are made from the ledger and no stored
    row is read again. Nobody gets a mail about them.
    """

    def __init__(
        self,
        organisation: Organisation,
        ledger: Ledger,
        decided: Decisions,
        clients: dict[int, UUID],
        places: Places,
    ) -> None:
        self.ledger = ledger
        self.decided = decided
        self.clients = clients
        self.places = places
        self.keys: dict[int, UUID] = {}
        self.stored: list[UUID] = []  # changed ones that were there before
        self.changed: list[dict[str, str]] = []  # the days these had
        self.created: list[UUID] = []
        common = {"organisation_id": organisation.pk, "created_at": timezone.now()}
        self.organisation = organisation
        self.standards = load_standards(organisation.pk)
        # A practice client counts nowhere: no alert is ever raised for one.
        self.practice = set(Client.objects.filter(is_practice=True).values_list("pk", flat=True))
        self.episodes = Batch(Episode, common, EPISODE)
        self.alerts = Batch(Alert, common, ALERT)

    def write(self) -> Iterator[int]:
        """Write all; yields how many are done."""
        for done, (number, places) in enumerate(self.decided.by_episode(self.ledger.held), 1):
            planned = self.decided.episodes[number]
            if planned.stored:
                self.keys[number] = planned.stored.key
                self._change(planned, planned.stored.key, places)
            else:
                self.keys[number] = self._create(planned, places)
                self.created.append(self.keys[number])
            yield done
        self.episodes.flush()
        self.alerts.flush()

    def refresh_stored(self, completed: list[UUID]) -> Iterator[int]:
        """Recompute summary and alerts of changed stored episodes, once their sessions are written.

        With them those of `completed` clients: a year of birth decides about the cut-off.
        """
        others = Episode.objects.filter(client__in=completed).exclude(pk__in=self.stored)
        self.stored.extend(others.values_list("pk", flat=True))
        for done, key in enumerate(self.stored, 1):
            episode = lock_episode(key)
            refresh_summary(episode)
            close_unfit_forms(episode)
            if episode.ended_on is not None:
                close_forms([episode])
            evaluate_episode(key, mails=False)
            yield done

    def _create(self, planned: Planned, places: list[int]) -> UUID:
        birth_year = self.decided.birth_years.get(planned.client)
        episode = Episode(
            organisation=self.organisation,
            client=Client(pk=self.clients[planned.client], birth_year=birth_year),
            service_id=self.places.service(planned.service),
            label=planned.label,
            started_on=date.fromordinal(self.ledger.held[places[0]]),
            **_end_of(planned),
        )
        new = [place for place in places if self.decided.states[place] == NEW]
        measured = tuple(self.ledger.measured(place, str(self.ledger.key(place))) for place in new)
        summarise(episode, Series(measured))
        self.episodes.add(*(getattr(episode, name) for name in EPISODE))
        raised = () if episode.client_id in self.practice else alert_spans(self.standards.series(episode, measured))
        for span in closed_with_episode(raised, episode.ended_on):
            numbers = json.dumps(dict(span.numbers))
            session, last = UUID(span.raised), UUID(span.last)
            self.alerts.add(
                uuid4(), episode.pk, span.rule, span.level.value, numbers, session, span.raised_on, last, span.closed_on
            )
        return episode.pk

    def _change(self, planned: Planned, key: UUID, places: list[int]) -> None:
        """End a stored episode, or let it start with its first session; both are rare."""
        rows = Episode.objects.filter(pk=key)
        new = [place for place in places if self.decided.states[place] == NEW]
        if not new and not planned.end:
            return
        before = rows.values("started_on", "ended_on", "ending").get()
        self.changed.append({"id": str(key)} | {name: str(value or "") for name, value in before.items()})
        if new:
            first = date.fromordinal(self.ledger.held[new[0]])
            if planned.stored and planned.stored.undone:
                rows.update(started_on=first, ended_on=None, ending="")
            rows.filter(started_on__gt=first).update(started_on=first)
        if planned.end:
            rows.update(**_end_of(planned))
        self.stored.append(key)


def _end_of(planned: Planned) -> dict:
    if not planned.end:
        return {}
    return {"ended_on": date.fromordinal(planned.end), "ending": planned.ending or Ending.OTHER}
