"""Which of this app's tables have a history: who works here, in which teams, and the organisation's choices."""

from organisations.history import keep_history
from organisations.models import Membership, Organisation, Practitioner, Service, Team

for model in (Organisation, Service, Team, Practitioner):
    keep_history(model)
keep_history(Membership, found_by=("practitioner",))
