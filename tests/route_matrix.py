"""The machinery of test_routes.py: the actors, the rows that a route is about, and one checking function."""

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from clients.models import (
    ClientLabel,
    ClientMerge,
    Consent,
    ConsentPurpose,
    Episode,
    ErasureNotice,
    HeldBackPassage,
    LegalHold,
    PairMessage,
    Rater,
    Restriction,
    SavedView,
    SubjectRequest,
    Transfer,
)
from organisations.access import declared
from organisations.login import session_clock
from organisations.models import (
    AccessEvent,
    ApiToken,
    Capability,
    CapabilityKind,
    MaintenanceNotice,
    OrganisationCopy,
    OrganisationCopyPart,
    RegisterImport,
)
from organisations.roles import Role
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from organisations.web.route_checks import routes
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.models import (
    AccessAlarm,
    AccessSample,
    Alert,
    ConflictingAnswer,
    EmergencyAccess,
    FollowUpMeasure,
    Goal,
    GroupMeeting,
    GroupMember,
    HandbookChapter,
    HandbookFilm,
    HandbookFilmPart,
    HandbookParagraph,
    ImportStep,
    KeptPhoto,
    MeasureValue,
    Note,
    OpenedCase,
    Pack,
    PackLicence,
    PendingAnswer,
    PendingReason,
    PhotoStep,
    PlanEvaluation,
    PracticeGoal,
    PrintedSheet,
    PublishedCourse,
    QuestionReply,
    RatingDraft,
    RecordFile,
    ResultsReport,
    SampledAccess,
    Session,
    SessionDecision,
    SessionImport,
    SharedCourse,
    SheetPhoto,
    Study,
    StudyAllocation,
    StudyArm,
    StudyExport,
    StudyParticipant,
    StudySecrets,
    StudyUnit,
    SupervisionCase,
    SupervisionRating,
    SupervisionShare,
    TeamMeeting,
    TeamMeetingCase,
    TeamQuestion,
    TrajectoryFit,
)
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    OrganisationFactory,
    PractitionerFactory,
    RatingFactory,
    ServiceFactory,
    SessionFactory,
    TeamFactory,
    UserFactory,
)
from tests.shared_courses import quick_document

OK = True  # may: the answer is the route's own `get` or `post`
LOGIN, UNLOCK = "/account/login/", "/unlock/"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")

# Words that stand in the foreign rows: of the client, the client's reference (an admin may see it), of the house.
CLIENT_WORDS, REFERENCE, HOUSE_WORDS = "kanariefugl", "papegoje-7", "undulat"
OF_FORMS = (
    "rating-form",
    "rating-thanks",
    "rating-marks",
    "rating-next",
    "form-started",
    "form-park",
    "form-shell",
    "group-turn",
    "group-next",
)
UNSEEN_BY = {
    "anonymous": (CLIENT_WORDS, REFERENCE),  # an invitation's page names its organisation
    "capability": (CLIENT_WORDS, REFERENCE, HOUSE_WORDS),
    "admin": (CLIENT_WORDS,),
    "consultant": (CLIENT_WORDS, REFERENCE),
    "colleague": (CLIENT_WORDS, REFERENCE),
    "other": (CLIENT_WORDS, REFERENCE, HOUSE_WORDS),
    "other_admin": (CLIENT_WORDS, REFERENCE, HOUSE_WORDS),
    "operator": (CLIENT_WORDS, REFERENCE, HOUSE_WORDS),
}


@dataclass(frozen=True)
class Expect:
    """Who may use a route: OK, or the status of the refusal. `get` and `post` are what those who may get."""

    practitioner: bool | int
    team_lead: bool | int
    admin: bool | int
    colleague: bool | int
    other: bool | int
    other_admin: bool | int
    consultant: bool | int = 403  # from outside; the client of this world is open to them
    operator: bool | int | None = None  # runs the installation; None is what the route's declaration says
    anonymous: bool | int = 302
    capability: bool | int = 302
    get: int = 200
    post: int = 200
    named_to_holder: bool = False  # the token's own page may name the house
    goals_to_client: bool = False  # on the device in their hands a client reads what they themselves work on
    library: bool = False  # a page of django-allauth: the numbers are what reading it answers
    data: dict[str, str] = field(default_factory=dict)  # sent with POST

    def of(self, actor: str) -> bool | int:
        return getattr(self, actor)


ACTORS = (
    *("anonymous", "practitioner", "team_lead", "admin", "consultant", "capability", "colleague", "other"),
    "other_admin",
    "operator",
)
# Of a route that says who of an organisation may use it an operator is refused, whatever it is about.
OF_OPERATOR = {"requires": 403, "by_token": 401}


