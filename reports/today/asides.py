"""What the start page mentions beside the clients: what colleagues wrote or ask, what is begun, due or runs out."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator

from clients.models import PairMessage, Transfer
from clients.services.pair_messages import messages_to
from clients.services.request_list import RequestLine, pressing_requests
from organisations.models import ApiToken, Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from sessions_app.models import AlertStep, FollowUpMeasure, SessionDecision
from sessions_app.services.alert_steps import asked_of
from sessions_app.services.decisions import follow_ups_of
from sessions_app.services.draft_rows import DraftRow, draft_rows, has_unfinished, unfinished_drafts
from sessions_app.services.expiring import ExpiringLink, expiring_links, expiring_tokens
from sessions_app.services.follow_up_measures import measures_to_see
from sessions_app.services.questions import QuestionsWaiting, questions_waiting
from sessions_app.services.transfers import transfers_to_tell

DRAFTS = 10


@dataclass(frozen=True)
class Asides:
    """In the order in which the page mentions them: who waits for an answer first, what only runs out last."""

    told: list[PairMessage]
    transfers: list[Transfer]
    after: list[FollowUpMeasure]
    questions: list[AlertStep]
    team_questions: QuestionsWaiting
    follow_ups: list[SessionDecision]
    drafts: list[DraftRow]
    draft_page: Page
    links: list[ExpiringLink]
    tokens: list[ApiToken]
    requests: list[RequestLine]

    @property
    def any(self) -> bool:
        waiting = self.told or self.transfers or self.questions or self.follow_ups or self.drafts
        asked = self.team_questions.to_answer or self.team_questions.answered
        return bool(waiting or asked or self.requests or self.after or self.links or self.tokens)

    @property
    def clients(self) -> set[UUID]:
        """Whom it names."""
        found = {message.client_id for message in self.told} | {transfer.client_id for transfer in self.transfers}
        found |= {link.client.pk for link in self.links}
        found |= {step.alert.episode.client_id for step in self.questions}
        found |= {measure.episode.client_id for measure in self.after}
        found |= {line.request.client_id for line in self.requests}
        found |= {decision.session.client_id for decision in self.follow_ups}
        return found | {row.draft.session.client_id for row in self.drafts}


def read_asides(by: Practitioner, drafts: str | None) -> Asides:
    """`drafts` is the page of unfinished forms that was asked for."""
    draft_page = Paginator(unfinished_drafts(by) if has_unfinished(by) else [], DRAFTS).get_page(drafts)
    return Asides(
        told=messages_to(by),
        transfers=transfers_to_tell(by),
        after=measures_to_see(by, today_in(by.organisation)),
        questions=asked_of(by),
        team_questions=questions_waiting(by),
        follow_ups=follow_ups_of(by),
        drafts=draft_rows(draft_page, by.organisation),
        draft_page=draft_page,
        links=expiring_links(by),
        tokens=expiring_tokens(by),
        requests=pressing_requests(by) if by.can(Can.ANSWER_REQUESTS) else [],
    )
