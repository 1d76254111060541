"""Everything about a client in one file: who may, what is gone through first, what is held back, what it holds."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from clients.models import HeldBackPassage, PairMessage, RequestKind
from clients.services.subject_requests import record_request
from organisations.audit.record import Collected, collecting
from organisations.models import AccessEvent
from organisations.models.countries import Country
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import KeptPhoto, Note, Session
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.reports.pdf.pdf_reading import faults_of, said_of_itself, text_of
from tests.second_factors import confirm
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
OWN, ABOUT, SISTER = "I sleep well now", "Nils and his sister Karla quarrelled", "his sister Karla"


@pytest.fixture
def written(nils, episode, lea, ann):
    """A session with a form, the client's words and a remark that names somebody else; a picture of the form."""
    with tenant(nils.organisation_id):
        own = {"organisation": nils.organisation}
        session = SessionFactory(**own, episode=episode, practitioner=ann)
        rating = RatingFactory(**own, session=session, marks=(71, 72, 73, 74))
        Note.objects.create(**own, session=session, kind="after_ors", text=OWN, updated_by=ann)
        note = Note.objects.create(**own, session=session, kind="development", text="first draft", updated_by=ann)
        note.text = ABOUT
        note.save(update_fields=["text"])
        KeptPhoto.objects.create(**own, rating=rating, content=b"\xff\xd8picture")
    return session


@pytest.fixture
def as_lea(browser, lea):
    browser.force_login(lea.user)
    confirm(browser)
    return browser


def page_of(browser, client):
    return browser.get(reverse("subject-export", args=[client.pk]))


def make(browser, client, **more):
    """Go through the words and ask for the file, as the page sends it."""
    seen = page_of(browser, client).context["form"]["seen"].value()
    sent = {"purpose": "she asked for it", "language": "en", "gone_through": "on", "seen": seen} | more
    return browser.post(reverse("subject-file", args=[client.pk]), sent)


def files_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def the(files, ending):
    [found] = [held for name, held in files.items() if name.endswith(ending)]
    return found


def test_the_file_holds_words_marks_pictures_and_an_accessible_document(as_lea, nils, written):
    answer = make(as_lea, nils)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/zip" and "N-014" in answer["Content-Disposition"]
    assert "Nils" not in answer["Content-Disposition"]
    files = files_of(answer)
    document = json.loads(the(files, ".json"))
    tables = {table["name"]: table for table in document["tables"]}
    assert {row["text"] for row in tables["sessions_app.Note"]["rows"]} == {OWN, ABOUT}
    assert "first draft" in {row["text"] for row in tables["sessions_app.NoteEvent"]["rows"]}
    assert tables["sessions_app.Rating"]["rows"][0]["marks"] == [71, 72, 73, 74]
    [told] = document["files"]
    assert files[told["file"]] == b"\xff\xd8picture" and told["table"] == "sessions_app.KeptPhoto"
    pdf = the(files, ".pdf")
    text = text_of(pdf)
    for words in ("Who I am", "Nils", "What I marked", OWN, ABOUT, "Who has looked", "7.1 · 7.2 · 7.3 · 7.4"):
        assert words in text.replace("\n", " ") or words in text, words
    assert faults_of(pdf) == []
    assert said_of_itself(pdf) == {
        "language": "en",
        "title": "Everything that is kept about me: N-014",
        "archive": "2A",
        "accessible": "1",
        "tagged": "True",
    }


def test_what_for_is_on_record_and_who_looked_has_no_name_in_denmark(as_lea, nils, written, lea):
    as_lea.get(reverse("client-detail", args=[nils.pk]))
    document = json.loads(the(files_of(make(as_lea, nils)), ".json"))
    looks = document["who_has_looked"]
    assert looks and "name" not in looks[0] and looks[0]["units"] == ["Red team"] and looks[0]["role"] == "Team lead"
    assert "Opened the client's page" in {look["purpose"] for look in looks}
    with tenant(nils.organisation_id):
        event = AccessEvent.objects.get(action="subject.export")
    assert event.client_ids == [nils.pk] and event.typed == "she asked for it" and event.practitioner_id == lea.pk
    named = json.loads(the(files_of(make(as_lea, nils, names="on")), ".json"))["who_has_looked"]
    assert {look["name"] for look in named} >= {"Lea Vang"}


def test_norway_gives_names_unless_somebody_takes_the_mark_away(as_lea, nils, house):
    assert page_of(as_lea, nils).context["form"]["names"].value() is False
    house.country = Country.NORWAY
    house.save()
    assert page_of(as_lea, nils).context["form"]["names"].value() is True


def test_a_passage_is_held_back_everywhere_and_the_client_is_told_why(as_lea, nils, written):
    page = page_of(as_lea, nils).content.decode()
    assert ABOUT in page and "first draft" in page and OWN in page
    hold = reverse("passage-hold-back", args=[nils.pk])
    assert as_lea.post(hold, {"passage": SISTER, "reason": "about a relative"}).status_code == 302
    files = files_of(make(as_lea, nils))
    assert [name.rpartition(".")[2] for name in sorted(files)] == ["json", "pdf"]  # no picture any more
    for held in (the(files, ".json").decode(), text_of(the(files, ".pdf")).replace("\n", " ")):
        assert "Karla" not in held and "about a relative" in held and OWN in held
    with tenant(nils.organisation_id):
        held = HeldBackPassage.objects.get()
    assert as_lea.post(reverse("passage-give-free", args=[held.pk])).status_code == 302
    assert "Karla" in the(files_of(make(as_lea, nils)), ".json").decode()