def expecting(*, staff, admin, colleague, other, other_admin, **more) -> Expect:
    return Expect(staff, staff, admin, colleague, other, other_admin, **more)


def of_client(**more) -> Expect:
    """A route about one client: the client's teams only."""
    return expecting(staff=OK, admin=403, colleague=404, other=404, other_admin=403, **more)


def of_staff(**more) -> Expect:
    """A route about no client in particular; each sees their own."""
    return expecting(staff=OK, admin=403, colleague=OK, other=OK, other_admin=403, **more)


def of_admin(**more) -> Expect:
    """An administrator's page."""
    return expecting(staff=403, admin=OK, colleague=403, other=403, other_admin=OK, **more)


def of_admin_about(**more) -> Expect:
    """An administrator's page about a row of the house."""
    return expecting(staff=403, admin=OK, colleague=403, other=403, other_admin=404, **more)


def of_house(**more) -> Expect:
    """About a row of the house: any practitioner of it, whatever the role."""
    return expecting(staff=OK, admin=OK, colleague=OK, other=404, other_admin=404, **more)


def of_editor(**more) -> Expect:
    """Whoever writes in the handbook: team leads and administrators."""
    return Expect(403, OK, OK, 403, 403, OK, **more)


def of_editor_about(**more) -> Expect:
    """The same, about a row of the house."""
    return Expect(403, OK, OK, 403, 403, 404, **more)


def of_a_clients_lead(**more) -> Expect:
    """About one client: a lead of one of the client's teams, nobody else."""
    return Expect(403, OK, 403, 403, 403, 403, **more)


def of_a_lead(**more) -> Expect:
    """About a row of the team lead's own, which an administrator has of their own too."""
    return Expect(403, OK, 404, 403, 403, 404, **more)


def of_one_person(**more) -> Expect:
    """About a practitioner's own rows: theirs alone, whatever the others' roles."""
    return Expect(OK, 404, 403, 404, 404, 403, **more)


def of_operator(**more) -> Expect:
    """A page of whoever runs the installation; it may name an organisation and nothing of what is inside."""
    refused = dict.fromkeys(("colleague", "other", "other_admin", "consultant"), 403)
    return expecting(staff=403, admin=403, operator=OK, named_to_holder=True, **refused, **more)


def of_consultant(**more) -> Expect:
    """About what is open to a consultant: theirs alone."""
    return expecting(staff=403, admin=403, colleague=403, other=403, other_admin=403, consultant=OK, **more)


def of_oneself(**more) -> Expect:
    """One's own account: whoever is logged in."""
    return of_everybody_here(consultant=OK, **more)


def of_everybody_here(**more) -> Expect:
    """Any practitioner, whatever the role, but a consultant from outside."""
    return expecting(staff=OK, admin=OK, colleague=OK, other=OK, other_admin=OK, **more)


def of_anybody(**more) -> Expect:
    """Whoever asks; the device too."""
    return of_oneself(anonymous=OK, capability=OK, **more)


def of_tokens() -> Expect:
    """A route of the API: nobody comes in by a cookie. Who may with a token is asked in tests/api."""
    refused = dict.fromkeys(("colleague", "other", "other_admin", "consultant", "anonymous", "capability"), 401)
    return expecting(staff=401, admin=401, **refused)


def of_library(*, anonymous: int, staff: int) -> Expect:
    """A page of django-allauth; never on a handed-over device."""
    return expecting(
        staff=staff,
        admin=staff,
        colleague=staff,
        other=staff,
        other_admin=staff,
        consultant=staff,
        anonymous=anonymous,
        library=True,
    )


@dataclass
class World:
    """A client of one team, with everything that hangs on it, and the people around."""

    people: dict[str, Any]
    kwargs: dict[str, Any]
    tokens: dict[str, str]
    handed_over: Session  # whose form stands open on the device of the actor "capability"
    log_ins: dict[str, SimpleCookie] = field(default_factory=dict)  # by actor, of those who logged in beforehand

    def url(self, name: str) -> str:
        """The address of a route about this world's rows; its arguments are found by their names."""
        pattern = _patterns(get_resolver())[name].pattern
        names = getattr(pattern, "converters", None) or pattern.regex.groupindex
        given = {kwarg: self.tokens[name] if kwarg == "token" else self.kwargs[kwarg] for kwarg in names}
        return reverse(name, kwargs=given)

    def browser_of(self, actor: str) -> Browser:
        browser = Browser(raise_request_exception=False)
        if actor == "capability":
            browser.force_login(self.people["practitioner"].user)
            browser.post(reverse("session-handover", args=[self.handed_over.pk, "ors"]))
            # The form that the routes of a form are asked about is one of this hand-over too.
            here = browser.cookies[settings.HANDOVER_COOKIE_NAME].value
            Capability.objects.filter(kind=CapabilityKind.HANDOVER, handover=None).update(handover=here)
        elif actor in self.log_ins:
            browser.cookies = copy(self.log_ins[actor])
        elif actor != "anonymous":
            browser.force_login(self.people[actor].user)
        if actor == "operator":
            show_second_factor(browser)
        return browser

    def log_in(self) -> "World":
        """This world, in which those who look have logged in: for many browsers of each.

        Not an operator, whose second factor has to be a fresh one, and not the device, which changes the rows.
        """
        made = {
            actor: self.browser_of(actor) for actor in ACTORS if actor not in ("anonymous", "capability", "operator")
        }
        self.log_ins = {actor: browser.cookies for actor, browser in made.items()}
        return self


