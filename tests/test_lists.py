"""Every list asks the database as often for 50 rows as for 5."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from clients.models import Client, SubjectRequest
from organisations.audit import record
from organisations.models import AccessEvent, CapabilityKind, RegisterImport
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import (
    AccessAlarm,
    AccessSample,
    Goal,
    GoalMark,
    GroupMeeting,
    GroupMember,
    MeasureValue,
    Note,
    Pack,
    PackLicence,
    PhotoStep,
    PracticeGoal,
    PrintedSheet,
    QuestionReply,
    RatingDraft,
    SampledAccess,
    Session,
    SessionDecision,
    SessionImport,
    SheetPhoto,
    SupervisionCase,
    SupervisionRating,
    SupervisionShare,
    TeamMeeting,
    TeamMeetingCase,
    TeamQuestion,
)
from tests.api.asking import mint
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    PractitionerFactory,
    ServiceFactory,
    SessionFactory,
    TeamFactory,
)
from tests.reports.test_pages import held
from tests.second_factors import confirm
from tests.sessions_app.wording.packs import content
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 22, 11, tzinfo=datetime.UTC)


@dataclass
class House:
    """What the rows hang on; `own` is what each row is given."""

    ann: Any
    ada: Any
    team: Any
    service: Any
    nils: Any
    episode: Any
    lea: Any

    @property
    def own(self):
        return {"organisation": self.ann.organisation}

    def client(self, **more):
        client = ClientFactory(**self.own, teams=[self.team], **more)
        return EpisodeFactory(**self.own, client=client, service=self.service)

    def colleague(self, **more):
        return PractitionerFactory(**self.own, teams=[self.team], **more)

    def session(self, **more):
        return SessionFactory(**self.own, episode=self.episode, practitioner=self.colleague(user=None), **more)

    def look(self, person, *clients):
        """A row of the access log."""
        collected = record.Collected(str(uuid.uuid4()), self.ann.organisation_id, person.pk, person.role)
        with record.collecting(collected):
            record.record_access("client.view", [client.pk for client in clients])
            record.write(collected)


@pytest.fixture
def whole(ann, ada, red_team, service, nils, episode, lea):
    return House(ann, ada, red_team, service, nils, episode, lea)


# One more row of each list.


def client(whole, number):
    return whole.client(contact=whole.colleague())


def own_client(whole, number):
    return whole.client(contact=whole.ann)


def due_client(whole, number):
    """Each with sessions, an alert in every other one, an appointment, a contact person of their own."""
    day = NOON.date() + datetime.timedelta(days=number % 5 - 2)
    episode = whole.client(contact=whole.colleague(), next_on=day)
    held(episode, whole.ann, 220, 150 if number % 2 else 240, srs=(300, 280))


def begun_form(whole, number):
    kept = SessionFactory(**whole.own, episode=whole.client(), practitioner=whole.ann)
    RatingDraft.objects.create(**whole.own, session=kept, instrument="ors", rater="client", marks=[1, None, None, None])


def colleague(whole, number):
    """With a team of their own, which has a service of its own."""
    service = ServiceFactory(**whole.own)
    person = whole.colleague()
    person.memberships.create(**whole.own, team=TeamFactory(**whole.own, service=service))


def look(whole, number):
    whole.look(whole.colleague(user=None), whole.nils, whole.client().client)


def alarm(whole, number):
    """Closed, each by somebody else."""
    moment = {"since": NOON, "until": NOON, "raised_at": NOON, "handled_at": NOON}
    people = {"practitioner": whole.colleague(user=None), "handled_by": whole.colleague(user=None)}
    AccessAlarm.objects.create(**whole.own, **people, clients_count=15, note="Stood in.", **moment)


def sample(whole, number):
    month = datetime.date(1990 + number // 12, number % 12 + 1, 1)
    signed = {"signed_by": whole.colleague(user=None), "signed_at": NOON}
    return AccessSample.objects.create(**whole.own, month=month, looks=3, unrelated=1, **signed)


def alarming_look(whole, number):
    if not AccessAlarm.objects.exists():
        since, until = NOON - datetime.timedelta(hours=1), NOON + datetime.timedelta(hours=1)
        person = whole.colleague()
        AccessAlarm.objects.create(**whole.own, practitioner=person, clients_count=15, since=since, until=until)
    whole.look(AccessAlarm.objects.get().practitioner, whole.client(contact=whole.colleague(user=None)).client)


def sampled_access(whole, number):
    if not AccessSample.objects.exists():
        AccessSample.objects.create(**whole.own, month=datetime.date(2026, 10, 1), looks=3, unrelated=1)
    whole.look(whole.colleague(user=None), whole.client().client)
    event = AccessEvent.objects.order_by("seq").last()
    SampledAccess.objects.create(**whole.own, sample=AccessSample.objects.get(), event=event, has_relation=False)


def upload(whole, number):
    SessionImport.objects.create(**whole.own, started_by=whole.ada, file_name=f"{number}.csv", size=10)


def register_file(whole, number):
    RegisterImport.objects.create(**whole.own, uploaded_by=whole.ada, file_name=f"{number}.csv", content=b"", size=0)


def meeting(whole, number):
    made = GroupMeeting.objects.create(
        **whole.own, name=f"Group {number}", held_on=NOON.date(), practitioner=whole.colleague(user=None)
    )
    session = SessionFactory(**whole.own, episode=whole.client(), practitioner=whole.ann)
    GroupMember.objects.create(**whole.own, meeting=made, session=session, place=0)


def member(whole, number):
    if not GroupMeeting.objects.exists():
        GroupMeeting.objects.create(**whole.own, name="Wednesdays", held_on=NOON.date(), practitioner=whole.ann)
    session = SessionFactory(**whole.own, episode=whole.client(), practitioner=whole.colleague(user=None))
    GroupMember.objects.create(**whole.own, meeting=GroupMeeting.objects.get(), session=session, place=number)


def supervision(whole, number):
    """An hour rated, one more who sees it, and one more who shares theirs."""
    SupervisionRating.objects.create(
        **whole.own, practitioner=whole.ann, held_on=NOON.date(), marks=[7, 8, 9], total=24, submission_id=uuid.uuid4()
    )
    for from_, to in ((whole.ann, whole.colleague(user=None)), (whole.colleague(user=None), whole.ann)):
        SupervisionShare.objects.create(**whole.own, practitioner=from_, shared_with=to)


def token(whole, number):
    mint(whole.colleague(user=None))


def own_token(whole, number):
    mint(whole.ann)


def pack(whole, number):
    words = content(version=f"{number}.0")
    made = Pack.objects.create(
        **whole.own,
        **{key: words[key] for key in ("pack", "version", "instrument", "language")},
        content=words,
        imported_by=whole.colleague(user=None),
    )
    licence(whole, number, made)
    return made


def licence(whole, number, of=None):
    """Each recorded and confirmed by somebody else."""
    if of is None and not Pack.objects.exists():
        return pack(whole, number)
    by = {"recorded_by": whole.colleague(user=None), "confirmed_by": whole.colleague(user=None)}
    about = {"holder": "House", "number": str(number), "scope": "Screens", "document": "Shelf", "confirmed_at": NOON}
    return PackLicence.objects.create(**whole.own, pack=of or Pack.objects.get(), **about, **by)


def link(whole, number):
    session = whole.session()
    capabilities.mint(
        kind=CapabilityKind.LINK,
        organisation_id=whole.ann.organisation_id,
        object_id=session.pk,
        lifetime=datetime.timedelta(hours=72),
        detail="ors",
    )


def chosen_value(whole, number):
    by = whole.colleague(user=None)
    MeasureValue.objects.create(**whole.own, key="ors-cutoff-adult", value=250 + number, reason="Manual", by=by)


def change(whole, number):
    Client.objects.filter(pk=whole.nils.pk).update(first_name=f"Nils {number}", contact=whole.colleague(user=None))


def session_of_nils(whole, number):
    """With its answers and a note, held by somebody else each time."""
    first = datetime.date(2026, 1, 5) + datetime.timedelta(days=number)
    [session] = held(whole.episode, whole.colleague(user=None), 200 + number, srs=(300,), first=first)
    Note.objects.create(**whole.own, session=session, kind="after_ors", text="Better")


def goal_of_nils(whole, number):
    """With a step, and a mark at a session."""
    session = SessionFactory(**whole.own, episode=whole.episode, practitioner=whole.ann)
    about = {**whole.own, "episode": whole.episode, "since": session.held_on}
    goal = Goal.objects.create(**about, wording=f"Goal {number}")
    Goal.objects.create(**about, wording="Step", parent=goal)
    GoalMark.objects.create(**whole.own, goal=goal, session=session, mark=number % 11)


def follow_up(whole, number):
    session = SessionFactory(**whole.own, episode=whole.client(), practitioner=whole.ann)
    about = {"responsible": whole.ann, "follow_up_on": session.held_on, "text": f"Call {number}"}
    SessionDecision.objects.create(**whole.own, session=session, **about)


def charge(whole, number):
    whole.client(contact=whole.ann)


def team_meeting(whole, number):
    """Of a day of its own, with a case each."""
    day = NOON.date() + datetime.timedelta(days=number)
    about = {"team": whole.team, "held_on": day, "starts_at": NOON.time(), "planned_by": whole.ann}
    TeamMeeting.objects.create(**whole.own, **about)


def meeting_case(whole, number):
    """A case that was decided about at a meeting before and is discussed again, and one that is only proposed."""
    if not TeamMeeting.objects.exists():
        for days, more in ((0, {"ended_at": NOON}), (7, {})):
            day = NOON.date() + datetime.timedelta(days=days)
            about = {"team": whole.team, "held_on": day, "starts_at": NOON.time(), "planned_by": whole.ann}
            TeamMeeting.objects.create(**whole.own, **about, **more)
    before, now = TeamMeeting.objects.order_by("held_on")
    episode = whole.client(contact=whole.colleague(), second_contact=whole.colleague(user=None))
    *_earlier, session = held(episode, whole.ann, 220, 150, srs=(300, 280))
    decision = SessionDecision.objects.create(**whole.own, session=session, text="Call", responsible=whole.colleague())
    about = {"episode": episode, "reason": "red", "place": number, "minutes": 5}
    done = {"decision": decision, "session": session, "discussed_at": NOON}
    TeamMeetingCase.objects.create(**whole.own, meeting=before, **about, **done)
    asked = {"question": "Is it us?", "asked_by": whole.colleague(user=None)}
    TeamMeetingCase.objects.create(**whole.own, meeting=now, **about, **asked)
    held(whole.client(), whole.ann, 220, 150, srs=(300, 280))


def team_question(whole, number):
    """Each of somebody else about another case, with two answers, on an agenda."""
    if not TeamMeeting.objects.exists():
        team_meeting(whole, 1)
    asked = {"asked_by": whole.colleague(user=None), "episode": whole.client(), "meeting": TeamMeeting.objects.get()}
    question = TeamQuestion.objects.create(**whole.own, team=whole.team, text=f"What now? {number}", **asked)
    for _answer in range(2):
        replied = {"written_by": whole.colleague(user=None), "text": "Ask"}
        QuestionReply.objects.create(**whole.own, question=question, **replied)


def question_reply(whole, number):
    """One more answer to the one question, each by somebody else."""
    if not TeamQuestion.objects.exists():
        team_question(whole, number)
    replied = {"written_by": whole.colleague(user=None), "text": f"Ask {number}"}
    QuestionReply.objects.create(**whole.own, question=TeamQuestion.objects.get(), **replied)


def topic(whole, number):
    """On the agenda without a case."""
    if not TeamMeeting.objects.exists():
        team_meeting(whole, 1)
    asked = {"asked_by": whole.colleague(user=None), "meeting": TeamMeeting.objects.get()}
    TeamQuestion.objects.create(**whole.own, team=whole.team, text=f"What now? {number}", **asked)


def case_for_supervision(whole, number):
    SupervisionCase.objects.create(**whole.own, practitioner=whole.ann, episode=whole.client(), question="What now?")


def practice_goal(whole, number):
    """With one more who is shown it, and one more who shows theirs."""
    PracticeGoal.objects.create(**whole.own, practitioner=whole.ann, wording=f"Ask {number}", set_on=NOON.date())
    for from_, to in ((whole.ann, whole.colleague(user=None)), (whole.colleague(user=None), whole.ann)):
        SupervisionShare.objects.create(**whole.own, practitioner=from_, shared_with=to, with_development=True)


def meeting_to_come():
    return [TeamMeeting.objects.latest("held_on").pk]


def sheet_photo(whole, number):
    """Waiting to be confirmed, each of another client's session."""
    session = SessionFactory(**whole.own, episode=whole.client(), practitioner=whole.colleague(user=None))
    form = {"instrument": "ors", "rater": "client", "language": "da"}
    sheet = PrintedSheet.objects.create(**whole.own, **form, number_hash=uuid.uuid4().bytes, printed_by=whole.ann)
    about = {"taken_by": whole.ann, "sheet": sheet, "session": session, "step": PhotoStep.READ}
    SheetPhoto.objects.create(**whole.own, **about, file_name=f"IMG_{number}.jpg", size=10, proposal=[[50, ""]] * 4)