def test_words_that_stand_nowhere_cannot_be_held_back(as_lea, nils, written):
    hold = reverse("passage-hold-back", args=[nils.pk])
    answer = as_lea.post(hold, {"passage": "Katrine", "reason": "about a relative"})
    assert answer.status_code == 422 and "stand in no text" in answer.content.decode()
    assert "Katrine" in answer.content.decode()  # what was typed stays
    with tenant(nils.organisation_id):
        assert not HeldBackPassage.objects.exists()


def test_no_file_before_the_words_were_gone_through_and_none_if_some_came_since(as_lea, nils, written, ann):
    answer = make(as_lea, nils, gone_through="")
    assert answer.status_code == 422 and "Go through the words first." in answer.content.decode()
    answer = make(as_lea, nils, purpose="")
    assert answer.status_code == 422
    seen = page_of(as_lea, nils).context["form"]["seen"].value()
    with tenant(nils.organisation_id):
        PairMessage.objects.create(organisation=nils.organisation, client=nils, text="Karla rang", written_by=ann)
    answer = make(as_lea, nils, seen=seen)
    assert answer.status_code == 422 and "Something was written meanwhile" in answer.content.decode()
    with tenant(nils.organisation_id):
        assert not AccessEvent.objects.filter(action="subject.export").exists()
    again = {"purpose": "x", "language": "en", "gone_through": "on", "seen": answer.context["form"]["seen"].value()}
    assert as_lea.post(reverse("subject-file", args=[nils.pk]), again).status_code == 200


@pytest.mark.parametrize("name", ["subject-export", "subject-file", "passage-hold-back"])
def test_whoever_asks_confirms_first_who_they_are(browser, nils, lea, name):
    browser.force_login(lea.user)
    url = reverse(name, args=[nils.pk])
    answer = browser.get(url) if name == "subject-export" else browser.post(url, {"purpose": "x"})
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


def test_only_a_lead_of_the_clients_team_gives_everything_out(browser, nils, ann, ada, lea, blue_team):
    for who, status in ((ann, 403), (ada, 403)):
        browser.force_login(who.user)
        confirm(browser)
        assert page_of(browser, nils).status_code == status
    with tenant(nils.organisation_id):
        lea.memberships.update(team=blue_team)
    browser.force_login(lea.user)
    confirm(browser)
    assert page_of(browser, nils).status_code == 404


def test_a_row_that_stood_at_another_client_by_mistake_is_that_ones(as_lea, nils, written, ann, service, red_team):
    """A session is moved to its right client: nothing of its past is given to the wrong one, nor whose it was."""
    with tenant(nils.organisation_id):
        other = ClientFactory(organisation=nils.organisation, reference="N-099", teams=[red_team])
        right = EpisodeFactory(organisation=nils.organisation, client=other, service=service)
        Session.objects.filter(pk=written.pk).update(client=other, episode=right)
    given = the(files_of(make(as_lea, nils)), ".json").decode()
    assert OWN not in given and "first draft" not in given and str(other.pk) not in given
    assert str(written.pk) not in given
    given = the(files_of(make(as_lea, other)), ".json").decode()
    assert OWN in given and str(nils.pk) not in given and "another person's record" in given


def test_a_row_that_is_gone_is_given_by_its_history(as_lea, nils, written, blue_team):
    with tenant(nils.organisation_id):
        nils.client_teams.create(organisation=nils.organisation, team=blue_team).delete()
    tables = {
        table["name"]: table["rows"] for table in json.loads(the(files_of(make(as_lea, nils)), ".json"))["tables"]
    }
    assert {row["team"] for row in tables["clients.ClientTeamEvent"]} >= {"Blue team"}


def test_as_many_queries_for_many_rows_as_for_one(as_lea, nils, written, ann, episode):
    from reports.subject.content import read_subject

    def read():
        with tenant(nils.organisation_id):
            return statements_of(lambda: read_subject(nils))[1]

    one = len(read())
    with tenant(nils.organisation_id):
        own = {"organisation": nils.organisation}
        for _number in range(4):
            session = SessionFactory(**own, episode=episode, practitioner=ann)
            RatingFactory(**own, session=session)
            Note.objects.create(**own, session=session, kind="development", text=ABOUT, updated_by=ann)
    assert len(read()) == one


def test_the_request_stands_beside_the_purpose_in_the_log(as_lea, nils, written, lea):
    with tenant(nils.organisation_id), collecting(Collected(request_id="x", organisation_id=nils.organisation_id)):
        asked = record_request(
            client=nils, by=lea, kind=RequestKind.COPY, arrived_on=today_in(nils.organisation), wish="Give me all"
        )
    answer = make(as_lea, nils, request=str(asked.pk))
    assert "Give me all" in the(files_of(answer), ".json").decode()
    with tenant(nils.organisation_id):
        assert str(asked.pk) in AccessEvent.objects.get(action="subject.export").typed
