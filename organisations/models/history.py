"""Which of this app's tables have a history: who works here, in which teams, and the organisation's choices."""

from organisations.history.tracking import keep_history
from organisations.models.organisation import Organisation
from organisations.models.practitioner import Membership, Practitioner
from organisations.models.team import Service, Team

for model in (Organisation, Service, Team, Practitioner):
    keep_history(model)
keep_history(Membership, found_by=("practitioner",))
