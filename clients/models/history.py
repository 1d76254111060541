"""Which of this app's tables have a history: clients, their teams, their episodes."""

from clients.models.client import Client, ClientTeam
from clients.models.episode import Episode
from clients.models.rater import Rater
from clients.models.summary import SUMMARY
from organisations.history.tracking import keep_history

keep_history(Client, without=("reference_key", "twin", "sort_key", "updated_at"))  # worked out from the rest
keep_history(ClientTeam, found_by=("client",))
keep_history(Episode, without=(*SUMMARY, "tone", "updated_at"))
keep_history(Rater)
