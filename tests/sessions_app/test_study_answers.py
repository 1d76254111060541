"""The arm without feedback: what is answered there reaches nobody, on no way, until the client is out of the study."""

import datetime
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, ConsentPurpose, ConsentState, Episode
from clients.services.consents import record_consent
from clients.services.due import due
from organisations.models import Capability
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import (
    EntryMode,
    PendingAnswer,
    Rating,
    RatingDraft,
    Session,
    StudyAnswer,
    StudyArm,
    StudyParticipant,
)
from sessions_app.services.external_answers import keep_client_answer
from sessions_app.services.forms_due import fits, forms_due, forms_of_client
from sessions_app.services.overdue import overdue_since
from sessions_app.services.pending_answers import submit_answer
from sessions_app.services.periodic_forms import forms_to_ask_for, load_courses
from sessions_app.services.ratings import Answer, Receipt, record_rating
from sessions_app.services.sessions import start_session
from sessions_app.services.studies import close_study
from sessions_app.services.study_answers import keep, release
from sessions_app.services.study_enrolment import enrol_client, leave_study
from tests.kiosk import hand_over
from tests.route_matrix import make_world, named_routes
from tests.studies import acting, new_client, study_of, works
from tests.test_ways_out import by_api, pages

pytestmark = pytest.mark.django_db
WHO5, ORS = FormKey("who5"), FormKey("ors")
MARKS = [1, 2, 0, 2, 1]  # 6 of 25: 24 of 100
KEPT = re.compile(r'"sessions_app_studyanswer"\."(marks|total)"')


def in_arm(ann, study, name):
    """A client whom the lots put into that arm."""
    while True:
        row = enrol_client(study=study, client=new_client(ann), by=ann)
        if row.allocation.arm.name == name:
            return row


@pytest.fixture
def study(ada):
    return study_of(ada, today_in(ada.organisation))


@pytest.fixture
def unseen(ann, study):
    """The row of a client without feedback."""
    with acting(ann):
        return in_arm(ann, study, "As usual")


@pytest.fixture
def seen(ann, study):
    with acting(ann):
        return in_arm(ann, study, "With feedback")


def begun(ann, row):
    with acting(ann):
        return start_session(client=Client.objects.get(pk=row.client_id), by=ann)


def answered(ann, session, marks=MARKS):
    """The client answers on a device that Ann hands over, as a browser does it."""
    browser = Browser()
    browser.force_login(ann.user)
    form = hand_over(browser, session, "who5")
    sent = dict(zip(("cheerful", "calm", "active", "rested", "interested"), marks, strict=True))
    answer = browser.post(form, sent | {"submission_id": str(uuid.uuid4())})
    assert answer.status_code == 303, answer.content.decode()[-500:]


def refuse_to_read(execute, sql, params, many, context):
    """No statement that names the marks or the total of what is kept apart is run."""
    assert not KEPT.search(sql), "reads what is withheld"
    return execute(sql, params, many, context)


def staff(ann):
    browser = Browser()
    browser.force_login(ann.user)
    return browser


def test_an_answer_without_feedback_becomes_no_rating_and_one_with_feedback_does(ann, unseen, seen):
    for row in (unseen, seen):
        answered(ann, begun(ann, row))
    with tenant(ann.organisation_id):
        assert [rating.session.client_id for rating in Rating.objects.all()] == [seen.client_id]
        kept = StudyAnswer.objects.get()
        assert (kept.participant_id, kept.marks, kept.total, kept.is_doubtful) == (unseen.pk, MARKS, 6, False)


def test_the_page_of_a_client_with_feedback_shows_what_that_of_the_other_does_not(ann, unseen, seen):
    """The same answer, so that the test below has something to find."""
    pages_of = {}
    for row in (unseen, seen):
        answered(ann, begun(ann, row))
        url = reverse("client-detail", args=[row.client_id])
        pages_of[row.pk] = staff(ann).get(url).content.decode()
    assert "Well-being, our own five questions" in pages_of[seen.pk]
    assert "Well-being, our own five questions" not in pages_of[unseen.pk]
    assert "Takes part in a study" in pages_of[unseen.pk] and "Takes part in a study" not in pages_of[seen.pk]