def make_world() -> World:
    """Rows whose every text is a canary; the names of the people who look are not."""
    house = OrganisationFactory(name=f"Hus {HOUSE_WORDS}", sheet_photo_days=30)
    elsewhere = OrganisationFactory(name="Elsewhere")
    with tenant(house.pk):
        service = ServiceFactory(organisation=house, name=f"Tilbud {HOUSE_WORDS}")
        red, blue = (
            TeamFactory(organisation=house, service=service, name=f"{name} {HOUSE_WORDS}") for name in ("Red", "Blue")
        )
        people = {
            "practitioner": PractitionerFactory(organisation=house, teams=[red], name=f"Ann {HOUSE_WORDS}"),
            "team_lead": PractitionerFactory(
                organisation=house, teams=[red], role=Role.TEAM_LEAD, name=f"Lea {HOUSE_WORDS}"
            ),
            "admin": PractitionerFactory(organisation=house, role=Role.ADMIN),
            "colleague": PractitionerFactory(organisation=house, teams=[blue]),
            "consultant": PractitionerFactory(
                organisation=house, role=Role.CONSULTANT, access_until=timezone.localdate() + timedelta(days=30)
            ),
        }
        invited = PractitionerFactory(organisation=house, user=None, email="eva@example.org", name="Eva")
        bystander = PractitionerFactory(organisation=house, teams=[red], name=f"Ben {HOUSE_WORDS}")
        session, about = session_of_client(people["practitioner"], red, CLIENT_WORDS, REFERENCE)
        about |= _opened_case(session, people["consultant"], about)
        upload = SessionImport.objects.create(
            organisation=house,
            started_by=people["admin"],
            file_name=f"{HOUSE_WORDS}.csv",
            content=b"",
            size=1,
            step=ImportStep.CHECKED,
        )
        register = RegisterImport.objects.create(
            organisation=house,
            uploaded_by=people["admin"],
            file_name=f"{HOUSE_WORDS}.csv",
            content=f"year;municipality;name;uses_fit\n2020;Odense;{HOUSE_WORDS};yes\n".encode(),
            size=1,
        )
        licence = _licence(house, people["admin"])
        MeasureValue.objects.create(
            organisation=house, key="srs-cutoff", value=350, reason=HOUSE_WORDS, by=people["admin"]
        )
        api_token = ApiToken.objects.create(
            organisation=house,
            practitioner=people["practitioner"],
            created_by=people["practitioner"],
            name=HOUSE_WORDS,
            scopes=["clients:read"],
        )
        system_token = _system_token(house, red, people["admin"])
        label = ClientLabel.objects.create(organisation=house, name=HOUSE_WORDS)
        sample, alarm = _oversight(house, session, people["team_lead"])
        handed_over = SessionFactory(organisation=house, episode=session.episode, practitioner=people["practitioner"])
        about |= rows_beside(people["practitioner"], bystander, handed_over, CLIENT_WORDS)
        about |= _handbook(house, people["admin"])
        report = ResultsReport.objects.create(
            organisation=house,
            made_for=people["team_lead"],
            about=HOUSE_WORDS,
            content=b"%PDF",
            file_name="results.pdf",
        )
        courses = _expected_courses(house, people["admin"])
        about |= _study_export(house, people, about["study_id"])
        tokens = _tokens(house, session, invited, about["meeting_id"])
    with tenant(elsewhere.pk):
        team = TeamFactory(organisation=elsewhere, name="Elsewhere's team")
        people["other"] = PractitionerFactory(organisation=elsewhere, teams=[team])
        people["other_admin"] = PractitionerFactory(
            organisation=elsewhere, role=Role.ADMIN, user=UserFactory(email="admin@elsewhere.example")
        )
    people["operator"] = Operator(UserFactory(email="operator@example.org", is_operator=True))
    about |= _of_operator(house, people["admin"])
    about |= {
        "team_id": red.pk,
        "service_id": service.pk,
        "practitioner_id": bystander.pk,
        "token_id": api_token.pk,
        "system_token_id": system_token.pk,
        "provisioned_id": people["practitioner"].pk,
        "schema_name": "User",
        "label_id": label.pk,
        "import_id": upload.pk,
        "register_import_id": register.pk,
        "pack_id": licence.pack_id,
        "licence_id": licence.pk,
        "access_sample_id": sample.pk,
        "access_alarm_id": alarm.pk,
        "results_report_id": report.pk,
        **courses,
        "instrument": "ors",
        "kind": "after_ors",
        "provider_kind": "oidc",
        "slug": house.slug,
        "measure": "srs-cutoff",
        "uidb36": "1",
        "key": "set-password",
        "pk": 1,  # nobody's passkey
    }
    return World(people, about, tokens, handed_over)


