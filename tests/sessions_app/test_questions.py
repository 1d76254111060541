"""Questions and dilemmas of a team: who reads them, who is told, what becomes of them."""

import datetime

import pypdfium2
import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import AccessEvent, Membership, Outbox
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import QuestionReply, TeamMeeting, TeamMeetingCase, TeamQuestion, WaitsFor
from sessions_app.services.questions import move_questions
from tests.factories import ClientFactory
from tests.people import person
from tests.sessions_app.test_team_meetings import course

pytestmark = pytest.mark.django_db
GENERAL = "When do we show the curve to the client?"
ABOUT = "Is the alliance in the way here?"


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def page(someone, name, *args, **query):
    return text_of(logged_in(someone).get(reverse(name, args=args), query))


def step(someone, name, row):
    return logged_in(someone).post(reverse(name, args=[row.pk]))


@pytest.fixture
def case(ann, red_team):
    with tenant(ann.organisation_id):
        return course(ann, red_team, "Q-1", 200, 210, contact=ann)


@pytest.fixture
def ask(red_team):
    """Sends the form; the newest question."""

    def send(who, text=GENERAL, episode="", team=red_team):
        sent = {"text": text, "team": team.pk, "episode": getattr(episode, "pk", episode)}
        answer = logged_in(who).post(reverse("question-new"), sent)
        assert answer.status_code == 302, answer.content.decode()
        with tenant(who.organisation_id):
            return TeamQuestion.objects.latest("asked_at")

    return send


def stored(question):
    with tenant(question.organisation_id):
        return TeamQuestion.objects.get(pk=question.pk)


def name_resource_person(who, team):
    with tenant(who.organisation_id):
        Membership.objects.filter(practitioner=who, team=team).update(is_fit_resource=True)


def answer(who, question, text="Show it after the first three."):
    return logged_in(who).post(reverse("question", args=[question.pk]), {"text": text})


def test_a_question_is_asked_answered_and_marked(ann, ben, lea, ask):
    question = ask(ann)
    assert GENERAL in page(ben, "team-questions")
    assert answer(ben, question).status_code == 302
    assert stored(question).waits_for == WaitsFor.ASKER
    shown = page(ann, "question", question.pk)
    assert "Show it after the first three." in shown
    assert step(ann, "question-answered", question).status_code == 302
    row = stored(question)
    assert (row.answered_by_id, row.waits_for) == (ann.pk, WaitsFor.NOBODY)
    step(ann, "question-reopen", question)
    assert (stored(question).answered_at, stored(question).waits_for) == (None, WaitsFor.ASKER)


def test_without_words_nothing_is_asked_and_nothing_typed_is_lost(ann, red_team, case):
    sent = {"text": "  ", "team": red_team.pk, "episode": case.pk}
    refused = logged_in(ann).post(reverse("question-new"), sent)
    assert refused.status_code == 422
    assert "Write a few words." in refused.content.decode()
    assert f'value="{case.pk}" selected' in refused.content.decode()
    with tenant(ann.organisation_id):
        assert not TeamQuestion.objects.exists()


def test_a_question_about_a_case_is_read_only_by_those_who_may_see_the_client(ann, ben, cleo, blue_team, ask, case):
    """Cleo is in Ann's team for the question, and in none of the client's: the question is about another team's."""
    question = ask(ann, ABOUT, case)
    assert ABOUT in page(ben, "team-questions")
    with tenant(ann.organisation_id):
        case.client.client_teams.update(team=blue_team)
        case.client.contact = None
        case.client.save(update_fields=["contact"])
    assert ABOUT not in page(ben, "team-questions")
    assert logged_in(ben).get(reverse("question", args=[question.pk])).status_code == 404
    assert ABOUT not in page(cleo, "team-questions")  # she may see the client and is not of the team that was asked


def test_another_team_and_an_admin_read_no_question(ann, cleo, ada, dora, ask):
    question = ask(ann)
    for someone in (cleo, dora):
        assert GENERAL not in page(someone, "team-questions")
        assert logged_in(someone).get(reverse("question", args=[question.pk])).status_code == 404
    assert logged_in(ada).get(reverse("team-questions")).status_code == 403


