"""The condition of each alert rule in one sentence, for the “Why?” of a page and for the choice of a level."""

from django.utils.translation import gettext_lazy as lazy

RULES = {
    "O1": lazy("The ORS is below the first one by the reliable change or more."),
    "O2": lazy("The ORS is below the one before by the reliable change or more."),
    "O3": lazy("The ORS is below the best one before by the reliable change or more."),
    "O4": lazy("The ORS is below what nearly all clients with the same start reach by then."),
    "O5": lazy("The ORS is below the middle half of clients with the same start."),
    "O6": lazy("Started below the cut-off, and no reliable gain by now."),
    "O7": lazy("The first ORS is at the cut-off or above."),
    "O8": lazy("The ORS is at or above both the target and the cut-off, several times in a row."),
    "S1": lazy("The SRS is below its cut-off."),
    "S2": lazy("A line of the SRS is marked low."),
    "S3": lazy("The SRS is lower than the one before."),
    "S4": lazy("The SRS has fallen several times in a row."),
    "S5": lazy("The SRS was full several times in a row."),
    "W1": lazy("The WHO-5 is low, very low, or clearly lower than the one before."),
    "M1": lazy("The client came, and a form that was due is missing."),
}