@dataclass
class Operator:
    """As the other people of a world: who logs in."""

    user: Any


def _of_operator(house, admin) -> dict[str, Any]:
    """A notice, a copy of the house that is ready, and the house itself; by the names of their ids."""
    now = timezone.now()
    notice = MaintenanceNotice.objects.create(
        text_en="Work", shown_from=now, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )
    with tenant(house.pk):
        copy = OrganisationCopy.objects.create(
            organisation=house, given_by=admin, holder="CN=Archive", fingerprint="A", size=6, step="ready"
        )
        OrganisationCopyPart.objects.create(organisation=house, copy=copy, number=0, content=b"sealed")
    return {"maintenance_id": notice.pk, "copy_id": copy.pk, "organisation_id": house.pk}


def show_second_factor(browser: Browser) -> None:
    """As somebody who has a second factor and showed it at this log-in."""
    session = browser.session
    user_id = session["_auth_user_id"]
    Authenticator.objects.get_or_create(user_id=user_id, type=Authenticator.Type.TOTP, defaults={"data": {}})
    methods, whose = session_clock.KEPT[-2:]
    session[methods] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session[whose] = str(user_id)
    session.save()


def _expected_courses(house, admin) -> dict[str, Any]:
    """An expected course of the house's own with its file, and one of others; by the names of their ids."""
    own, stratum = {"organisation": house}, {"instrument": "ors", "rater": "teacher", "age_band": "child"}
    window = ("2024-01-08", "2026-09-01")
    model = replace(DEFAULT, episodes=200, closed_episodes=200, window=window).as_json()
    fit = TrajectoryFit.objects.create(**own, **stratum, version=1, n_episodes=200, n_closed=200, model=model)
    published = PublishedCourse.objects.create(**own, fit=fit, document={"publisher": HOUSE_WORDS}, by=admin)
    shared = SharedCourse.objects.create(
        **own, **stratum, publisher=HOUSE_WORDS, document=quick_document(HOUSE_WORDS), digest="1", added_by=admin
    )
    return {"fit_id": fit.pk, "published_course_id": published.pk, "shared_course_id": shared.pk}


