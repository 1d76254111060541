"""An evaluation of the action plan as it goes out: read anew each time, as far as the client's consent goes then."""

from collections.abc import Sequence
from dataclasses import dataclass

from clients.models import ConsentPurpose
from clients.models.lawful_grounds import Content
from clients.services.consents import may_share
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.client_page.record_head import RecordHead, record_head
from reports.plan_evaluation.read import Evaluated, goals_of, read_period
from sessions_app.models import Note, PlanEvaluation
from sessions_app.services.own_words import may_share_words
from sessions_app.services.plan_evaluations import chosen_words
from sessions_app.standards.loading import load_standards


@dataclass(frozen=True)
class GoingOut:
    """The evaluation with what was found in its period, the words that are shared, and what it is filed by."""

    evaluation: PlanEvaluation
    found: Evaluated
    words: Sequence[Note]
    record: RecordHead


def read_going_out(evaluation: PlanEvaluation, by: Practitioner) -> GoingOut | None:
    """None where the case worker may be told nothing."""
    episode, client = evaluation.episode, evaluation.episode.client
    if not may_share(client, ConsentPurpose.CASE_WORKER, Content.MARKS):
        return None
    with_words = may_share_words(client)
    version = load_standards(by.organisation_id).rules.version
    return GoingOut(
        evaluation=evaluation,
        found=read_period(episode, evaluation.since, evaluation.until, goals_of(episode), with_words=with_words),
        words=chosen_words(evaluation, by) if with_words else [],
        record=record_head(client, by.organisation, day=today_in(by.organisation), rules_version=version),
    )
