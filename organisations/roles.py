"""Permissions as data: what each role may do. Which rows it may do it to is `visible_to` of the models."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    PRACTITIONER = "practitioner"
    TEAM_LEAD = "team_lead"
    ADMIN = "admin"
    CONSULTANT = "consultant"  # from outside: no team, an end, and the cases that are opened to them


# Who works with clients. An administrator and a consultant see none of a client who is blocked for others.
CARING = (Role.PRACTITIONER, Role.TEAM_LEAD)


class Can(StrEnum):
    """A verb that a route asks for."""

    SEE_TODAY = "see_today"
    VIEW_CLIENT = "view_client"  # curves, marks and words
    LIST_CLIENTS = "list_clients"  # reference and team
    READ_WORDS = "read_words"  # a client's own words, where one sees the client (and the client agrees)
    EDIT_CLIENT = "edit_client"
    END_EPISODE = "end_episode"
    EXPORT_RECORD = "export_record"  # a client's record, and their sheet to take home, as a file
    PROTECT_CLIENT = "protect_client"  # block a client for other units, and mark that nobody may tell where they are
    REVIEW_EMERGENCIES = "review_emergencies"  # look at what was opened so: a lead of clients they see, an admin of all
    OPEN_EMERGENCY = "open_emergency"  # a client that one does not see, with a reason, for hours
    MERGE_CLIENTS = "merge_clients"  # two records of one person, both of which one sees
    ASSIGN_TEAMS = "assign_teams"
    RECORD_SESSION = "record_session"
    HANDLE_ALERT = "handle_alert"
    MANAGE_PEOPLE = "manage_people"
    IMPORT_SESSIONS = "import_sessions"
    SET_MEASURES = "set_measures"  # cut-offs and thresholds, and the words for danger
    MANAGE_PACKS = "manage_packs"  # licensed wording of the forms
    SEE_RESULTS = "see_results"  # a practitioner of their own clients, an admin of all without any client
    EXPORT_RESULTS = "export_results"  # as a file, of what an admin sees
    REPORT_RESULTS = "report_results"  # a report to publish: an admin of all, a lead of the teams they lead
    READ_HANDBOOK = "read_handbook"
    EDIT_HANDBOOK = "edit_handbook"  # the organisation's own chapters, scripts and films
    SUPPORT_STAFF = "support_staff"  # who has learnt what, and who answers questions: a lead in the teams they lead
    READ_OPENED_CASES = "read_opened_cases"  # without identities, as long as each is open to oneself
    EDIT_REGISTER = "edit_register"  # the public register of services, which everybody here reads
    READ_STUDIES = "read_studies"  # those that were opened: protocol, arms, how many; and enrol clients one may edit
    MANAGE_STUDIES = "manage_studies"  # make, open and close them
    CONFIRM_EXPORTS = "confirm_exports"  # agree that coded data of a study leave: a second person, lead or admin
    SEE_REQUESTS = "see_requests"  # what clients ask for by law: an admin by reference, without a word of it
    ANSWER_REQUESTS = "answer_requests"  # decide, restrict and give everything out: a lead of the client's team
    ERASE_CLIENTS = "erase_clients"  # past their time, in two steps; and keep them all the same: a lead of own teams
    CONFIRM_TOKENS = "confirm_tokens"  # agree that another system reads: a lead for the teams they lead


_PRACTITIONER = frozenset(
    {
        Can.SEE_TODAY,
        Can.VIEW_CLIENT,
        Can.LIST_CLIENTS,
        Can.READ_WORDS,
        Can.EDIT_CLIENT,
        Can.END_EPISODE,
        Can.EXPORT_RECORD,
        Can.PROTECT_CLIENT,
        Can.OPEN_EMERGENCY,
        Can.MERGE_CLIENTS,
        Can.ASSIGN_TEAMS,
        Can.RECORD_SESSION,
        Can.HANDLE_ALERT,
        Can.SEE_RESULTS,
        Can.READ_HANDBOOK,
        Can.READ_STUDIES,
    }
)

GRANTS: dict[Role, frozenset[Can]] = {
    Role.PRACTITIONER: _PRACTITIONER,
    # A team lead has a practitioner's rights, words included, in the teams they lead and none elsewhere.
    Role.TEAM_LEAD: _PRACTITIONER
    | {
        Can.REVIEW_EMERGENCIES,
        Can.CONFIRM_TOKENS,
        Can.CONFIRM_EXPORTS,
        Can.EDIT_HANDBOOK,
        Can.SUPPORT_STAFF,
        Can.REPORT_RESULTS,
        Can.SEE_REQUESTS,
        Can.ANSWER_REQUESTS,
        Can.ERASE_CLIENTS,
    },
    # An admin runs the organisation and sees of a client the reference and the team only.
    Role.ADMIN: frozenset(
        {
            Can.LIST_CLIENTS,
            Can.ASSIGN_TEAMS,
            Can.MANAGE_PEOPLE,
            Can.IMPORT_SESSIONS,
            Can.SET_MEASURES,
            Can.MANAGE_PACKS,
            Can.SEE_RESULTS,
            Can.EXPORT_RESULTS,
            Can.REPORT_RESULTS,
            Can.CONFIRM_TOKENS,
            Can.REVIEW_EMERGENCIES,
            Can.SUPPORT_STAFF,
            Can.EDIT_REGISTER,
            Can.READ_HANDBOOK,
            Can.EDIT_HANDBOOK,
            Can.READ_STUDIES,
            Can.MANAGE_STUDIES,
            Can.CONFIRM_EXPORTS,
            Can.SEE_REQUESTS,
            Can.ERASE_CLIENTS,
        }
    ),
    # Somebody from outside sees no client: only cases that are opened to them, one by one, for a time.
    Role.CONSULTANT: frozenset({Can.READ_OPENED_CASES}),
}


# What an organisation can take from a role, and give back; never more than GRANTS has. What is left out here cannot be
# narrowed: without MANAGE_PEOPLE nobody could give anything back, without VIEW_CLIENT nobody could help anybody.
NARROWABLE: tuple[Can, ...] = (
    Can.READ_WORDS,
    Can.END_EPISODE,
    Can.EXPORT_RECORD,
    Can.MERGE_CLIENTS,
    Can.ASSIGN_TEAMS,
    Can.OPEN_EMERGENCY,
    Can.IMPORT_SESSIONS,
    Can.EXPORT_RESULTS,
    Can.REPORT_RESULTS,
    Can.EDIT_HANDBOOK,
    Can.MANAGE_STUDIES,
    Can.CONFIRM_EXPORTS,
)


def narrowing_key(role: str, verb: Can) -> str:
    """How an organisation's row names what it has taken from a role."""
    return f"{role}:{verb}"


def is_narrowed(role: str, verb: Can, narrowed: Collection[str]) -> bool:
    """Whether an organisation has taken `verb` from a role; words that name nothing narrowable say nothing."""
    return verb in NARROWABLE and narrowing_key(role, verb) in narrowed


def may(role: str, verb: Can) -> bool:
    """Whether a role may do `verb`; an unknown role may nothing."""
    return verb in GRANTS.get(role, frozenset())  # type: ignore[call-overload]