def session_of_client(practitioner, team, words: str, reference: str) -> tuple[Session, dict[str, Any]]:
    """A client of a team with one session and all that can hang on it; the session, and the ids by their names."""
    own = {"organisation": practitioner.organisation}
    client = ClientFactory(
        **own, reference=reference, first_name=words, birth_year=1983, teams=[team], contact=practitioner
    )
    episode = EpisodeFactory(**own, client=client, service=team.service, label=f"Forløb {words}")
    session = SessionFactory(**own, episode=episode, practitioner=practitioner)
    rating = RatingFactory(**own, session=session, device_time=words, reason=words)
    conflict = ConflictingAnswer.objects.create(**own, rating=rating, marks=[1, 2, 3, 4], submission_id=session.pk)
    note = Note.objects.create(**own, session=session, kind="after_ors", text=f"Ordret: {words}")
    remark = Note.objects.create(**own, session=session, kind="development", text=f"Bemærket: {words}")
    decision = SessionDecision.objects.create(
        **own, session=session, text=f"Besluttet: {words}", responsible=practitioner
    )
    goal = Goal.objects.create(**own, episode=episode, wording=f"Mål: {words}", since=session.held_on)
    evaluation = PlanEvaluation.objects.create(
        **own, episode=episode, since=session.held_on, until=session.held_on, text=words, made_by=practitioner
    )
    alert = Alert.objects.create(
        **own, episode=episode, rule="O1", level="red", raised_on=session.held_on, acknowledgement=words
    )
    draft = RatingDraft.objects.create(
        **own, session=session, instrument="srs", rater="client", marks=[7, None, None, None], entry_mode="paper"
    )
    about = {"client_id": client.pk, "episode_id": episode.pk, "session_id": session.pk, "draft_id": draft.pk}
    held = PendingAnswer.objects.create(
        **own, episode=episode, instrument="ors", marks=[1, 2, 3, 4], submission_id=session.pk, why=PendingReason.AHEAD
    )
    other = ClientFactory(**own, reference=f"{reference}2", first_name=words, teams=[team])
    merged = ClientFactory(**own, reference=f"{reference}3", first_name=words, merged_into=client)
    merge = ClientMerge.objects.create(**own, kept=client, emptied=merged, merged_by=practitioner)
    about |= {"other_id": other.pk, "merge_id": merge.pk}
    ended = EpisodeFactory(**own, client=client, service=team.service, ended_on=session.held_on, ending="planned")
    measure = {"months": 3, "due_on": session.held_on, "instrument": "ors", "planned_by": practitioner}
    asked = FollowUpMeasure.objects.create(**own, episode=ended, **measure, email=f"{words}@example.org")
    about |= {"follow_up_measure_id": asked.pk}
    given = {"client": client, "to_contact": practitioner, "made_by": practitioner, "note": words}
    about |= {"transfer_id": Transfer.objects.create(**own, **given, since=session.held_on).pk}
    kept = LegalHold.objects.create(**own, client=client, reason="a complaint", made_by=practitioner)
    notice = ErasureNotice.objects.create(
        **own, client=client, rules="dk-social", kept_until=session.held_on, extension_reason="a complaint"
    )
    about |= {"hold_id": kept.pk, "notice_id": notice.pk}
    rater = Rater.objects.create(**own, client=client, key="network", relation="network", label=words, is_active=False)
    about |= _rights_ids(client, other, practitioner, words)
    consent = Consent.objects.create(
        **own,
        client=client,
        purpose="research",
        state="given",
        said_on=session.held_on,
        said_by="guardian",
        guardian=words,
        taken_by=practitioner,
        recorded_by=practitioner,
    )
    about |= {"consent_id": consent.pk} | _study_ids(session, team, words, reference)
    said = {"purpose": ConsentPurpose.CONSULTANT, "state": "given", "said_on": session.held_on}
    Consent.objects.create(**own, client=client, **said, taken_by=practitioner, recorded_by=practitioner)
    about |= {"pending_answer_id": held.pk, "link_id": _link_id(episode), "rater_id": rater.pk}
    about |= {"sheet_photo_id": _photo_id(session, practitioner, words)}
    about |= {"kept_photo_id": KeptPhoto.objects.create(**own, rating=rating, content=words.encode()).pk}
    about |= _meeting_ids(session, decision, team, words)
    message = PairMessage.objects.create(**own, client=client, text=words, written_by=practitioner)
    view = SavedView.objects.create(**own, practitioner=practitioner, name=f"{words} {reference}", query="contact=mine")
    about |= {"message_id": message.pk, "view_id": view.pk}
    made = {"kind": "record", "step": "ready", "content": words.encode(), "media_type": "application/pdf"}
    opened = {"client": client, "practitioner": practitioner, "reason": "danger", "words": words}
    emergency = EmergencyAccess.objects.create(**own, **opened, until=timezone.now() + timedelta(hours=4))
    about |= {"emergency_access_id": emergency.pk}
    file = RecordFile.objects.create(**own, asked_by=practitioner, episode=episode, file_name="N.pdf", **made)
    about |= {"record_file_id": file.pk}
    return session, about | {
        "rating_id": rating.pk,
        "submission_id": rating.submission_id,
        "conflict_id": conflict.pk,
        "alert_id": alert.pk,
        "note_id": note.pk,
        "remark_id": remark.pk,
        "decision_id": decision.pk,
        "goal_id": goal.pk,
        "plan_evaluation_id": evaluation.pk,
    }


def _rights_ids(client, other, by, words: str) -> dict[str, Any]:
    """A request that waits, a passage held back; nothing is used of another client of the team."""
    own, day = {"organisation": client.organisation}, datetime.date(2026, 1, 5)
    days = {"arrived_on": day, "due_on": datetime.date(2026, 2, 5)}
    asked = SubjectRequest.objects.create(**own, client=client, kind="access", wish=words, recorded_by=by, **days)
    unused = ClientFactory(**own, reference=f"{other.reference}9", first_name=words, teams=list(other.teams.all()))
    stopped = Restriction.objects.create(**own, client=unused, reason=words, set_on=day, set_by=by)
    held = HeldBackPassage.objects.create(**own, client=client, passage=words, reason=words, held_by=by)
    return {"subject_request_id": asked.pk, "restriction_id": stopped.pk, "held_back_passage_id": held.pk}


