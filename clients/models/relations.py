"""What a rater is to the client, and what a rater is called."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relation(models.TextChoices):
    """What a rater is to the client."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    CARETAKER = "caretaker", _("Caretaker")
    TEACHER = "teacher", _("Teacher")
    PROFESSIONAL = "professional", _("Professional")
    NETWORK = "network", _("Network")


def rater_name(key: str) -> str:
    """What a rater is called without a label: "Teacher", "Teacher 2", in the active language."""
    relation, dash, number = key.partition("-")
    name = str(Relation(relation).label) if relation in Relation else relation
    return f"{name} {number}" if dash else name
