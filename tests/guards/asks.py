"""Requests that name a second row: for each what else makes it valid, and whose rows it must refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.people import PASSWORD

Ids = dict[str, Any]
NOTHING = {200}  # a page as if nothing had been named: for reading, where no id is worth a refusal
REFUSED = {404, 422}


def nothing(own: Ids) -> Ids:
    return {}


@dataclass(frozen=True)
class Ask:
    """One request with a second id. The rest of it is right, and with an own id it is carried out (`lets`)."""

    kind: str  # whose id it is, by its name among the ids of a world
    data: Callable[[Ids], Ids] = nothing  # what else is sent
    lets: int = 302
    refused: set[int] = field(default_factory=lambda: REFUSED)
    method: str = "POST"  # GET sends the id in the query, PATH has it in the address
    by: str = "staff"  # or "admin", "system"
    own: str = ""  # the own row to name instead of the one of `kind`; "new" is an id that nobody has
    near: bool = True  # a row of another team of the organisation is refused too
    mine: bool = False  # and so is one of another client of one's own
    per_house: bool = False  # the id of another organisation's row is a new one here
    many: bool = False
    beside: str = ""  # with `many`, an own row that is named too
    name: str = ""  # what the field is called, where a prefix stands before it
    about: dict[str, str] = field(default_factory=dict)  # arguments of the address: names of other own rows


def sending(**data: Any) -> Callable[[Ids], Ids]:
    return lambda own: data


def client_data(own: Ids) -> Ids:
    return {
        "reference": "S-1",
        "form_language": "en",
        "teams": [own["team_id"]],
        "outcome_rhythm": 0,
        "alliance_rhythm": 0,
    }


def api_client(own: Ids) -> Ids:
    return {"reference": "S-1", "form_language": "en", "teams": [str(own["team_id"])]}


def client_of_colleague(own: Ids) -> Ids:
    return client_data(own) | {"contact": own["practitioner_id"]}


def api_client_of_colleague(own: Ids) -> Ids:
    return api_client(own) | {"contact": str(own["practitioner_id"])}


def past(own: Ids) -> Ids:
    given = {"held_on": "2026-03-02", "attendance": "attended", "contact_form": "phone", "entry_mode": "paper"}
    return given | {"submission_id": uuid4(), "ors_total": "20", "srs_total": "36", "episode": own["episode_id"]}


def past_of_new(own: Ids) -> Ids:
    return {name: value for name, value in past(own).items() if name != "episode"}


def api_past(own: Ids) -> Ids:
    given = {"held_on": "2026-03-02", "attendance": "attended", "contact_form": "phone"}
    about = {"client": str(own["client_id"]), "episode": str(own["episode_id"])}
    return given | about | {"submission_id": str(uuid4()), "skipped": {"ors": "forgotten", "srs": "forgotten"}}


def api_past_of_new(own: Ids) -> Ids:
    given = {name: value for name, value in api_past(own).items() if name != "episode"}
    return given | {"client": str(own["bare_client_id"])}


def api_start(own: Ids) -> Ids:
    return {"client": str(own["client_id"]), "episode": str(own["episode_id"])}


def api_episode(own: Ids) -> Ids:
    return {
        "client": str(own["client_id"]),
        "service": str(own["third_service_id"]),
        "started_on": "2026-02-02",
        "label": "",
    }


def api_rating(own: Ids) -> Ids:
    answer = {"form": "srs", "entry_mode": "paper", "marks": [90, 90, 90, 90], "submission_id": str(uuid4())}
    return answer | {"session": str(own["free_session_id"])}


def consent(own: Ids) -> Ids:
    answer = {"state": "given", "said_on": "2026-03-02", "manner": "spoken", "said_by": "client"}
    return answer | {"purposes": ["team"]}


def subject_request(own: Ids) -> Ids:
    return {"kind": "access", "arrived_on": "2026-03-02", "objects_to": "", "wish": ""}


def paper(own: Ids) -> Ids:
    management = {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0"}
    row = {"client": "own-3", "held_on": "2026-03-02", "form": "ors", "total": "20"}
    return management | {f"row-0-{name}": value for name, value in row.items()}


def person(own: Ids) -> Ids:
    return {"name": "Eva Lind", "email": "eva.lind@example.org", "role": "practitioner", "teams": [own["team_id"]]}


def opened_case(own: Ids) -> Ids:
    """Until the day after tomorrow; consultants are of the whole organisation."""
    return {"until": (timezone.now() + timedelta(days=2)).date().isoformat(), "question": ""}


DECISION = sending(text="Call the school")
ENDED = sending(wording="A flat", set_by="client", state="replaced", since="2026-02-02")
LINK = sending(form="srs", way="qr")
NEW_TOKEN = sending(name="Copy", scopes=["clients:read"], lifetime="30", password=PASSWORD)
MARKS = sending(entry_mode="paper", relation="9", goals="9", approach="9", overall="9")
SUPERVISION = sending(held_on="2026-03-02", approach="5", relation="5", needs="5")
MEETING = sending(held_on="2030-01-07", starts_at="09:00", minutes="45")
BARE = {"client_id": "bare_client_id"}
FREE = {"session_id": "free_session_id"}
STARTING = {"contact_form": "in_person"}


def filtered(kind: str) -> Ask:
    """A list of the API, narrowed: by an id that one may not see it is empty."""
    return Ask(kind, method="GET", by="system", lets=200, refused=NOTHING)


def body(kind: str, data: Callable[[Ids], Ids], lets: int = 201, **more: Any) -> Ask:
    return Ask(kind, data, by="system", lets=lets, **more)


ASKS: dict[tuple[str, str], list[Ask]] = {
    ("client-new", "teams"): [Ask("team_id", client_data, many=True)],
    ("client-new", "contact"): [Ask("practitioner_id", client_data)],
    ("client-new", "second_contact"): [Ask("practitioner_id", client_data)],
    ("client-new", "next_contact"): [Ask("practitioner_id", client_of_colleague)],
    # The labels are the organisation's.
    ("client-new", "labels"): [Ask("label_id", client_data, near=False, many=True)],
    ("client-edit", "teams"): [Ask("team_id", client_data, many=True)],
    ("client-edit", "contact"): [Ask("practitioner_id", client_data)],
    ("client-edit", "second_contact"): [Ask("practitioner_id", client_data)],
    ("client-edit", "next_contact"): [Ask("practitioner_id", client_of_colleague)],
    ("client-edit", "labels"): [Ask("label_id", client_data, near=False, many=True)],
    # Whoever of the organisation heard it: also somebody of another team.
    ("client-consents", "taken_by"): [Ask("practitioner_id", consent, near=False)],
    # Whoever of the organisation can be a contact person.
    ("subject-request-new", "handler"): [Ask("practitioner_id", subject_request, near=False)],
    ("client-teams", "teams"): [Ask("team_id", by="admin", near=False, many=True)],
    ("client-detail", "episode"): [Ask("episode_id", method="GET", lets=200, refused=NOTHING, mine=True)],
    ("client-together", "episode"): [Ask("episode_id", method="GET", lets=200, refused=NOTHING, mine=True)],
    ("alert-acknowledge", "also"): [Ask("alert_id", mine=True)],
    ("alert-take-up", "also"): [Ask("alert_id", mine=True)],
    ("alert-decide", "also"): [Ask("alert_id", sending(decision="wait"), mine=True)],
    # Whom it may be asked of is refused by itself: the id is looked up before.
    ("alert-ask", "also"): [Ask("alert_id", sending(words="?"), mine=True, lets=422)],
    ("alert-ask", "colleague"): [
        Ask("practitioner_id", sending(words="?")),
        Ask("practitioner_id", method="GET", lets=200, refused=NOTHING),
    ],
    ("alert-set-aside", "also"): [Ask("alert_id", sending(words="known"), mine=True)],
    ("episode-new", "service"): [
        Ask("service_id", sending(started_on="2026-02-02"), own="third_service_id", near=False)
    ],
    ("access-log", "person"): [Ask("practitioner_id", method="GET", by="admin", near=False, lets=200, refused=NOTHING)],
    ("breach", "person"): [
        Ask("practitioner_id", sending(since="2026-01-01", until="2026-12-31"), lets=200, by="admin", near=False)
    ],
    ("breach-csv", "person"): [
        Ask("practitioner_id", sending(since="2026-01-01", until="2026-12-31"), lets=200, by="admin", near=False)
    ],
    ("access-log-export", "person"): [Ask("practitioner_id", method="GET", by="admin", near=False, lets=200)],
    ("session-start", "episode"): [Ask("episode_id", sending(**STARTING), mine=True)],
    ("session-start", "service"): [Ask("service_id", sending(**STARTING), about=BARE)],
    ("session-absent", "episode"): [Ask("episode_id", sending(attendance="no_show"), mine=True)],
    ("session-absent", "service"): [Ask("service_id", sending(attendance="no_show"), about=BARE)],
    ("session-new", "episode"): [Ask("episode_id", past, mine=True)],
    ("session-new", "service"): [Ask("service_id", past_of_new, about=BARE)],
    ("session-new", "submission_id"): [Ask("session_id", past, own="new", mine=True)],
    ("client-merge", "other"): [Ask("client_id", own="bare_client_id")],
    # What differs has to be chosen: 422 of an own one, and nothing of a foreign one.
    ("client-merge-preview", "other_id"): [
        Ask("client_id", method="PATH", own="bare_client_id", lets=422, refused={404}, name="other_id")
    ],
    ("team-merge", "into"): [Ask("team_id", by="admin", near=False, own="other_team_id")],
    ("service-merge", "into"): [Ask("service_id", by="admin", near=False, own="third_service_id")],
    ("session-move", "episode"): [Ask("episode_id", sending(reason="mixed up"), own="beside_episode_id")],
    ("client-links", "session"): [
        Ask("session_id", method="GET", own="free_session_id", lets=200, mine=True),
        Ask("session_id", LINK, own="free_session_id", lets=200, mine=True),
    ],
    ("link-withdraw", "link_id"): [Ask("link_id", method="PATH", mine=True)],
    ("pending-answer-decide", "pending_answer_id"): [
        Ask("pending_answer_id", sending(take="count"), method="PATH", mine=True)
    ],
    ("decision-save", "decision_id"): [Ask("decision_id", DECISION, method="PATH", own="new", mine=True)],
    ("decision-save", "responsible"): [
        Ask("practitioner_id", DECISION, near=False, about={"decision_id": "new_decision_id"})
    ],
    ("goal-edit", "replaced_by"): [Ask("goal_id", ENDED, own="other_goal_id", mine=True)],
    ("series-begin", "session"): [Ask("session_id", refused={302}, mine=True)],
    ("groups", "clients"): [
        Ask(
            "client_id", sending(name="Monday", **STARTING), own="beside_client_id", many=True, beside="other_client_id"
        )
    ],
    ("groups", "again"): [Ask("meeting_id", method="GET", lets=200, refused=NOTHING)],
    ("group", "client"): [Ask("client_id", own="beside_client_id")],
    ("question-new", "team"): [Ask("team_id", sending(text="What now?", episode=""))],
    ("question-new", "episode"): [
        Ask("episode_id", lambda own: {"text": "What now?", "team": own["team_id"]}),
        Ask("episode_id", method="GET", lets=200, refused=NOTHING),
    ],
    ("study-assess", "client"): [Ask("client_id", sending(assessment="declined"))],
    ("study-allocate", "practitioner"): [Ask("practitioner_id", by="admin", near=False)],
    ("opened-case-new", "consultant"): [Ask("consultant_id", opened_case, near=False)],
    ("supervision-case-new", "episode"): [
        Ask("episode_id", sending(question="What now?")),
        Ask("episode_id", method="GET", lets=200, refused=NOTHING),
    ],
    ("team-meeting-new", "team"): [
        Ask("team_id", MEETING),
        Ask("team_id", method="GET", lets=200, refused=NOTHING),
    ],
    ("team-meeting", "episode"): [Ask("episode_id")],
    ("team-meeting-show", "case"): [Ask("meeting_case_id", refused={404}, mine=True)],
    # What is not among the cases that somebody sees is left out of the order.
    ("team-meeting-order", "cases"): [Ask("meeting_case_id", refused={302}, many=True)],
    ("team-meeting-attendance", "practitioners"): [Ask("practitioner_id", many=True)],
    # Words stand there already, which this request has not seen: what is valid is asked about.
    ("meeting-case-minutes", "responsible"): [Ask("practitioner_id", sending(text="Call"), lets=409, near=False)],
    # Back to the page, which says that a colleague has to be chosen.
    ("supervision-share", "shared_with"): [
        Ask("practitioner_id", own="third_practitioner_id", near=False, refused={302})
    ],
    ("supervision-rate", "submission_id"): [Ask("supervision_submission_id", SUPERVISION, own="new", per_house=True)],
    ("rating-key-in", "submission_id"): [Ask("submission_id", MARKS, own="new", mine=True, about=FREE, per_house=True)],
    ("rating-read-aloud", "submission_id"): [
        Ask("submission_id", MARKS, own="new", mine=True, about=FREE, per_house=True)
    ],
    ("paper-grid", "submission_id"): [
        Ask("submission_id", paper, own="new", lets=200, mine=True, per_house=True, name="row-0-submission_id")
    ],
    ("team-new", "service"): [
        Ask("service_id", sending(name="Night"), by="admin", near=False),
        Ask("service_id", method="GET", by="admin", near=False, lets=200, refused=NOTHING),
    ],
    ("team-edit", "service"): [Ask("service_id", sending(name="Night"), by="admin", near=False)],
    ("practitioner-new", "teams"): [Ask("team_id", person, by="admin", near=False, many=True)],
    ("practitioner-edit", "teams"): [Ask("team_id", person, by="admin", near=False, many=True)],
    ("practitioner-deactivate", "successor"): [
        Ask("practitioner_id", by="admin", near=False, about={"practitioner_id": "own_practitioner_id"})
    ],
    ("practitioner-hand-over", "successor"): [
        Ask("practitioner_id", by="admin", near=False, lets=422, about={"practitioner_id": "own_practitioner_id"})
    ],
    ("practitioner-leave", "successor"): [
        Ask(
            "practitioner_id",
            sending(until="2099-01-01"),
            by="admin",
            near=False,
            about={"practitioner_id": "own_practitioner_id"},
        )
    ],
    ("organisation-switch", "practitioner"): [Ask("practitioner_id", own="own_practitioner_id")],
    ("tokens", "system"): [Ask("system_id", NEW_TOKEN, by="admin", near=False, lets=200)],
    ("tokens", "teams"): [Ask("team_id", NEW_TOKEN, by="admin", near=False, lets=200, many=True)],
    # The API
    ("api-client-list", "team"): [filtered("team_id")],
    ("api-client-list", "teams"): [body("team_id", api_client, many=True)],
    ("api-client-list", "contact"): [body("practitioner_id", api_client)],
    ("api-client-list", "second_contact"): [body("practitioner_id", api_client)],
    ("api-client-list", "next_contact"): [body("practitioner_id", api_client_of_colleague)],
    ("api-client-list", "labels"): [body("label_id", api_client, near=False, many=True)],
    ("api-client-detail", "teams"): [body("team_id", nothing, 200, many=True)],
    ("api-client-detail", "contact"): [body("practitioner_id", nothing, 200)],
    ("api-client-detail", "second_contact"): [body("practitioner_id", nothing, 200)],
    ("api-client-detail", "next_contact"): [
        body("practitioner_id", lambda own: {"contact": str(own["practitioner_id"])}, 200)
    ],
    ("api-client-detail", "labels"): [body("label_id", nothing, 200, near=False, many=True)],
    ("api-episode-list", "client"): [filtered("client_id"), body("client_id", api_episode)],
    ("api-episode-list", "service"): [
        filtered("service_id"),
        body("service_id", api_episode, own="third_service_id", near=False),
    ],
    ("api-alert-list", "client"): [filtered("client_id")],
    ("api-alert-list", "episode"): [filtered("episode_id")],
    ("api-decision-list", "client"): [filtered("client_id")],
    ("api-decision-list", "session"): [filtered("session_id")],
    ("api-consent-list", "client"): [filtered("client_id")],
    ("api-goal-list", "client"): [filtered("client_id")],
    ("api-goal-list", "episode"): [filtered("episode_id")],
    ("api-remark-list", "client"): [filtered("client_id")],
    ("api-remark-list", "session"): [filtered("session_id")],
    ("api-note-list", "client"): [filtered("client_id")],
    ("api-note-list", "session"): [
        filtered("session_id"),
        body("session_id", sending(kind="after_srs", text="Said", version=0), own="free_session_id"),
    ],
    ("api-rating-list", "client"): [filtered("client_id")],
    ("api-rating-list", "session"): [
        filtered("session_id"),
        body("session_id", api_rating, own="free_session_id"),
    ],
    ("api-rating-list", "submission_id"): [
        body("submission_id", api_rating, own="new", mine=True, per_house=True, refused={409, 422})
    ],
    ("api-rating-decide", "answer"): [body("conflict_id", sending(take="first"), 200, mine=True)],
    ("api-session-list", "client"): [filtered("client_id"), body("client_id", api_past)],
    ("api-session-list", "episode"): [filtered("episode_id"), body("episode_id", api_past, mine=True)],
    ("api-session-list", "service"): [body("service_id", api_past_of_new, near=False)],
    # Whoever of the organisation held it: also somebody who sees that client no longer.
    ("api-session-list", "practitioner"): [body("practitioner_id", api_past, near=False)],
    ("api-session-list", "submission_id"): [body("session_id", api_past, own="new", mine=True, refused={409})],
    ("api-session-start", "client"): [body("client_id", api_start)],
    ("api-session-start", "episode"): [body("episode_id", api_start, mine=True)],
    ("api-session-start", "service"): [
        body("service_id", lambda own: {"client": str(own["bare_client_id"])}, near=False),
    ],
    ("api-session-start", "practitioner"): [body("practitioner_id", api_start, near=False)],
    ("api-session-finish", "next_contact"): [
        body(
            "practitioner_id", sending(skipped={"ors": "forgotten", "srs": "forgotten"}), 200, own="own_practitioner_id"
        )
    ],
    ("api-session-move", "episode"): [body("episode_id", sending(reason="mixed up"), 200, own="beside_episode_id")],
}

# Names that lead to no row, wherever they stand.
NO_ID = {
    "page": "a number",
    "pass": "a signed pass: tests/sessions_app/test_news.py",
    "all": "a switch",
    "q": "words to search for",
    "view": "one of two words",
    "axis": "one of two words",
    "file": "a kind of file by its name",
    "back": "a form by its name",
    "take": "one of two words",
    "came": "one of three words",
    "covered": "a switch",
    "next": "an address of this site",
    "was": "a state that is signed for the session; the episode in it is looked up as visible: test_undo.py",
    "asked": "one of two words",
    "show": "one of three words",
    "partner": "one of four words",
    "sign": "a switch",
    "keep": "a switch",
    "keep_tokens": "a switch",
    "on": "a switch",
    "anew": "a switch",
    "agrees": "a switch",
    "REDIRECT_FIELD_NAME": "an address of this site",
    "RelayState": "a secret of a try to log in, of the browser that began it",
    "state": "a secret of a try to log in, of the browser that began it",
    "SAMLResponse": "an answer that a provider has signed",
    "drafts": "a number of a page",
    "tab": "one of a few words",
    "samples": "a number of a page",
    "log_out": "a switch",
    "absence-attendance": "one of four words",
    "text": "the client's words",
    "version": "a number",
    "language": "a language",
    "closing": "a sentence by its name",
    "is_protected": "a switch",
    "forms": "forms by their names",
    "pack": "a wording by its name, looked up among those of the organisation",
    "device_time": "what a device says of itself",
    "key": "a line of the form",
    "f'{key}.tenths'": "a mark",
    "Accept": "what the browser reads",
    "If-None-Match": "the mark of an answer",
    "If-Range": "the mark of an answer",
    "Range": "bytes of a film",
    "Authorization": "a secret",
    "capabilities.FORM_COOKIE": "a secret",
}
# Ids that one route only shows, or does not use.
NOT_USED = {
    ("subject-request", "handler"): "the page shows the form; it is sent to subject-request-hand",
    ("subject-request-extend", "handler"): "the page shows the form; it is sent to subject-request-hand",
    ("subject-request-hand", "handler"): "a lead's form alone: tests/clients/test_subject_requests.py",
    ("subject-file", "request"): "a lead's form after a confirmation: tests/reports/subject/test_subject_export.py",
    ("log-in-rules", "emergency_admin"): "of the organisation's own administrators: sign_on/test_settings.py",
    ("client-block", "teams"): "among the client's own teams: tests/clients/test_client_blocks.py",
    ("client-block", "people"): "among the people of the client's own teams: tests/clients/test_client_blocks.py",
    ("practice-teams", "team"): "of a lead's practice client alone: tests/clients/test_practice_clients.py",
    ("practice-team-end", "team_id"): "of a lead's practice client alone: tests/clients/test_practice_clients.py",
    ("team-meeting-edit", "team"): "a meeting stays its team's: the form of one that is there has no such field",
    ("alert-decide", "colleague"): "asked in alert-ask, whose form alone has the field",
    ("alert-set-aside", "colleague"): "asked in alert-ask, whose form alone has the field",
    ("provisioning", "service"): "of the organisation's own services: tests/scim/test_settings.py",
    ("token-confirm", "teams"): "those that wait for this person, of which the page's are taken: test_system_tokens.py",
    ("goal-new", "replaced_by"): "what is new has not ended, and its form has no such field",
    ("goal-step-new", "replaced_by"): "what is new has not ended, and its form has no such field",
    ("sheet-photo", "other"): "a switch",
    ("supervision", "shared_with"): "the page shows the form; it is sent to supervision-share",
    ("breach", "log_in"): "the log of one's own organisation is narrowed by it: data_protection/test_breach.py",
    ("breach-csv", "log_in"): "the log of one's own organisation is narrowed by it: data_protection/test_breach.py",
    ("erasure-confirm", "exceptions"): "a switch",
    ("people-file-send", "lines"): "signed by the page before: tests/reports/test_people_file.py",
    ("rating-correct", "submission_id"): "a correction gets an id of its own",
    ("rating-form", "submission_id"): "a client's answer counts whatever its id: test_form_guard.py",
}