def _study_ids(session, team, words: str, reference: str) -> dict[str, Any]:
    """An open study that the client declined; a lot was drawn for the practitioner, and another client takes part."""
    own, by, now = {"organisation": session.organisation}, session.practitioner, timezone.now()
    client = ClientFactory(**own, reference=f"{reference}4", first_name=words, teams=[team], contact=by)
    said = {"purpose": ConsentPurpose.RESEARCH, "state": "given", "said_on": session.held_on}
    consent = Consent.objects.create(**own, client=client, **said, taken_by=by, recorded_by=by)
    texts = {"purpose": "Why", "criteria": "Who", "protocol": "How", "approver": "Board", "approval_reference": "1"}
    period = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate(), "unit": StudyUnit.PRACTITIONERS}
    opened = {"created_by": by, "opened_by": by, "opened_at": now}
    study = Study.objects.create(**own, name=f"Study {consent.pk}", **texts, **period, **opened)
    StudySecrets.objects.create(**own, study=study)
    arm = StudyArm.objects.create(**own, study=study, name="Arm 1", place=0, letter="A")
    StudyArm.objects.create(**own, study=study, name="Arm 2", place=1, letter="B")
    drawn = {"stratum": "", "place": 0, "arm": arm, "practitioner": by, "allocated_by": by}
    lot = StudyAllocation.objects.create(**own, study=study, **drawn)
    episode = EpisodeFactory(**own, client=client, service=team.service)
    about = {"client": client, "episode": episode, "practitioner": by, "assessed_by": by}
    row = StudyParticipant.objects.create(**own, study=study, **about, consent=consent, allocation=lot, enrolled_at=now)
    declined = {"client": session.client, "episode": session.episode, "assessed_by": by, "exclusion": "declined"}
    StudyParticipant.objects.create(**own, study=study, **declined)
    return {"study_id": study.pk, "study_participant_id": row.pk}


def _study_export(house, people, study_id) -> dict[str, Any]:
    """Data of the study that the administrator has asked for."""
    texts = {"purpose": HOUSE_WORDS, "recipient": HOUSE_WORDS, "approver": "Board", "approval_reference": "1"}
    asked = {"study_id": study_id, "language": "en", "asked_by": people["admin"]}
    return {"study_export_id": StudyExport.objects.create(organisation=house, **texts, **asked).pk}


def _opened_case(session, consultant, about: dict[str, Any]) -> dict[str, Any]:
    """The client's episode is open to the consultant, with a question."""
    own, by = {"organisation": session.organisation}, session.practitioner
    opened = OpenedCase.objects.create(
        **own, episode=session.episode, consultant=consultant, number=1, opened_by=by, until=consultant.access_until
    )
    TeamQuestion.objects.filter(pk=about["question_id"]).update(opened_case=opened)
    return {"opened_case_id": opened.pk, "consultant_id": consultant.pk}


def _meeting_ids(session, decision, team, words: str) -> dict[str, Any]:
    """A team meeting that is under way over the client of the session, with what was heard of it."""
    own, by, now = {"organisation": session.organisation}, session.practitioner, timezone.now()
    running = {"started_at": now, "shown_since": now, "presenter": by, "planned_by": by}
    meeting = TeamMeeting.objects.create(
        **own, team=team, held_on=session.held_on, starts_at=datetime.time(9), **running
    )
    said = {"question": f"Spurgt: {words}", "heard": f"Hørt: {words}", "discussed_at": now, "decision": decision}
    about = {"episode": session.episode, "session": session, "reason": "brought", "place": 1, "minutes": 8}
    case = TeamMeetingCase.objects.create(**own, meeting=meeting, **about, **said)
    TeamMeeting.objects.filter(pk=meeting.pk).update(shown=case)
    Episode.objects.filter(pk=session.episode_id).update(last_session_on=session.held_on)
    asked = {"team": team, "episode": session.episode, "asked_by": by, "text": f"Spørgsmål: {words}"}
    question = TeamQuestion.objects.create(**own, **asked)
    reply = QuestionReply.objects.create(**own, question=question, written_by=by, text=f"Svar: {words}")
    brought = {"practitioner": by, "episode": session.episode, "question": words}
    about = {"supervision_case_id": SupervisionCase.objects.create(**own, **brought).pk}
    about |= {"question_id": question.pk, "reply_id": reply.pk}
    return about | {"team_meeting_id": meeting.pk, "meeting_case_id": case.pk}


