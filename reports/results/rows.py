"""The episodes that results are counted from, read from their summaries: in five queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clients.models import Client, ClientQuerySet, ClientTeam, ConsentPurpose, Episode, LabelledClient
from clients.models.lawful_grounds import Content
from clients.services.consents import clients_to_share
from organisations.models import Practitioner
from organisations.roles import Role
from sessions_app.measures.instruments.cutoffs import YOUNG_CHILD
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.results.aggregate import EpisodeScores
from sessions_app.models import Attendance, Rating, Session
from sessions_app.services.attendance_counts import NONE_YET, AttendanceCounts, counts_in
from sessions_app.services.episode_scores import latest_band, rated_of, scores_of, service_targets
from sessions_app.standards.loading import Standards

SEVERAL, NO_TEAM = "several", "none"
AGES: tuple[tuple[str, int], ...] = (("0-12", 12), ("13-17", 17), ("18-29", 29), ("30-44", 44), ("45-59", 59))
OLDEST, NO_AGE = "60-", "none"
AGE_GROUPS = (*(key for key, _most in AGES), OLDEST, NO_AGE)

# Whose form an episode's figures are of; each kind has results of its own.
ORS, CORS, ABOUT_CHILD = "ors", "cors", "about-child"
FORMS = (ORS, CORS, ABOUT_CHILD)
OUTCOMES = [one.key for one in FAMILY.values() if one.part == "ors" and one.scored]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One episode: where it belongs, and its scores. `part` is its team's id, SEVERAL or NO_TEAM: each stands once."""

    client: UUID
    service: UUID
    kind: str
    part: str
    teams: frozenset[UUID]
    contact: UUID | None
    mine: bool
    year: int
    age: str
    form: str
    ending: str
    alliance_first: int | None
    last_is_scored: bool
    length: int
    scores: EpisodeScores
    attendance: AttendanceCounts = NONE_YET
    labels: frozenset[UUID] = frozenset()
    episode: UUID | None = None
    band: str = ""


def load_result_rows(by: Practitioner, standards: Standards, today: date) -> list[ResultRow]:
    """Every episode that a person's results may count: of the clients they may see; for an administrator of all.

    Practice clients count nowhere; archived ones do. Nor does whom the country's law lets count only with a yes, or
    not after a no. Three queries.
    """
    return _counted_of(Client.objects.visible_to(by), by, standards, today)


def load_organisation_rows(by: Practitioner, standards: Standards, today: date) -> list[ResultRow]:
    """The same of every client of the organisation, seen or not: only for sums of many that tell about nobody."""
    return _counted_of(Client.objects.filter(organisation=by.organisation_id, merged_into=None), by, standards, today)


def _counted_of(seen: ClientQuerySet, by: Practitioner, standards: Standards, today: date) -> list[ResultRow]:
    counted = seen.filter(is_practice=False)
    clients = clients_to_share(counted, ConsentPurpose.STATISTICS, Content.MARKS, by.organisation)
    return load_rows_of(clients, by, standards, today)


def load_rows_of(clients: ClientQuerySet, by: Practitioner, standards: Standards, today: date) -> list[ResultRow]:
    """The same of just these clients: whoever asks for them has asked for what they agree to."""
    episodes = Episode.objects.filter(organisation=by.organisation_id, client__in=clients)
    teams, labels = _teams(clients), _labels(clients)
    targets = service_targets(standards)
    read = list(_read(episodes))
    came = counts_in([one.pk for one in read])
    return [_row(one, by, teams, labels, standards, targets, today, came) for one in read]


def sees_every_client(by: Practitioner) -> bool:
    """Whether somebody may see each client whom their results count, so that nothing has to be hidden from them."""
    return by.role != Role.ADMIN


def age_group(age: int | None) -> str:
    """The group of an age at the first session."""
    if age is None:
        return NO_AGE
    return next((key for key, most in AGES if age <= most), OLDEST)


def _read(episodes: QuerySet[Episode]) -> Iterator[Episode]:
    scored = Rating.objects.filter(session=OuterRef("pk"), superseded_by=None, instrument__in=OUTCOMES)
    at_first = (
        Session.objects.valid()
        .filter(episode=OuterRef("pk"), attendance=Attendance.ATTENDED)
        .order_by("held_on", Coalesce("started_at", "created_at"), "created_at")
        .values(measured=Exists(scored))[:1]
    )
    columns = episodes.select_related("client", "service").annotate(at_intake=Subquery(at_first))
    yield from columns.order_by("started_on", "pk")


def _teams(clients: QuerySet[Client]) -> dict[tuple[UUID, UUID], frozenset[UUID]]:
    """The teams of each client in each service."""
    found: dict[tuple[UUID, UUID], frozenset[UUID]] = {}
    rows = ClientTeam.objects.filter(client__in=clients).values_list("client", "team__service", "team")
    for client, service, team in rows:
        found[client, service] = found.get((client, service), frozenset()) | {team}
    return found


def _labels(clients: QuerySet[Client]) -> dict[UUID, frozenset[UUID]]:
    """The labels in use of each client."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = LabelledClient.objects.filter(client__in=clients, label__retired_at=None)
    for client, label in rows.values_list("client", "label"):
        found[client].add(label)
    return {client: frozenset(labels) for client, labels in found.items()}


def _row(
    episode: Episode,
    by: Practitioner,
    teams: Mapping[tuple[UUID, UUID], frozenset[UUID]],
    labels: Mapping[UUID, frozenset[UUID]],
    standards: Standards,
    targets,
    today: date,
    came: Mapping[UUID, AttendanceCounts],
) -> ResultRow:
    client, service = episode.client, episode.service
    own = teams.get((client.pk, service.pk), frozenset())
    return ResultRow(
        client=client.pk,
        service=service.pk,
        kind=service.kind,
        part=str(next(iter(own))) if len(own) == 1 else SEVERAL if own else NO_TEAM,
        teams=own,
        contact=client.contact_id,
        mine=by.pk in (client.contact_id, client.second_contact_id),
        year=episode.started_on.year,
        age=age_group(episode.age_at_intake),
        form=form_of(latest_band(episode)),
        ending=episode.ending,
        alliance_first=episode.alliance_first,
        last_is_scored=episode.outcome_last_on is not None and episode.outcome_last_on == episode.last_session_on,
        length=max(0, ((episode.ended_on or today) - episode.started_on).days),
        scores=scores_of(episode, standards, targets),
        attendance=came.get(episode.pk, NONE_YET),
        labels=labels.get(client.pk, frozenset()),
        episode=episode.pk,
        band=latest_band(episode),
    )


def form_of(band: str) -> str:
    """The kind of results that an age band belongs to."""
    return ABOUT_CHILD if band == YOUNG_CHILD else rated_of(band).outcome


def of_form(rows: Iterable[ResultRow], form: str) -> list[ResultRow]:
    """Those whose figures are of one kind of form."""
    return [row for row in rows if row.form == form]