def test_no_page_no_file_and_no_route_of_the_api_reads_a_withheld_answer():
    """Every address that can be opened about the client's rows, by each who works here and by another system: none of
    their statements reads marks or a total of what is kept apart."""
    world = make_world()
    by = world.people["practitioner"]
    with acting(by):
        client = Client.objects.get(pk=world.kwargs["client_id"])
        Client.objects.filter(pk=client.pk).update(feedback_withheld=True)
        StudyArm.objects.update(sees_feedback=False, forms="who5")
        drawn = StudyParticipant.objects.enrolled().values("enrolled_at", "consent", "allocation").get()
        StudyParticipant.objects.filter(client=client).update(
            exclusion="",
            **{f"{name}_id" if name != "enrolled_at" else name: value for name, value in drawn.items()},
        )
        session = Session.objects.get(pk=world.kwargs["session_id"])
        assert keep(session, WHO5, MARKS, uuid.uuid4())
    asked = 0
    with connection.execute_wrapper(refuse_to_read):
        with pytest.raises(AssertionError, match="reads what is withheld"), tenant(by.organisation_id):
            list(StudyAnswer.objects.all())
        for actor in ("practitioner", "team_lead", "admin", "consultant"):
            browser = world.browser_of(actor)
            asked += sum(browser.get(url).status_code == 200 for url in pages(world).values())
            if actor not in ("admin", "consultant"):
                by_api(world, actor, None)
    assert asked > 100
    assert {"client-detail", "session-flow", "record-csv", "today"} <= {name for name, _pattern in named_routes()}


def test_a_client_without_feedback_is_asked_for_who5_alone(ann, unseen, seen):
    for row, asked in ((unseen, []), (seen, ["ors", "srs"])):
        session = begun(ann, row)
        with tenant(ann.organisation_id):
            session = Session.objects.select_related("client", "episode__client").get(pk=session.pk)
            assert [form.key for form in forms_due(session)] == asked
            assert [form.key for form in forms_of_client(session.client)] == asked
            assert fits(session, ORS) is bool(asked) and fits(session, WHO5)
            assert [form.key for form in forms_to_ask_for(session, ())] == ["who5"]


def test_an_ors_cannot_be_handed_over_nor_keyed_in(ann, unseen):
    session = begun(ann, unseen)
    with acting(ann), pytest.raises(ValidationError, match="does not belong to this session"):
        record_rating(
            session=session,
            form=ORS,
            answer=Answer((50, 50, 50, 50), 200),
            entry_mode=EntryMode.PAPER,
            submission_id=uuid.uuid4(),
            by=ann,
        )


def test_staff_and_other_systems_do_not_write_down_what_nobody_may_see(ann, unseen):
    session = begun(ann, unseen)
    facts = {"session": session, "form": WHO5, "submission_id": uuid.uuid4()}
    with acting(ann):
        with pytest.raises(ValidationError, match="fills in the form on a device"):
            record_rating(**facts, answer=Answer(tuple(MARKS), 6), entry_mode=EntryMode.PAPER, by=ann)
        with pytest.raises(ValidationError, match="fills in the form on a device"):
            keep_client_answer(**facts, marks=MARKS)
        RatingDraft.objects.create(
            organisation=ann.organisation,
            session=session,
            instrument="who5",
            marks=[1, None, None, None, None],
            entry_mode="device",
        )
    for name in ("rating-key-in", "rating-read-aloud"):  # half an answer is an answer
        assert staff(ann).get(reverse(name, args=[session.pk, "who5"])).status_code == 302


