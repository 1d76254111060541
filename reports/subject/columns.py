"""What a column is called for the client, and which columns are left out and why."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import DataClass

TECHNICAL = _("Needed by the program only: keys, settings and states.")
WORKED_OUT = _("Worked out from another column, to sort and to compare.")
OF_PICTURE = _("Made from a picture that is given itself.")
AS_FILE = _("Given as a file of its own.")
BY_LOOKS = _("Who did something stands in the list of who has looked.")
OF_BLINDED = _("The study decides when its groups are told.")

# Technical columns without which the others of the same row cannot be understood.
_TO_READ_BY = """
    team service label kind instrument rater language form_language relation key months parent goal session
    episode alert rating question study participant request corrects recorded_at written_at asked_at made_at
    merged_at undone_at created_at updated_at kept_at opened_at closed_at acknowledged_at done_at at decided_at
    enrolled_at left_at allocated_at released_at removed_at sent_at cancelled_at withdrawn_at voided_at
    lifted_at held_at given_free_at archived_at ended_at came_from went_to is_practice is_active outcome_rhythm
    alliance_rhythm who5_weeks is_rated media_type read_at pgh_created_at pgh_label
"""
TO_READ_BY = frozenset(_TO_READ_BY.split())

_LEFT_OUT: dict[str, Promise | str] = {
    "id": TECHNICAL,  # stands as the key of the row
    "pgh_id": TECHNICAL,
    "pgh_obj": TECHNICAL,
    "pgh_context": BY_LOOKS,
    "reference_key": WORKED_OUT,
    "sort_key": WORKED_OUT,
    "digest": OF_PICTURE,
    "cut_outs": OF_PICTURE,
    "overview": OF_PICTURE,
    "proposal": OF_PICTURE,
    "content": AS_FILE,
}
FILES = frozenset({"sessions_app.KeptPhoto", "sessions_app.SheetPhoto", "sessions_app.RecordFile"})
"""Tables whose rows hold a file, in `content`."""

WORDS: dict[str, Promise | str] = {
    "acknowledged_at": _("Seen at"),
    "acknowledged_by": _("Seen by"),
    "acknowledgement": _("Note"),
    "age_at_intake": _("Age at the start"),
    "agreed_at": _("Agreed time"),
    "agreed_on": _("Agreed day"),
    "aim": _("Aim of the plan"),
    "alert": _("Alert"),
    "alliance_count": _("Number of forms after sessions"),
    "alliance_first": _("First total after a session"),
    "alliance_last": _("Last total after a session"),
    "alliance_last_on": _("Day of the last form after a session"),
    "alliance_rhythm": _("How often the form after a session is asked for"),
    "alliance_skipped": _("Why there is no form after the session"),
    "allocated_at": _("Lot drawn at"),
    "allocated_by": _("Lot drawn by"),
    "answered_at": _("Answered at"),
    "answered_by": _("Answered by"),
    "answered_on": _("Answered on"),
    "archived_at": _("Archived at"),
    "archived_by": _("Taken out for the archive by"),
    "arrived_on": _("Arrived on"),
    "asked": _("Who was asked"),
    "asked_at": _("Asked at"),
    "asked_by": _("Asked by"),
    "assessed_by": _("Assessed by"),
    "at": _("When"),
    "attendance": _("Attendance"),
    "birth_month": _("Month of birth"),
    "birth_year": _("Year of birth"),
    "brought_on": _("Brought up on"),
    "by": _("Who"),
    "came_from": _("Came from"),
    "cancelled_at": _("Cancelled at"),
    "cancelled_by": _("Cancelled by"),
    "client": _("Record"),
    "closed_at": _("Closed at"),
    "closed_on": _("Closed on"),
    "closed_with": _("What was open at the end"),
    "consultant": _("Consultant"),
    "contact": _("Contact person"),
    "contact_form": _("Form of contact"),
    "contact_note": _("Note of the hand-over"),
    "contact_since": _("Contact person since"),
    "corrects": _("Puts right the entry"),
    "count_then": _("Number of forms then"),
    "created_at": _("Written down at"),
    "decided_at": _("Decided at"),
    "decided_by": _("Decided by"),
    "decision": _("Decision"),
    "device_time": _("Time on the device"),
    "discussed_at": _("Spoken of at"),
    "done_at": _("Done at"),
    "done_by": _("Done by"),
    "due_on": _("Due on"),
    "email": _("E-mail address"),
    "emptied": _("Record that was merged"),
    "ended_at": _("Ended at"),
    "ended_on": _("Ended on"),
    "ending": _("How it ended"),
    "enrolled_at": _("Took part from"),
    "entry_mode": _("How it was entered"),
    "episode": _("Course of support"),
    "exclusion": _("Why not"),
    "extended_by": _("Given more time by"),
    "extended_on": _("Extended on"),
    "extension_reason": _("Why it takes longer"),
    "file_name": _("Name of the file"),
    "finished_at": _("Finished at"),
    "first_by": _("First confirmed by"),
    "first_name": _("First name"),
    "follow_up_on": _("To be followed up on"),
    "form_language": _("Language of the forms"),
    "from_contact": _("Contact person before"),
    "given_free_at": _("Given free at"),
    "given_free_by": _("Given free by"),
    "goal": _("Goal"),
    "guardian": _("Parent or guardian"),
    "handler": _("Who handles it"),
    "heard": _("What was heard"),
    "held_at": _("Held back at"),
    "held_by": _("Held back by"),
    "held_on": _("Day"),
    "instrument": _("Form"),
    "is_active": _("Is asked"),
    "is_practice": _("Practice client"),
    "is_rated": _("I rate it"),
    "kept": _("Record that stays"),
    "kept_at": _("Kept at"),
    "key": _("Short name"),
    "kind": _("Kind"),
    "label": _("Label"),
    "language": _("Language"),
    "last_session_on": _("Last session"),
    "late": _("Came later"),
    "left_at": _("Left at"),
    "left_reason": _("Why left"),
    "level": _("How urgent"),
    "lift_reason": _("Why it is used again"),
    "lifted_at": _("Lifted at"),
    "lifted_by": _("Lifted by"),
    "looked_by": _("Looked at by"),
    "made_at": _("Made at"),
    "made_by": _("Made by"),
    "manner": _("In which way"),
    "mark": _("Mark"),
    "marks": _("Marks, in tenths"),
    "media_type": _("Kind of file"),
    "merged_at": _("Merged at"),
    "merged_by": _("Merged by"),
    "merged_into": _("Merged into the record"),
    "months": _("Months after the end"),
    "new_series": _("Where a new curve begins"),
    "next_at": _("Time of the next appointment"),
    "next_contact": _("Who takes the next session"),
    "next_on": _("Next appointment"),
    "note": _("Note"),
    "numbers": _("Numbers behind it"),
    "objects_to": _("Objects to"),
    "opened_at": _("Opened at"),
    "opened_by": _("Opened by"),
    "outcome_best": _("Best total"),
    "outcome_count": _("Number of forms before sessions"),
    "outcome_first": _("First total"),
    "outcome_last": _("Last total"),
    "outcome_last_on": _("Day of the last form before a session"),
    "outcome_rhythm": _("How often the form before a session is asked for"),
    "outcome_skipped": _("Why there is no form before the session"),
    "outcome_then": _("Total then"),
    "parent": _("Part of the goal"),
    "participant": _("Part in a study"),
    "people": _("Who else may see me"),
    "pgh_created_at": _("Changed at"),
    "pgh_label": _("What happened to the row"),
    "planned_by": _("Planned by"),
    "practitioner": _("Practitioner"),
    "purpose": _("About"),
    "question": _("Question"),
    "raised_on": _("Raised on"),
    "rater": _("Who filled it in"),
    "rating": _("Filled-in form"),
    "read_at": _("Read at"),
    "read_by": _("Read by"),
    "reason": _("Reason"),
    "recorded_at": _("Entered at"),
    "recorded_by": _("Entered by"),
    "reference": _("Reference"),
    "referred_to": _("Where to"),
    "relation": _("Who that is"),
    "released_at": _("Shown from"),
    "removed_at": _("Taken off at"),
    "replaced_at": _("Time that was agreed before"),
    "replaced_on": _("Day that was agreed before"),
    "request": _("Request"),
    "responsible": _("Who follows up"),
    "returns_to": _("Whose stand-in the contact person is"),
    "planned_contact": _("Who takes over later"),
    "planned_for": _("From whom somebody takes over later"),
    "planned_note": _("Note of the hand-over that is planned"),
    "review_on": _("To be looked at again on"),
    "rows": _("Rows that were changed"),
    "rule": _("Rule"),
    "said_by": _("Said by"),
    "said_on": _("Said on"),
    "second_by": _("Confirmed again by"),
    "second_contact": _("Second contact person"),
    "sent_at": _("Sent at"),
    "service": _("Service"),
    "session": _("Session"),
    "sessions_count": _("Number of sessions"),
    "set_by": _("Set by"),
    "set_on": _("Since"),
    "since": _("From"),
    "started_at": _("Began at"),
    "started_on": _("Began on"),
    "state": _("State"),
    "statement": _("My own statement"),
    "study": _("Study"),
    "support": _("Change of support"),
    "taken": _("Was used"),
    "taken_by": _("Taken by"),
    "taken_home": _("What somebody took home"),
    "team": _("Team"),
    "text": _("Text"),
    "to_contact": _("Contact person afterwards"),
    "told_extension_on": _("I was told of the extension on"),
    "told_on": _("I was told on"),
    "tone": _("What the curve says"),
    "total": _("Total, in tenths"),
    "undone_at": _("Taken back at"),
    "undone_by": _("Taken back by"),
    "until": _("Until"),
    "updated_at": _("Changed at"),
    "updated_by": _("Written by"),
    "void_reason": _("Why it was taken out"),
    "voided_at": _("Taken out at"),
    "voided_by": _("Taken out by"),
    "went_to": _("Went to"),
    "who5_weeks": _("How often well-being is asked for"),
    "wish": _("In my own words"),
    "withdrawn_at": _("Withdrawn at"),
    "wording": _("Wording"),
    "words": _("In somebody's own words"),
    "written_at": _("Written at"),
    "written_by": _("Written by"),
}

_ELSEWHERE: dict[tuple[str, str], Promise | str] = {
    ("clients.HeldBackPassage", "passage"): _("What is held back is not given; that something is, and why, is."),
    ("sessions_app.StudyAllocation", "arm"): OF_BLINDED,
    ("sessions_app.StudyAllocation", "stratum"): OF_BLINDED,
}


def left_out(label: str, column: str, holds: DataClass | None) -> Promise | str | None:
    """Why a column of a table is left out; None for one that is given."""
    if (label, column) in _ELSEWHERE:
        return _ELSEWHERE[label, column]
    if column in _LEFT_OUT and (column != "content" or label in FILES):
        return _LEFT_OUT[column]
    if holds == DataClass.TECHNICAL and column not in TO_READ_BY:
        return TECHNICAL
    return None


def has_words(column: str) -> bool:
    """Whether somebody has said what a column is called for the client."""
    return column in WORDS


def words_of(column: str) -> str:
    """What a column is called, for the client."""
    return str(WORDS[column])