def test_a_case_of_another_team_is_refused_beside_the_field(ann, blue_team, red_team, ask, case):
    with tenant(ann.organisation_id):
        Membership.objects.create(organisation=ann.organisation, practitioner=ann, team=blue_team)
    sent = {"text": ABOUT, "team": blue_team.pk, "episode": case.pk}
    refused = logged_in(ann).post(reverse("question-new"), sent)
    assert refused.status_code == 422
    assert "That case belongs to another team." in refused.content.decode()


def test_every_look_at_a_question_about_a_case_is_on_record(ann, ben, ask, case):
    question = ask(ann, ABOUT, case)
    page(ben, "team-questions")
    page(ben, "question", question.pk)
    answer(ben, question)
    with tenant(ann.organisation_id):
        events = AccessEvent.objects.filter(client_ids__contains=[case.client_id], action__startswith="question.")
        assert set(events.values_list("action", flat=True)) == {
            *("question.ask", "question.list", "question.read", "question.answer"),
        }


def test_the_open_ones_stand_on_top_and_words_of_answers_are_found(ann, ben, ask):
    old, new = ask(ann, "The first question"), ask(ann, "The second question")
    answer(ben, old, "Use the smileys for children")
    step(ann, "question-answered", new)
    shown = page(ann, "team-questions")
    assert shown.index("The first question") < shown.index("The second question")
    found = page(ann, "team-questions", q="smileys children")
    assert "The first question" in found
    assert "The second question" not in found
    assert "No question has these words." in page(ann, "team-questions", q="nowhere")


def test_the_lead_is_told_until_a_resource_person_is_named(ann, ben, lea, red_team, ask):
    ask(ann)
    ask(ann)
    waits = "2 questions wait for your answer"
    assert waits in page(lea, "today")
    assert waits not in page(ben, "today")
    name_resource_person(ben, red_team)
    assert waits in page(ben, "today")
    assert waits not in page(lea, "today")
    assert waits not in page(ann, "today")
    assert page(ben, "team-questions", show="answer").count(GENERAL) == 2


def test_whoever_asked_is_told_of_an_answer_until_they_have_seen_it(ann, lea, ask):
    question = ask(ann)
    answered = "1 question of yours has an answer"
    assert answered not in page(ann, "today")
    step(lea, "question-answered", question)
    assert answered in page(ann, "today")
    assert "Seen, thank you" in page(ann, "question", question.pk)
    step(ann, "question-answered", question)
    assert answered not in page(ann, "today")
    assert stored(question).answered_by_id == lea.pk


@pytest.mark.parametrize("count", [1, 5])
def test_today_costs_the_same_for_any_number_of_questions(ann, lea, ask, count, django_assert_num_queries):
    for _number in range(count):
        ask(ann)
    browser = logged_in(lea)
    browser.get(reverse("today"))
    with django_assert_num_queries(41):
        browser.get(reverse("today"))


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_questions(ann, ben, case, ask, count, django_assert_num_queries):
    for _number in range(count):
        answer(ben, ask(ann, ABOUT, case))
    browser = logged_in(ben)
    browser.get(reverse("team-questions"))
    with django_assert_num_queries(14):
        browser.get(reverse("team-questions"))


def test_no_mail_and_no_outbox_row_holds_a_word_of_it(ann, lea, ask, case):
    question = ask(ann, ABOUT, case)
    answer(lea, question)
    assert mail.outbox == []
    with tenant(ann.organisation_id):
        assert not Outbox.objects.exists()


def test_a_question_and_an_answer_are_taken_back_by_whoever_wrote_them(ann, ben, ask):
    question = ask(ann)
    answer(ben, question)
    with tenant(ann.organisation_id):
        said = QuestionReply.objects.get()
    assert "Only whoever wrote an answer" in text_of(
        logged_in(ann).post(reverse("reply-withdraw", args=[said.pk]), follow=True)
    )
    step(ben, "reply-withdraw", said)
    assert "Show it after" not in page(ann, "question", question.pk)
    assert stored(question).waits_for == WaitsFor.ANSWER
    step(ben, "reply-restore", said)
    assert "Show it after" in page(ann, "question", question.pk)
    step(ben, "question-withdraw", question)
    assert stored(question).withdrawn_at is None
    step(ann, "question-withdraw", question)
    assert GENERAL not in page(ben, "team-questions")
    assert logged_in(ben).post(reverse("question", args=[question.pk]), {"text": "Late"}).status_code == 422
    step(ann, "question-restore", question)
    assert GENERAL in page(ben, "team-questions")


