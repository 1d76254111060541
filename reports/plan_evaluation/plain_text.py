"""An evaluation of the action plan as plain text, for the field of another system."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.plan_evaluation.read import Evaluated
from sessions_app.models import Note, PlanEvaluation


def plain_text(evaluation: PlanEvaluation, found: Evaluated, words: Iterable[Note]) -> str:
    """Headings, lines and empty lines; no name, only the reference."""
    client = evaluation.episode.client
    period = {
        "since": date_format(evaluation.since, "DATE_FORMAT"),
        "until": date_format(evaluation.until, "DATE_FORMAT"),
    }
    parts = [
        [_("Evaluation of the action plan"), client.reference, _("%(since)s to %(until)s") % period],
        [evaluation.text.strip()],
        _part(_("Goals"), (f"- {goal.name}: {goal.standing}, {goal.said}" for goal in found.goals)),
        _part(_("Decided"), (f"- {_on(one)}: {_decided(one)}" for one in found.decisions)),
        _part(_("In the client's own words"), (f"- {_on(note)}: ”{note.text}”" for note in words)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if any(part)) + "\n"


def _part(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return [heading, *found] if found else []


def _on(row) -> str:
    return date_format(row.session.held_on, "DATE_FORMAT")


def _decided(decision) -> str:
    return " ".join(" ".join(text.split()) for text in (decision.text, decision.support) if text)