def subject_request(whole, number):
    asked = {"kind": "access", "arrived_on": NOON.date(), "due_on": NOON.date(), "recorded_by": whole.ann}
    SubjectRequest.objects.create(**whole.own, client=whole.nils, **asked)


def only(model):
    return lambda: [model.objects.get().pk]


# name: (who looks, one more row, the page, what its address names)
LISTS = {
    "clients": ("ann", client, "client-list", None),
    "clients of an administrator": ("ada", client, "client-list", None),
    "today": ("ann", due_client, "today", None),
    "unfinished forms": ("ann", begun_form, "today", None),
    "people and teams": ("ada", colleague, "people", None),
    "log-in": ("ada", colleague, "log-in-rules", None),
    "a new person": ("ada", colleague, "practitioner-new", None),
    "charges of a person": ("ada", charge, "practitioner-deactivate", "ann"),
    "access log": ("ada", look, "access-log", None),
    "who has looked at a client": ("ann", look, "client-looks", "nils"),
    "alarms": ("ada", alarm, "access-checks", None),
    "samples": ("ada", sample, "access-checks", None),
    "an alarm": ("ada", alarming_look, "access-alarm", only(AccessAlarm)),
    "a sample": ("ada", sampled_access, "access-sample", only(AccessSample)),
    "imports": ("ada", upload, "import-sessions", None),
    "files of the register": ("ada", register_file, "register-files", None),
    "groups": ("ann", meeting, "groups", None),
    "team meetings": ("ann", team_meeting, "team-meetings", None),
    "the agenda of a team meeting": ("ann", meeting_case, "team-meeting", meeting_to_come),
    "questions of a team": ("ann", team_question, "team-questions", None),
    "answers to a question": ("ann", question_reply, "question", only(TeamQuestion)),
    "questions on an agenda": ("ann", topic, "team-meeting", only(TeamMeeting)),
    "cases for supervision": ("ann", case_for_supervision, "supervision", None),
    "goals of one's own practice": ("ann", practice_goal, "development", None),
    "learning of people": ("ada", colleague, "team-people", None),
    "a group": ("ann", member, "group", only(GroupMeeting)),
    "supervision": ("ann", supervision, "supervision", None),
    "tokens": ("ada", token, "tokens", None),
    "one's own tokens": ("ann", own_token, "own-tokens", None),
    "packs": ("ada", pack, "packs", None),
    "licences of a pack": ("ada", licence, "pack-detail", only(Pack)),
    "links": ("ann", link, "client-links", "nils"),
    "measures": ("ada", chosen_value, "measures", None),
    "changes": ("ann", change, "client-changes", "nils"),
    "a client's sessions": ("ann", session_of_nils, "client-detail", "nils"),
    "goals of a session": ("ann", goal_of_nils, "goal-marks", lambda: [Session.objects.earliest("created_at").pk]),
    "follow-ups": ("ann", follow_up, "today", None),
    "papers": ("ann", own_client, "paper-grid", None),
    "requests of clients": ("lea", subject_request, "subject-requests", None),
    "requests of clients on a lead's start page": ("lea", subject_request, "today", None),
    "requests of one client": ("ann", subject_request, "client-rights", "nils"),
    "photographed sheets": ("ann", sheet_photo, "sheet-photos", None),
}


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_50_rows_as_for_5(whole, browser, name):
    who, add, page, about = LISTS[name]
    browser.force_login(getattr(whole, who).user)
    confirm(browser)  # some pages ask for the password once more
    costs, sizes, there = [], [], 0
    for rows in (5, 50):
        with tenant(whole.ann.organisation_id):
            for number in range(there, rows):
                add(whole, number)
            arguments = about() if callable(about) else [getattr(whole, about).pk] if about else []
        there = rows
        url = reverse(page, args=arguments)
        browser.get(url)  # what is read once a process
        answer, statements = statements_of(lambda url=url: browser.get(url))
        assert answer.status_code == 200
        costs.append(len(statements))
        sizes.append(len(answer.content))
    assert sizes[1] > sizes[0] + 1000, "the rows do not stand on the page"
    # The first page of 50 changes holds no more of how the client began, whose names are asked for by themselves.
    assert costs[1] == costs[0] - (2 if name == "changes" else 0)
