"""Every list asks the database as often for 50 rows as for 5."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from clients.models import Client
from organisations.audit import record
from organisations.models import AccessEvent, CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import (
    AccessAlarm,
    AccessSample,
    GroupMeeting,
    GroupMember,
    MeasureValue,
    Note,
    Pack,
    PackLicence,
    RatingDraft,
    SampledAccess,
    SessionImport,
    SupervisionRating,
    SupervisionShare,
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
def whole(ann, ada, red_team, service, nils, episode):
    return House(ann, ada, red_team, service, nils, episode)


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


def charge(whole, number):
    whole.client(contact=whole.ann)


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
    "groups": ("ann", meeting, "groups", None),
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
    "papers": ("ann", own_client, "paper-grid", None),
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
