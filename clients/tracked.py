"""Which of this app's tables have a history: clients, their teams, their episodes."""

from clients.models import Client, ClientTeam, Episode, Rater
from clients.summary import SUMMARY
from organisations.history import keep_history

keep_history(Client, without=("sort_key", "updated_at"))  # worked out from the names, and from this history
keep_history(ClientTeam, found_by=("client",))
keep_history(Episode, without=(*SUMMARY, "tone", "updated_at"))
keep_history(Rater)