def _photo_id(session, practitioner, words: str):
    """A photographed sheet of the session that waits to be confirmed."""
    own = {"organisation": practitioner.organisation}
    sheet = PrintedSheet.objects.create(
        **own,
        number_hash=session.pk.bytes * 2,
        instrument="srs",
        rater="client",
        language="en",
        printed_by=practitioner,
    )
    photo = SheetPhoto.objects.create(
        **own,
        taken_by=practitioner,
        file_name=f"{words}.jpg",
        size=1,
        step=PhotoStep.READ,
        sheet=sheet,
        session=session,
        proposal=[[7, ""], [None, "two_marks"], [30, ""], [100, ""]],
        cut_outs=[b"\xff\xd8"] * 4,
        overview=b"\xff\xd8",
    )
    return photo.pk


def _link_id(episode):
    """A form sent ahead to the client's own device."""
    lifetime = timedelta(hours=1)
    token = capabilities.mint(
        kind=CapabilityKind.AHEAD,
        organisation_id=episode.organisation_id,
        object_id=episode.pk,
        detail="ors",
        lifetime=lifetime,
    )
    return capabilities.public_id(capabilities.find(token, CapabilityKind.AHEAD))


def rows_beside(practitioner, bystander, handed_over, words: str) -> dict[str, Any]:
    """A group meeting, and supervision of one's own and of a colleague who shares it; the ids by their names."""
    own = {"organisation": practitioner.organisation}
    meeting = GroupMeeting.objects.create(
        **own, name=f"Gruppe {words}", held_on=handed_over.held_on, practitioner=practitioner
    )
    member = GroupMember.objects.create(**own, meeting=meeting, session=handed_over, place=0)
    rated = {"held_on": handed_over.held_on, "supervisor": words, "marks": [1, 2, 3], "total": 6}
    rating = SupervisionRating.objects.create(**own, practitioner=practitioner, submission_id=meeting.pk, **rated)
    SupervisionShare.objects.create(**own, practitioner=bystander, shared_with=practitioner, with_development=True)
    goal = PracticeGoal.objects.create(**own, practitioner=practitioner, wording=words, set_on=handed_over.held_on)
    share = SupervisionShare.objects.create(**own, practitioner=practitioner, shared_with=bystander)
    about = {"meeting_id": meeting.pk, "member_id": member.pk, "part": "ors", "practice_goal_id": goal.pk}
    about |= {"membership_id": bystander.memberships.earliest("pk").pk}
    return about | {"supervision_id": rating.pk, "share_id": share.pk}


def _handbook(house, author) -> dict[str, Any]:
    """A chapter, a paragraph and a film of the house's own in the handbook; the ids by their names."""
    own = {"organisation": house}
    written = {"title": f"Kapitel {HOUSE_WORDS}", "language": "en"}
    chapter = HandbookChapter.objects.create(**own, **written)
    paragraph = HandbookParagraph.objects.create(**own, **written, chapter=chapter, text=HOUSE_WORDS)
    film = HandbookFilm.objects.create(
        **own, paragraph=paragraph, title=HOUSE_WORDS, kind="video/webm", size=8, added_by=author, captions="WEBVTT"
    )
    HandbookFilmPart.objects.create(**own, film=film, number=0, content=b"12345678")
    about = {"handbook_chapter_id": chapter.pk, "handbook_paragraph_id": paragraph.pk, "film_id": film.pk}
    return about | {"chapter": "alerts", "beside": "rule-O1"}


def _oversight(house, session, nobody_s_contact) -> tuple[AccessSample, AccessAlarm]:
    own = {"organisation": house}
    event = AccessEvent.objects.create(
        **own,
        practitioner=nobody_s_contact,
        role="team_lead",
        action="client.view",
        client_ids=[session.client_id],
        purpose="",
        request_id="-",
        seq=0,
    )
    sample = AccessSample.objects.create(**own, month=event.at.date().replace(day=1), looks=1, unrelated=0)
    SampledAccess.objects.create(**own, sample=sample, event=event, has_relation=True)
    alarm = AccessAlarm.objects.create(
        **own,
        practitioner=nobody_s_contact,
        clients_count=1,
        since=event.at - timedelta(hours=1),
        until=event.at + timedelta(hours=1),
    )
    return sample, alarm


def _system_token(house, team, admin) -> ApiToken:
    """A token that an administrator made for another system of the team; it waits for a second person."""
    system = PractitionerFactory(organisation=house, user=None, email="", teams=[team], name=HOUSE_WORDS)
    token = ApiToken.objects.create(
        organisation=house, practitioner=system, created_by=admin, name=HOUSE_WORDS, scopes=["clients:read"]
    )
    capabilities.mint(
        kind=CapabilityKind.API, organisation_id=house.pk, object_id=token.pk, lifetime=timedelta(hours=1)
    )
    return token


