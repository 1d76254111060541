"""Which of this app's tables have a history: clients, their teams, their episodes."""

from clients.models import Client, ClientTeam, Episode, Rater
from organisations.history import keep_history

# Worked out from the episode's own rows at each change of them (sessions_app.services.summary).
SUMMARY = (
    "age_at_intake",
    "sessions_count",
    "ors_count",
    "ors_first",
    "ors_last",
    "ors_best",
    "ors_last_on",
    "srs_count",
    "srs_first",
    "srs_last",
    "srs_last_on",
    "last_session_on",
)

keep_history(Client, without=("sort_key", "updated_at"))  # worked out from the names, and from this history
keep_history(ClientTeam, found_by=("client",))
keep_history(Episode, without=(*SUMMARY, "updated_at"))
keep_history(Rater)
