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
from clients.models.client_block import BlockWish, ClientBlock, ClientBlockQuerySet
from clients.models.client_merge import ClientMerge, ClientMergeQuerySet
from clients.models.consent import Consent, ConsentManner, ConsentPurpose, ConsentQuerySet, ConsentSaidBy, ConsentState
from clients.models.episode import Ending, Episode, EpisodeQuerySet
from clients.models.erasure import Erasure, ErasureNotice, ErasureNoticeQuerySet
from clients.models.held_back_passage import HeldBackPassage, HeldBackPassageQuerySet
from clients.models.label import ClientLabel, ClientLabelQuerySet, LabelledClient
from clients.models.legal_hold import LegalHold, LegalHoldQuerySet
from clients.models.pair_message import PairMessage, PairMessageQuerySet
from clients.models.rater import Rater, RaterQuerySet
from clients.models.relations import Relation, rater_name
from clients.models.restriction import Restriction, RestrictionQuerySet
from clients.models.retention import RetentionChoice, RetentionChoiceQuerySet
from clients.models.saved_view import SavedView, SavedViewQuerySet
from clients.models.sealed_text import Sealed, SealedCharField, SealedTextField
from clients.models.subject_request import (
    ObjectedUse,
    RequestDecision,
    RequestKind,
    SubjectRequest,
    SubjectRequestQuerySet,
)
from clients.models.transfer import Transfer, TransferQuerySet
from clients.models.word_key import WordKey, WordKeyQuerySet

__all__ = [
    "EVERY_SESSION",
    "RHYTHMS",
    "WHO5_RHYTHMS",
    "BlockWish",
    "Client",
    "ClientBlock",
    "ClientBlockQuerySet",
    "ClientLabel",
    "ClientLabelQuerySet",
    "ClientMerge",
    "ClientMergeQuerySet",
    "ClientQuerySet",
    "ClientTeam",
    "Consent",
    "ConsentManner",
    "ConsentPurpose",
    "ConsentQuerySet",
    "ConsentSaidBy",
    "ConsentState",
    "Ending",
    "Episode",
    "EpisodeQuerySet",
    "Erasure",
    "ErasureNotice",
    "ErasureNoticeQuerySet",
    "HeldBackPassage",
    "HeldBackPassageQuerySet",
    "LabelledClient",
    "LegalHold",
    "LegalHoldQuerySet",
    "ObjectedUse",
    "PairMessage",
    "PairMessageQuerySet",
    "Rater",
    "RaterQuerySet",
    "Relation",
    "RequestDecision",
    "RequestKind",
    "Restriction",
    "RestrictionQuerySet",
    "RetentionChoice",
    "RetentionChoiceQuerySet",
    "SavedView",
    "SavedViewQuerySet",
    "Sealed",
    "SealedCharField",
    "SealedTextField",
    "SubjectRequest",
    "SubjectRequestQuerySet",
    "Transfer",
    "TransferQuerySet",
    "WordKey",
    "WordKeyQuerySet",
    "rater_name",
    "refuse_national_id",
]
