"""A study from its draft to its end: protocol, lots, consent, and who is told what when."""

import datetime
import threading
from itertools import islice

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import ConsentPurpose, ConsentState
from clients.services.consent_closings import open_now
from clients.services.consents import record_consent
from organisations.history.tracking import event_model_of
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.measures.studies.randomisation import sequence
from sessions_app.models import Study, StudyAllocation, StudyParticipant, StudySecrets
from sessions_app.services import study_enrolment
from sessions_app.services.studies import change_study, close_study, open_study, plan_study, replay, seed_of
from sessions_app.services.study_enrolment import allocate_practitioner, enrol_client, leave_study
from sessions_app.services.study_flow import flow_of
from tests.factories import ClientFactory, RatingFactory, SessionFactory
from tests.saving import form_on
from tests.studies import YES, acting, fields, new_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada):
    with acting(ada):
        return plan_study(by=ada, **fields(today_in(ada.organisation)))


@pytest.fixture
def study(draft, ada):
    with acting(ada):
        return open_study(study=draft, by=ada)


def page(browser, name, *args):
    return " ".join(browser.get(reverse(name, args=args)).content.decode().split())


def test_an_admin_plans_a_study_and_opens_it_through_the_pages(browser, ada, house):
    browser.force_login(ada.user)
    assert "No study yet" in page(browser, "studies")
    new = reverse("study-new")
    day = today_in(house)
    sent = form_on(browser, new) | fields(day) | {"starts_on": day.isoformat(), "ends_on": day.isoformat()}
    sent |= {"arm_1_feedback": "on", "by_service": "", "unit": "clients"}
    answer = browser.post(new, {name: value for name, value in sent.items() if value not in (False, None)})
    assert answer.status_code == 302, answer.context["form"].errors
    with tenant(house.pk):
        study = Study.objects.get()
        assert [(arm.name, arm.sees_feedback, arm.forms) for arm in study.arms.all()] == [
            ("With feedback", True, "all"),
            ("As usual", False, "who5"),
        ]
    assert "Draft" in page(browser, "study", study.pk)
    assert "its protocol stands" not in page(browser, "study-open", study.pk)
    assert browser.post(reverse("study-open", args=[study.pk])).status_code == 302
    assert "How many came how far" in page(browser, "study", study.pk)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"arm_2": ""}, "This field is required"),
        ({"arm_2": "with FEEDBACK"}, "each with a name of its own"),
        ({"ends_on": "2020-01-01"}, "cannot end before it starts"),
        ({"unit": "practitioners", "by_age": "on"}, "only the service can part them"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(browser, ada, house, wrong, said):
    browser.force_login(ada.user)
    day = today_in(house).isoformat()
    sent = fields(today_in(house)) | {"starts_on": day, "ends_on": day, "arm_1_feedback": "on"}
    answer = browser.post(reverse("study-new"), {k: v for k, v in (sent | wrong).items() if v not in (False, None)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Does feedback help?" in answer.content.decode() or "name" in wrong
    with tenant(house.pk):
        assert not Study.objects.exists()


def test_an_opened_study_is_not_changed_but_amended(browser, ada, study):
    browser.force_login(ada.user)
    with acting(ada), pytest.raises(ValidationError, match="its protocol stands"):
        change_study(study=study, by=ada, **fields(today_in(ada.organisation), name="Another"))
    url = reverse("study-amend", args=[study.pk])
    assert browser.post(url, {"text": "", "approval_reference": ""}).status_code == 422
    assert browser.post(url, {"text": "Longer by a month", "approval_reference": "N-2"}).status_code == 302
    shown = page(browser, "study", study.pk)
    assert "Longer by a month" in shown and "Ada Berg" in shown


def test_a_draft_is_the_admins_alone_and_what_is_open_is_read_by_all(browser, ann, lea, draft, ada):
    for who in (ann, lea):
        browser.force_login(who.user)
        assert browser.get(reverse("study", args=[draft.pk])).status_code == 404
    with acting(ada):
        open_study(study=draft, by=ada)
    for who in (ann, lea):
        browser.force_login(who.user)
        assert "Does feedback help?" in page(browser, "studies")
        assert browser.get(reverse("study-close", args=[draft.pk])).status_code == 403


def test_a_client_is_enrolled_on_the_page_only_with_a_yes_to_research(browser, ann, study, nils, episode):
    browser.force_login(ann.user)
    url = reverse("study-assess", args=[study.pk])
    for said in (None, ConsentState.WITHDRAWN):
        if said is not None:
            with acting(ann):
                record_consent(client=nils, by=ann, purpose=ConsentPurpose.RESEARCH, state=said)
        answer = browser.post(url, {"client": nils.pk, "assessment": "enrol"})
        assert answer.status_code == 422
        assert "has not said yes to research" in answer.content.decode()
    with tenant(ann.organisation_id):
        assert not StudyAllocation.objects.exists()
    with acting(ann):
        record_consent(client=nils, by=ann, purpose=ConsentPurpose.RESEARCH, state=YES)
    assert browser.post(url, {"client": nils.pk, "assessment": "enrol"}).status_code == 302
    with tenant(ann.organisation_id):
        row = StudyParticipant.objects.get()
        assert row.consent.client_id == nils.pk and row.practitioner_id == ann.pk
        log = AccessEvent.objects.filter(client_ids__contains=[nils.pk], action="study.enrol")
        assert log.count() == 1 and log.get().practitioner_id == ann.pk
        assert event_model_of(StudyAllocation).objects.filter(pgh_obj_id=row.allocation_id).count() == 1
    assert "N-014" in page(browser, "study", study.pk)


def test_the_database_refuses_an_enrolment_without_a_consent(ann, study, nils, episode):
    with acting(ann), pytest.raises(IntegrityError, match="study_enrolled_with_consent"), transaction.atomic():
        StudyParticipant.objects.create(
            organisation_id=ann.organisation_id,
            study=study,
            client=nils,
            episode=episode,
            assessed_by=ann,
            enrolled_at=timezone.now(),
        )


def test_who_does_not_take_part_is_counted_with_the_reason_and_may_be_assessed_again(
    browser, ann, study, nils, episode
):
    browser.force_login(ann.user)
    url = reverse("study-assess", args=[study.pk])
    browser.post(url, {"client": nils.pk, "assessment": "declined"})
    with acting(ann):
        assert flow_of(study).excluded == (("declined", 1),)
        record_consent(client=nils, by=ann, purpose=ConsentPurpose.RESEARCH, state=YES)
    browser.post(url, {"client": nils.pk, "assessment": "enrol"})
    with acting(ann):
        flow = flow_of(study)
        assert (flow.assessed, flow.excluded, flow.enrolled) == (1, (), 1)


def test_a_stored_lot_is_neither_changed_nor_deleted(ann, ada, study):
    with acting(ann):
        lot = enrol_client(study=study, client=new_client(ann), by=ann).allocation
        other = study.arms.exclude(pk=lot.arm_id).get()
        for change in (lambda rows: rows.update(arm=other), lambda rows: rows._raw_delete("default")):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                change(StudyAllocation.objects.filter(pk=lot.pk))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            StudySecrets.objects.update(seed="00" * 32)


def test_lots_come_out_again_from_the_seed_and_only_once_the_study_is_closed(browser, ann, ada, study):
    with acting(ann):
        for _ in range(11):
            enrol_client(study=study, client=new_client(ann), by=ann)
        seed = study.secrets.seed
        rows = list(StudyAllocation.objects.order_by("place").select_related("arm"))
        assert [row.arm.place for row in rows] == list(islice(sequence(seed, "", (1, 1)), 11))
        with pytest.raises(ValidationError, match="once the study is closed"):
            replay(study)
        assert seed_of(study) == ""
    browser.force_login(ada.user)
    shown = [page(browser, name, study.pk) for name in ("study", "study-open", "study-close", "study-amend")]
    browser.force_login(ann.user)
    shown += [page(browser, name, study.pk) for name in ("study", "study-assess")]
    assert not any(seed in text for text in shown)
    with acting(ada):
        close_study(study=study, by=ada)
        study.refresh_from_db()
        assert replay(study) == []
    browser.force_login(ada.user)
    closed = page(browser, "study", study.pk)
    assert seed in closed and "every lot comes out as it is stored" in closed
    with acting(ada):
        drawn = list(islice(sequence(seed, "", (1, 1)), 12))[11]
        forged = StudyAllocation.objects.create(
            organisation_id=study.organisation_id,
            study=study,
            place=11,
            arm=study.arms.all()[1 - drawn],
            client=new_client(ann),
            allocated_by=ann,
        )
        assert [row.pk for row in replay(study)] == [forged.pk]


def test_the_next_lot_stands_nowhere_before_somebody_is_enrolled(browser, ann, ada, study):
    """No row and no history holds it: it follows from the seed alone, which no study is read with."""
    with acting(ann):
        before = StudyAllocation.objects.count()
        browser.force_login(ann.user)
    page(browser, "study-assess", study.pk)
    with acting(ann):
        assert StudyAllocation.objects.count() == before == 0
        assert "seed" not in {field.attname for field in Study._meta.concrete_fields}
    for model in (Study, StudyAllocation, StudyParticipant):
        assert not {"seed", "id_secret"} & {field.name for field in event_model_of(model)._meta.fields}


@pytest.mark.django_db(transaction=True)
def test_two_who_are_enrolled_at_once_get_two_places(monkeypatch, ann, ben, ada):
    with acting(ada):
        study = open_study(study=plan_study(by=ada, **fields(today_in(ada.organisation))), by=ada)
    with acting(ann):
        one, other = new_client(ann), new_client(ann)
    said = {}

    def enrol(name, by, client):
        try:
            with acting(by):
                said[name] = enrol_client(study=study, client=client, by=by).allocation.place
        except Exception as error:  # told by the assertion below
            said[name] = repr(error)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connection.close()

    second = threading.Thread(target=enrol, args=("second", ben, other))
    arm_at = study_enrolment.arm_at

    def while_another_enrols(*arguments):
        if second.ident is None:
            second.start()
            second.join(2)  # under the lock it goes on afterwards
        return arm_at(*arguments)

    monkeypatch.setattr(study_enrolment, "arm_at", while_another_enrols)
    enrol("first", ann, one)
    second.join()
    assert said == {"first": 0, "second": 1}


def test_strata_have_sequences_of_their_own(ann, ada, red_team):
    with acting(ada):
        given = fields(today_in(ada.organisation), by_service=True, by_age=True, by_intake=True, arm_2_feedback=True)
        study = open_study(study=plan_study(by=ada, **given), by=ada)
    with acting(ann):
        found = []
        for year, total in ((1980, 10), (1980, 90), (2011, 10), (1980, None)):
            client = new_client(ann, birth_year=year)
            if total is not None:
                episode = client.episodes.get()
                episode.outcome_first = episode.outcome_last = total * 4
                episode.outcome_count = 1
                episode.save()
            found.append(enrol_client(study=study, client=client, by=ann).allocation)
        service = red_team.service_id
        assert [row.stratum for row in found] == [
            f"{service} adult below",
            f"{service} adult above",
            f"{service} adolescent below",
            f"{service} adult unknown",
        ]
        assert {row.place for row in found} == {0}


def test_of_practitioners_the_clients_follow_the_contact_person(browser, ada, ann, ben, red_team):
    with acting(ada):
        study = open_study(study=plan_study(by=ada, **fields(today_in(ada.organisation), unit="practitioners")), by=ada)
    browser.force_login(ada.user)
    assert browser.post(reverse("study-allocate", args=[study.pk]), {"practitioner": ann.pk}).status_code == 302
    assert "Ann Holm" in page(browser, "study", study.pk)
    with acting(ann):
        lot = study.allocations.get()
        first, second = (enrol_client(study=study, client=new_client(ann), by=ann) for _ in range(2))
        assert first.allocation_id == second.allocation_id == lot.pk
        with pytest.raises(ValidationError, match="no lot has been drawn"):
            enrol_client(study=study, client=new_client(ann, contact=ben), by=ann)
        assert allocate_practitioner(study=study, practitioner=ann, by=ada).pk == lot.pk


def test_who_has_a_curve_or_another_study_or_practises_is_not_enrolled(ann, ada, study, nils, episode):
    with acting(ann):
        practice = new_client(ann, is_practice=True)
        with pytest.raises(ValidationError, match="Practice clients"):
            enrol_client(study=study, client=practice, by=ann)
        curve = new_client(ann)
        curve.episodes.update(outcome_count=1)
        with pytest.raises(ValidationError, match="curve has begun"):
            enrol_client(study=study, client=curve, by=ann)
        client = new_client(ann)
        enrol_client(study=study, client=client, by=ann)
    with acting(ada):
        other = open_study(study=plan_study(by=ada, **fields(today_in(ada.organisation), name="Other")), by=ada)
    with acting(ann), pytest.raises(ValidationError, match="another study"):
        enrol_client(study=other, client=client, by=ann)


def test_nobody_is_enrolled_outside_the_period_or_in_a_draft_or_closed_study(ann, ada, draft):
    with acting(ann), pytest.raises(ValidationError, match="takes nobody in now"):
        enrol_client(study=draft, client=new_client(ann), by=ann)
    with acting(ada):
        open_study(study=draft, by=ada)
        tomorrow = today_in(ada.organisation) + datetime.timedelta(days=1)
        Study.objects.filter(pk=draft.pk).update(starts_on=tomorrow, ends_on=tomorrow)
    with acting(ann), pytest.raises(ValidationError, match="takes nobody in now"):
        enrol_client(study=draft, client=new_client(ann), by=ann)


def test_a_consent_that_is_taken_back_takes_the_client_out_of_the_data_and_is_counted(ann, study):
    with acting(ann):
        row = enrol_client(study=study, client=new_client(ann), by=ann)
        assert open_now(row.client, ConsentPurpose.RESEARCH) == ["part in 1 study"]
        record_consent(client=row.client, by=ann, purpose=ConsentPurpose.RESEARCH, state=ConsentState.WITHDRAWN)
        assert not StudyParticipant.objects.in_data().exists()
        assert open_now(row.client, ConsentPurpose.RESEARCH) == []
        lost = [arm.lost for arm in flow_of(study).arms]
        assert sorted(lost) == [(), (("consent", 1),)]
        assert sum(arm.allocated for arm in flow_of(study).arms) == 1  # who was drawn stays drawn


def test_a_no_after_the_study_was_closed_takes_the_client_out_of_its_data_too(ann, ada, study):
    with acting(ann):
        row = enrol_client(study=study, client=new_client(ann), by=ann)
    with acting(ada):
        close_study(study=study, by=ada)
    with acting(ann):
        record_consent(client=row.client, by=ann, purpose=ConsentPurpose.RESEARCH, state=ConsentState.WITHDRAWN)
        assert not StudyParticipant.objects.in_data().exists()


def test_leaving_is_counted_with_its_reason_and_enrolled_clients_stay_data(browser, ann, study):
    with acting(ann):
        row = enrol_client(study=study, client=new_client(ann), by=ann)
    browser.force_login(ann.user)
    url = reverse("study-leave", args=[row.pk])
    assert browser.post(url, {"reason": "consent"}).status_code == 422  # that is entered where consents are
    assert browser.post(url, {"reason": "moved"}).status_code == 302
    with acting(ann):
        asked = AccessEvent.objects.filter(client_ids__contains=[row.client_id], practitioner=ann)
        assert {"study.leave_page", "study.leave"} <= set(asked.values_list("action", flat=True))
        assert StudyParticipant.objects.in_data().count() == 1
        assert [arm.lost for arm in flow_of(study).arms if arm.lost] == [(("moved", 1),)]
        again = leave_study(participant=row, reason="died", by=ann)
        assert again.left_reason == "moved"


def test_the_flow_counts_who_received_it_and_who_is_analysed(ann, study, house):
    """Of each arm three: one with both scores, one with the first alone, one who never came."""
    today = today_in(house)
    with acting(ann):
        by_arm = {arm.pk: [] for arm in study.arms.all()}
        while min(map(len, by_arm.values())) < 3:
            row = enrol_client(study=study, client=new_client(ann), by=ann)
            by_arm[row.allocation.arm_id].append(row)
        earlier = timezone.now() - datetime.timedelta(days=60)
        StudyParticipant.objects.update(enrolled_at=earlier)
        for rows in by_arm.values():
            for row, days in zip(rows, ((59, 3), (59,), ()), strict=False):
                for ago in days:
                    session = SessionFactory(
                        organisation=house,
                        episode=row.episode,
                        practitioner=ann,
                        held_on=today - datetime.timedelta(days=ago),
                    )
                    RatingFactory(organisation=house, session=session, instrument="who5", marks=[3] * 5)
                    if ago == 3:
                        RatingFactory(organisation=house, session=session)
        flow = flow_of(study)
        told = {arm.arm.name: (arm.received, arm.analysed) for arm in flow.arms}
        assert told == {"With feedback": (1, 1), "As usual": (2, 1)}
        assert flow.enrolled == sum(map(len, by_arm.values()))


def test_blinded_arms_are_letters_until_the_study_is_closed(browser, ann, ada):
    with acting(ada):
        study = plan_study(by=ada, **fields(today_in(ada.organisation), is_blinded=True))
        open_study(study=study, by=ada)
    with acting(ann):
        enrol_client(study=study, client=new_client(ann), by=ann)
    for who in (ada, ann):
        browser.force_login(who.user)
        shown = page(browser, "study", study.pk)
        assert "Arm A" in shown and "Arm B" in shown
        assert "With feedback" not in shown and "As usual" not in shown
    with acting(ada):
        close_study(study=study, by=ada)
    assert "As usual" in page(browser, "study", study.pk)


def test_letters_do_not_follow_the_order_of_the_arms(ada):
    """In ten studies the first arm is not always A: once in 512 by chance."""
    with acting(ada):
        letters = set()
        for number in range(10):
            study = plan_study(by=ada, **fields(today_in(ada.organisation), name=f"Study {number}"))
            letters.add(open_study(study=study, by=ada).arms.first().letter)
    assert letters == {"A", "B"}


def test_a_practitioner_sees_of_the_people_only_those_they_see_anyway(browser, ann, cleo, ada, study):
    with acting(ann):
        row = enrol_client(study=study, client=new_client(ann), by=ann)
    reference = row.client.reference
    for who, sees in ((ann, True), (cleo, False), (ada, True)):
        browser.force_login(who.user)
        assert (reference in page(browser, "study", study.pk)) is sees
        assert "(n = 1)" in page(browser, "study", study.pk)
    browser.force_login(cleo.user)
    assert browser.get(reverse("study-leave", args=[row.pk])).status_code == 404


def test_records_of_participants_are_not_merged(ann, study, red_team):
    from sessions_app.services.client_merge_preview import preview_of

    with acting(ann):
        row = enrol_client(study=study, client=new_client(ann), by=ann)
        twin = ClientFactory(organisation=ann.organisation, teams=[red_team])
        assert any("takes or took part in a study" in said for said in preview_of(row.client, twin).obstacles)


def test_two_who_change_a_draft_do_not_save_over_each_other(browser, ada, draft):
    browser.force_login(ada.user)
    url = reverse("study-edit", args=[draft.pk])
    first, second = form_on(browser, url), form_on(browser, url)
    assert browser.post(url, first | {"arm_2": "Waiting list"}).status_code == 302
    answer = browser.post(url, second | {"purpose": "Another"})  # another field: both are kept
    assert answer.status_code == 302
    answer = browser.post(url, second | {"arm_2": "Nothing"})
    assert answer.status_code == 409 and "Waiting list" in answer.content.decode()
    with tenant(ada.organisation_id):
        draft.refresh_from_db()
        assert draft.purpose == "Another"
        assert [arm.name for arm in draft.arms.all()] == ["With feedback", "Waiting list"]


def test_a_page_of_a_study_costs_as_many_queries_for_one_client_as_for_five(
    browser, ann, study, django_assert_num_queries
):
    from tests.statements import statements_of

    browser.force_login(ann.user)
    with acting(ann):
        enrol_client(study=study, client=new_client(ann), by=ann)
    page(browser, "study", study.pk)
    _page, one = statements_of(lambda: page(browser, "study", study.pk))
    with acting(ann):
        for _ in range(4):
            enrol_client(study=study, client=new_client(ann), by=ann)
    _page, five = statements_of(lambda: page(browser, "study", study.pk))
    assert len(five) == len(one)


def test_the_calculator_says_what_it_takes(browser, ann):
    browser.force_login(ann.user)
    url = reverse("study-power")
    assert "What it takes" not in browser.get(url).content.decode()
    asked = {"d": "0.5", "sd": "1", "alpha": "0.05", "power": "0.8", "icc": "0", "size": "1", "cv": "0", "r": "0"}
    shown = browser.get(url, asked | {"drop_out": "0", "clients": "64"}).content.decode()
    assert '<dd class="strong">64</dd>' in shown and "80 of 100 studies" in " ".join(shown.split())
    assert browser.get(url, asked | {"drop_out": "1"}).status_code == 422
    shown = browser.get(url, asked | {"d": "0.01", "sd": "50", "drop_out": "0.2"}).content.decode()
    assert "More clients than anybody could enrol" in shown
