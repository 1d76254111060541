"""An episode's summary: columns that are worked out from its own rows at each change of them."""

SUMMARY = (
    "age_at_intake",
    "sessions_count",
    "last_session_on",
    "ors_count",
    "ors_first",
    "ors_last",
    "ors_best",
    "ors_last_on",
    "srs_count",
    "srs_first",
    "srs_last",
    "srs_last_on",
)
