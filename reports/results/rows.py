"""The episodes that results are counted from, read from their summaries: in four queries, however many there are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clients.models import Client, ClientTeam, Episode
from organisations.models import Practitioner
from organisations.roles import Role
from sessions_app.measures.instruments.by_age import CARETAKER, VERSIONS, parts_of
from sessions_app.measures.instruments.cutoffs import YOUNG_CHILD
from sessions_app.measures.instruments.registry import CLIENT, FAMILY
from sessions_app.measures.results.aggregate import EpisodeScores
from sessions_app.measures.series import Rated
from sessions_app.models import Attendance, Rating, Session
from sessions_app.standards.loading import Standards
from sessions_app.standards.trajectories import trajectory_for
from sessions_app.standards.values import cutoff_key

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


def load_result_rows(by: Practitioner, standards: Standards, today: date) -> list[ResultRow]:
    """Every episode that a person's results may count: of the clients they may see; for an administrator of all.

    Practice clients count nowhere; archived ones do. Two queries.
    """
    clients = Client.objects.visible_to(by).filter(is_practice=False)
    episodes = Episode.objects.filter(organisation=by.organisation_id, client__in=clients)
    teams = _teams(clients)
    targets = _targets(standards)
    return [_row(one, by, teams, standards, targets, today) for one in _read(episodes)]


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


def _targets(standards: Standards):
    """The service target of an intake in a stratum, worked out once for each."""

    @cache
    def target(outcome: str, relation: str, band: str, intake: int) -> float | None:
        model = trajectory_for((outcome, relation, band), standards.fitted, standards.values)
        return model.target(intake) if model else None

    return target


def _row(
    episode: Episode,
    by: Practitioner,
    teams: Mapping[tuple[UUID, UUID], frozenset[UUID]],
    standards: Standards,
    targets,
    today: date,
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
        form=form_of(_band(episode)),
        ending=episode.ending,
        alliance_first=episode.alliance_first,
        last_is_scored=episode.outcome_last_on is not None and episode.outcome_last_on == episode.last_session_on,
        length=max(0, ((episode.ended_on or today) - episode.started_on).days),
        scores=_scores(episode, standards, targets),
    )


def _scores(episode: Episode, standards: Standards, targets) -> EpisodeScores:
    band = _band(episode)
    rated = rated_of(band)
    first = episode.outcome_first
    until = episode.last_session_on or episode.ended_on
    return EpisodeScores(
        first=first,
        last=episode.outcome_last,
        scores=episode.outcome_count,
        sessions=episode.sessions_count,
        closed=episode.ended_on is not None,
        ending=episode.ending or None,
        cutoff=standards.values[cutoff_key(rated)],
        target=None if first is None else targets(rated.outcome, rated.rater, band, first),
        days=max(0, (until - episode.started_on).days) if until else None,
        at_intake=bool(getattr(episode, "at_intake", None)),
        # A later series with the forms of an older age has no score of the first session.
        rater_changed=bool(episode.new_series),
    )


def _band(episode: Episode) -> str:
    """The age band whose forms the summary is of: the latest."""
    return parts_of(episode.age_at_intake, episode.new_series)[-1].band


def rated_of(band: str) -> Rated:
    """Whose outcome form an episode's summary is read from in an age band; under 6 somebody else's about the child."""
    if band == YOUNG_CHILD:
        return Rated(outcome=VERSIONS[band].beside, rater=CARETAKER, band=band)
    return Rated(outcome=VERSIONS[band].outcome, rater=CLIENT, band=band)


def form_of(band: str) -> str:
    """The kind of results that an age band belongs to."""
    return ABOUT_CHILD if band == YOUNG_CHILD else rated_of(band).outcome


def of_form(rows: Iterable[ResultRow], form: str) -> list[ResultRow]:
    """Those whose figures are of one kind of form."""
    return [row for row in rows if row.form == form]
