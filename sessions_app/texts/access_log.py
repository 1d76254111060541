"""What the access log says of sessions, answers and alerts, in words that a client can read."""

from django.utils.translation import gettext_lazy as _

from clients.texts.access_log import LISTED, LOOKED

SESSION = _("Opened or recorded a session")
ANSWERS = _("Opened or recorded the client's answers")
GOALS = _("Opened or changed the client's goals")
TEAM_MEETING = _("Looked at or spoken of at a team meeting")
QUESTION = _("Asked or read a question to the team")
WARNING = _("Followed up on an alert")
MANY = _("Worked with the data of many clients at once")

ACTIONS = {
    "client.choices": LISTED,
    "group.list": LISTED,
    "access.sample": LOOKED,
    "access.alarm": LOOKED,
    "consultant.list": LISTED,
    "consultant.choose": _("Thought about opening the case to a consultant"),
    "consultant.open": _("Opened the case to a consultant"),
    "consultant.close": _("Closed the case to a consultant"),
    "consultant.view": _("Read the case as a consultant, without name"),
    "emergency.try": _("Asked to open a client in an emergency"),
    "emergency.open": _("Opened the client in an emergency"),
    "emergency.view": _("Read the client's page in an emergency"),
    "emergency.end": _("Ended an emergency access"),
    "emergency.list": _("Saw which clients they have open in an emergency"),
    "emergency.review": _("Looked at who was opened in an emergency"),
    "emergency.look": _("Looked at who was opened in an emergency"),
    "form.open": ANSWERS,
    "paper.photo": ANSWERS,
    "paper.photo_list": LISTED,
    "paper.kept_photo": ANSWERS,
    "paper.kept_photo_delete": _("Deleted the picture of a sheet; the answer stays"),
}
# By the word before the point, where an action has no words of its own.
KINDS = {
    "session": SESSION,
    "note": SESSION,
    "remark": SESSION,
    "decision": SESSION,
    "goal": GOALS,
    "follow_up": ANSWERS,
    "study": _("Assessed for a study, enrolled or taken out"),
    "plan_evaluation": _("Evaluated the action plan"),
    "group": SESSION,
    "rating": ANSWERS,
    "link": ANSWERS,
    "held": ANSWERS,
    "alert": WARNING,
    "team_meeting": TEAM_MEETING,
    "question": QUESTION,
    "supervision": _("Brought to supervision"),
    "measures": MANY,
    "sessions": MANY,
    "paper": MANY,
    "demo": MANY,
}
