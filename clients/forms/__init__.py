"""Forms of clients, episodes, labels, saved views and what contact persons tell each other."""

from clients.forms.clients import (
    DATE,
    ClientForm,
    ClientSearchForm,
    EndingForm,
    EpisodeForm,
    LookSearchForm,
    RaterForm,
    RaterLabelForm,
    TeamsForm,
)
from clients.forms.labels import LabelForm
from clients.forms.pair_messages import PairMessageForm
from clients.forms.saved_views import SavedViewForm

__all__ = [
    "DATE",
    "ClientForm",
    "ClientSearchForm",
    "EndingForm",
    "EpisodeForm",
    "LabelForm",
    "LookSearchForm",
    "PairMessageForm",
    "RaterForm",
    "RaterLabelForm",
    "SavedViewForm",
    "TeamsForm",
]