def _licence(house, admin) -> PackLicence:
    content = {"language": "en", "direction": "ltr", "title": HOUSE_WORDS, "items": []}
    own = {"organisation": house}
    pack = Pack.objects.create(
        **own, pack="birds", version="1", instrument="srs", language="sv", content=content, imported_by=admin
    )
    return PackLicence.objects.create(
        **own, pack=pack, holder=HOUSE_WORDS, number="1", scope="all", document="paper", recorded_by=admin
    )


def _tokens(house, session, invited, meeting_id) -> dict[str, str]:
    def mint(kind, about, detail=""):
        return capabilities.mint(
            kind=kind, organisation_id=house.pk, object_id=about, lifetime=timedelta(hours=1), detail=detail
        )

    form = mint(CapabilityKind.HANDOVER, session.pk, "srs")
    return {
        **dict.fromkeys(OF_FORMS, form),
        "rating-save-draft": form,
        **dict.fromkeys(("group-code-entry", "group-screen"), mint(CapabilityKind.GROUP, meeting_id, "ors")),
        **dict.fromkeys(("invitation", "invitation-sign-on"), mint(CapabilityKind.INVITATION, invited.pk)),
    }


def named_routes() -> Iterator[tuple[str, Any]]:
    """(name, pattern) of every route; one without a name goes by its path."""
    for path, pattern in routes():
        yield pattern.name or path, pattern


@cache
def _patterns(resolver: URLResolver) -> dict[str, Any]:
    """Every route's pattern by its name, looked for once a URL conf: a walk asks for thousands of addresses."""
    return dict(named_routes())


def unlisted(table: dict[str, Expect], names: Iterator[str]) -> list[str]:
    """The routes that the table does not speak of, and the rows of routes that are gone."""
    return sorted(set(names) ^ set(table))


def complaints_about(
    name: str,
    expect: Expect,
    world: World,
    actors: Sequence[str] = ACTORS,
    look: Callable[[str, Any], Sequence[str]] = lambda actor, answer: (),
) -> list[str]:
    """What differs from `expect`, over these actors and every method; nothing that a request does stays.

    `look` says what else is wrong with what reading the route answers an actor.
    """
    url = world.url(name)
    expect = with_operator(name, expect)
    found = []
    for actor in actors:
        with rolled_back():
            browser = world.browser_of(actor)
            cookies = copy(browser.cookies)
            for method in METHODS:
                with rolled_back():
                    browser.cookies = copy(cookies)
                    answer = browser.post(url, expect.data) if method == "POST" else browser.generic(method, url)
                    faults = [*_faults(expect, actor, method, answer)]
                    faults += look(actor, answer) if method == "GET" else ()
                    found += [f"{name} {method} as {actor}: {what}" for what in faults]
    return found


def with_operator(name: str, expect: Expect) -> Expect:
    """With what an operator gets, by the declaration of the route: what is an organisation's is none of theirs."""
    if expect.operator is not None:
        return expect
    said = declared(_patterns(get_resolver())[name].callback) or ""
    return replace(expect, operator=OF_OPERATOR.get(said, expect.consultant))


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _faults(expect: Expect, actor: str, method: str, answer: Any) -> Iterator[str]:
    wanted = _statuses(expect, actor, method)
    if answer.status_code not in wanted:
        yield f"{answer.status_code} instead of {' or '.join(map(str, sorted(wanted)))}"
    door = {"anonymous": LOGIN, "capability": UNLOCK}.get(actor)
    if door and answer.status_code == expect.of(actor) == 302 and not answer.url.startswith(door):
        yield f"sent to {answer.url} instead of {door}"
    body = answer.getvalue().decode(errors="replace")  # a PDF is no text; a file may come in pieces
    for word in UNSEEN_BY.get(actor, ()):
        named = expect.named_to_holder and word == HOUSE_WORDS
        own_goals = expect.goals_to_client and actor == "capability" and word == CLIENT_WORDS
        if word in body and not named and not own_goals:
            yield f"the page shows {word!r}"


def _statuses(expect: Expect, actor: str, method: str) -> set[int]:
    allowed = expect.of(actor)
    if expect.library and actor == "operator":
        return {200, 302, 404, 405}  # a log-in with a second factor already: what the library makes of that is its own
    if expect.library and actor != "capability":
        # What a library answers to other methods is its own affair, as long as it breaks nothing.
        return {allowed} if method in {"GET", "HEAD"} else {200, 302, 404, 405}
    own = {"GET": expect.get, "HEAD": expect.get, "POST": expect.post}.get(method, 405)
    if allowed is OK:
        return {own}
    # Whether a wrong method or a wrong person is refused first does not matter.
    return {allowed, 405} if own == 405 else {allowed}