def test_a_stranger_of_the_team_does_not_mark_it_answered(ann, ben, lea, ask):
    question = ask(ann)
    step(ben, "question-answered", question)
    assert stored(question).answered_at is None
    step(lea, "question-answered", question)
    assert stored(question).answered_at is not None


def meeting_of(lea, red_team, days=1):
    day = today_in(lea.organisation) + datetime.timedelta(days=days)
    with tenant(lea.organisation_id):
        about = {"team": red_team, "held_on": day, "starts_at": datetime.time(9), "planned_by": lea}
        return TeamMeeting.objects.create(organisation=lea.organisation, **about)


def test_a_question_goes_on_the_agenda_as_a_topic_and_off_again(ann, lea, red_team, ask):
    question = ask(ann)
    refused = logged_in(ann).post(reverse("question-agenda", args=[question.pk]), follow=True)
    assert "The team has no meeting planned." in refused.content.decode()
    meeting = meeting_of(lea, red_team)
    step(ann, "question-agenda", question)
    assert GENERAL in page(lea, "team-meeting", meeting.pk)
    step(lea, "question-off-agenda", question)
    assert GENERAL not in page(lea, "team-meeting", meeting.pk)


def test_a_topic_has_minutes_in_the_plan_and_stands_in_the_minutes_on_paper(ann, lea, red_team, ask):
    meeting, question = meeting_of(lea, red_team), ask(ann)
    assert "for questions of the team" not in page(lea, "team-meeting", meeting.pk)
    step(ann, "question-agenda", question)
    shown = page(lea, "team-meeting", meeting.pk)
    assert "5 for questions of the team" in shown
    assert shown.count("b-topic") == 1
    paper = logged_in(lea).get(reverse("team-meeting-minutes", args=[meeting.pk])).content
    text = " ".join(part.get_textpage().get_text_range() for part in pypdfium2.PdfDocument(paper))
    assert GENERAL in " ".join(text.split())


def test_a_question_about_a_case_goes_on_the_agenda_as_that_case(ann, lea, red_team, ask, case):
    meeting, question = meeting_of(lea, red_team), ask(ann, ABOUT, case)
    step(ann, "question-agenda", question)
    with tenant(ann.organisation_id):
        row = TeamMeetingCase.objects.get(meeting=meeting)
    assert (row.episode_id, row.question, row.asked_by_id) == (case.pk, ABOUT, ann.pk)
    step(ann, "question-withdraw", question)
    with tenant(ann.organisation_id):
        assert not TeamMeetingCase.objects.standing().exists()


def test_the_questions_of_a_team_go_over_when_it_is_merged(ann, red_team, blue_team, ask):
    question = ask(ann)
    with tenant(ann.organisation_id):
        move_questions(red_team, blue_team)
    assert stored(question).team_id == blue_team.pk


def test_the_case_of_an_address_is_chosen_already(ann, case):
    assert f'value="{case.pk}" selected' in page(ann, "question-new", episode=str(case.pk))
    assert logged_in(ann).get(reverse("question-new"), {"episode": "x"}).status_code == 200


def test_an_empty_list_says_what_it_is_for_and_without_a_team_there_is_nothing_to_ask(ann, red_team):
    assert "No question yet" in page(ann, "team-questions")
    alone = person(red_team, "Nina Alone", Role.PRACTITIONER, teams=[])
    assert "You are in no team yet" in page(alone, "team-questions")
    assert "You are in no team yet" in page(alone, "question-new")


def test_a_practice_client_is_no_case_to_ask_about(ann, red_team):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation, "teams": [red_team]}
        ClientFactory(**own, reference="Practice-9", is_practice=True)
        course(ann, red_team, "P-1", 200, is_practice=True)
    assert "P-1" not in page(ann, "question-new")
