"""What the page of a study shows: its flow as a picture and as a table, and whom lots were drawn for."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Client
from organisations.models import Practitioner
from organisations.roles import Can
from reports.charts.consort_svg import FlowBox, consort_svg
from reports.charts.markup import Markup
from sessions_app.models import Exclusion, LeftReason, Study, StudyArm, StudyParticipant, StudyUnit
from sessions_app.services.studies import replay, seed_of
from sessions_app.services.study_flow import ArmFlow, StudyFlow, flow_of


@dataclass(frozen=True)
class Drawing:
    """The flow: the picture, and the same in a table: `names` of the arms, rows of words and a number for each arm."""

    picture: Markup
    flow: StudyFlow
    excluded: list[tuple[str, int]]
    names: list[str]
    rows: list[tuple[str, list[int]]]


def arm_name(study: Study, arm: StudyArm) -> str:
    """The arm's name, or while the study hides its arms the letter."""
    return _("Arm %(letter)s") % {"letter": arm.letter} if study.hides_arms else arm.name


def study_context(study: Study, by: Practitioner) -> dict[str, Any]:
    """All that the template asks for."""
    return {
        "study": study,
        "arms": [(arm_name(study, arm), arm) for arm in _arms(study)],
        "within": _strata(study),
        "amendments": list(study.amendments.select_related("made_by")),
        "drawing": draw_flow(study) if study.opened_at else None,
        "people": participants_of(study, by),
        "drawn": _practitioners_of(study),
        "may_manage": by.can(Can.MANAGE_STUDIES),
        "may_enrol": by.can(Can.EDIT_CLIENT),
        "seed": seed_of(study),
        "differs": replay(study) if study.closed_at else [],
    }


def participants_of(study: Study, by: Practitioner) -> list[tuple[StudyParticipant, str]]:
    """Who was assessed, as far as somebody may see the clients (an admin their references), with the arm's name.

    "" for the arm of who is not enrolled, and of everybody while the arms are blinded.
    """
    rows = study.participants.select_related("client", "practitioner", "allocation__arm").order_by("assessed_at", "pk")
    rows = rows.filter(client__in=Client.objects.visible_to(by))
    return [(row, _arm_of(study, row)) for row in rows]


def draw_flow(study: Study) -> Drawing:
    """Count the people, and draw them."""
    flow = flow_of(study)
    excluded = [(str(Exclusion(word).label), count) for word, count in flow.excluded]
    names = [arm_name(study, one.arm) for one in flow.arms]
    first = FlowBox(_("Assessed"), flow.assessed)
    beside = FlowBox(
        _("Not in the study"), flow.excluded_together, tuple(f"{count} · {word}" for word, count in excluded)
    )
    enrolled = FlowBox(_("Consented, lot drawn"), flow.enrolled)
    columns = [_column(name, arm) for name, arm in zip(names, flow.arms, strict=True)]
    title = _("How many came how far. The same numbers stand in the table.")
    return Drawing(
        picture=consort_svg(first, beside, enrolled, columns, title=title),
        flow=flow,
        excluded=excluded,
        names=names,
        rows=_rows(flow),
    )


def _column(name: str, arm: ArmFlow) -> list[FlowBox]:
    lost = tuple(f"{count} · {LeftReason(word).label}" for word, count in arm.lost)
    return [
        FlowBox(name, arm.allocated, (_of_practitioners(arm.practitioners),)),
        FlowBox(_("Received it"), arm.received),
        FlowBox(_("Left the study"), arm.lost_together, lost),
        FlowBox(_("Analysed"), arm.analysed),
    ]


def _of_practitioners(count: int) -> str:
    return ngettext("%(count)d practitioner", "%(count)d practitioners", count) % {"count": count}


def _rows(flow: StudyFlow) -> list[tuple[str, list[int]]]:
    reasons = [reason for reason in LeftReason if any(reason in dict(arm.lost) for arm in flow.arms)]
    lost = [(str(reason.label), [dict(arm.lost).get(reason, 0) for arm in flow.arms]) for reason in reasons]
    return [
        (_("Clients"), [arm.allocated for arm in flow.arms]),
        (_("Practitioners"), [arm.practitioners for arm in flow.arms]),
        (_("Received it"), [arm.received for arm in flow.arms]),
        (_("Left the study"), [arm.lost_together for arm in flow.arms]),
        *lost,
        (_("Analysed"), [arm.analysed for arm in flow.arms]),
    ]


def _strata(study: Study) -> list[str]:
    """Within what lots are drawn, in words."""
    named = ((study.by_service, _("service")), (study.by_age, _("age group")), (study.by_intake, _("first score")))
    return [words for holds, words in named if holds]


def _arms(study: Study) -> list[StudyArm]:
    """In their order; by their letters while they are hidden, for the order would tell."""
    arms = list(study.arms.all())
    return sorted(arms, key=lambda arm: arm.letter) if study.hides_arms and study.opened_at else arms


def _arm_of(study: Study, row: StudyParticipant) -> str:
    return "" if study.hides_arms or row.allocation is None else row.allocation.arm.name


def _practitioners_of(study: Study) -> list[tuple[Any, str]]:
    if study.unit != StudyUnit.PRACTITIONERS:
        return []
    rows = study.allocations.select_related("practitioner", "arm").order_by("allocated_at", "pk")
    return [(row, "" if study.hides_arms else row.arm.name) for row in rows]