def test_who5_is_not_asked_for_again_before_its_time_and_the_page_says_when(ann, unseen):
    session = begun(ann, unseen)
    answered(ann, session)
    with tenant(ann.organisation_id):
        session = Session.objects.select_related("client", "episode__client").get(pk=session.pk)
        assert forms_to_ask_for(session, ()) == []
        assert load_courses(session.episode)["who5"].last_on == session.held_on
        assert load_courses(session.episode)["who5"].licensed == ()


def test_nothing_of_ors_and_srs_is_late_without_them(ann, unseen):
    with tenant(ann.organisation_id):
        client = Client.objects.get(pk=unseen.client_id)
        episode = Episode.objects.select_related("client").get(pk=unseen.episode_id)
        later = today_in(ann.organisation) + datetime.timedelta(days=365)
        assert (client.outcome_rhythm, client.alliance_rhythm, client.who5_weeks) == (0, 0, 4)
        assert overdue_since(episode, later) is None and due(client, episode, later).kind == "none"


def test_an_answer_to_a_form_that_was_closed_waits_where_nobody_reads_it(ann, unseen):
    session = begun(ann, unseen)
    browser = staff(ann)
    hand_over(browser, session, "who5")
    with acting(ann):
        token = Capability.objects.get(detail="who5")
        given = {"marks": MARKS, "submission_id": uuid.uuid4(), "foreign": True}
        assert submit_answer(capability=token, **given) == Receipt.HELD
        assert not PendingAnswer.objects.exists() and not Rating.objects.exists()
        assert StudyAnswer.objects.get().is_doubtful


def test_the_same_submission_twice_is_kept_once(ann, unseen):
    session = begun(ann, unseen)
    with acting(ann):
        session = Session.objects.select_related("client").get(pk=session.pk)
        key = uuid.uuid4()
        assert keep(session, WHO5, MARKS, key) and not keep(session, WHO5, MARKS, key)
        assert StudyAnswer.objects.count() == 1


@pytest.mark.parametrize("how", ["left", "consent", "closed"])
def test_once_out_of_the_study_answers_are_ratings_as_they_would_have_been(ann, ada, house, study, unseen, how):
    session = begun(ann, unseen)
    answered(ann, session)
    works(house)
    with acting(ann):
        assert release(unseen.pk) == 0 and not Rating.objects.exists(), "not while they take part"
        given = StudyAnswer.objects.get()
        if how == "left":
            leave_study(participant=unseen, reason="other", by=ann)
        elif how == "consent":
            no = {"purpose": ConsentPurpose.RESEARCH, "state": ConsentState.WITHDRAWN}
            record_consent(client=Client.objects.get(pk=unseen.client_id), by=ann, **no)
    if how == "closed":
        with acting(ada):
            close_study(study=study, by=ada)
    works(house)
    works(house)  # a job may run twice with one effect
    with tenant(house.pk):
        rating = Rating.objects.get()
        assert (rating.marks, rating.total, rating.session_id) == (MARKS, 6, session.pk)
        assert (rating.created_at, rating.submission_id) == (given.created_at, given.submission_id)
        assert not Client.objects.get(pk=unseen.client_id).feedback_withheld
        assert StudyParticipant.objects.in_data().filter(pk=unseen.pk).exists() is (how != "consent")
    assert (
        "Well-being, our own five questions"
        in staff(ann).get(reverse("client-detail", args=[unseen.client_id])).content.decode()
    )


def test_of_two_answers_at_one_session_the_first_becomes_the_rating(ann, house, unseen):
    session = begun(ann, unseen)
    with acting(ann):
        session = Session.objects.select_related("client").get(pk=session.pk)
        keep(session, WHO5, MARKS, uuid.uuid4())
        keep(session, WHO5, [5] * 5, uuid.uuid4())
        leave_study(participant=unseen, reason="other", by=ann)
    works(house)
    with tenant(house.pk):
        assert [rating.marks for rating in Rating.objects.all()] == [MARKS]
