"""Who is helped: clients, their raters and episodes."""

from clients.models.client import (
    EVERY_SESSION,
    RHYTHMS,
    WHO5_RHYTHMS,
    Client,
    ClientQuerySet,
    ClientTeam,
    refuse_national_id,
)
from clients.models.client_merge import ClientMerge, ClientMergeQuerySet
from clients.models.episode import Ending, Episode, EpisodeQuerySet
from clients.models.rater import Rater, RaterQuerySet
from clients.models.relations import Relation, rater_name

__all__ = [
    "EVERY_SESSION",
    "RHYTHMS",
    "WHO5_RHYTHMS",
    "Client",
    "ClientMerge",
    "ClientMergeQuerySet",
    "ClientQuerySet",
    "ClientTeam",
    "Ending",
    "Episode",
    "EpisodeQuerySet",
    "Rater",
    "RaterQuerySet",
    "Relation",
    "rater_name",
    "refuse_national_id",
]
