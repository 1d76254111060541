"""What the access log says of sessions, answers and alerts, in words that a client can read."""

from django.utils.translation import gettext_lazy as _

from clients.texts.access_log import LISTED, LOOKED

SESSION = _("Opened or recorded a session")
ANSWERS = _("Opened or recorded the client's answers")
GOALS = _("Opened or changed the client's goals")
WARNING = _("Followed up on an alert")
MANY = _("Worked with the data of many clients at once")

ACTIONS = {
    "client.choices": LISTED,
    "group.list": LISTED,
    "access.sample": LOOKED,
    "access.alarm": LOOKED,
    "form.open": ANSWERS,
    "paper.photo": ANSWERS,
    "paper.photo_list": LISTED,
}
# By the word before the point, where an action has no words of its own.
KINDS = {
    "session": SESSION,
    "note": SESSION,
    "remark": SESSION,
    "decision": SESSION,
    "goal": GOALS,
    "group": SESSION,
    "rating": ANSWERS,
    "link": ANSWERS,
    "held": ANSWERS,
    "alert": WARNING,
    "measures": MANY,
    "sessions": MANY,
    "paper": MANY,
    "demo": MANY,
}
