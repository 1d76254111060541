"""An episode's summary: columns that are worked out from its own rows at each change of them."""

SUMMARY = (
    "age_at_intake",
    "sessions_count",
    "last_session_on",
    "outcome_count",
    "outcome_first",
    "outcome_last",
    "outcome_best",
    "outcome_last_on",
    "alliance_count",
    "alliance_first",
    "alliance_last",
    "alliance_last_on",
)
