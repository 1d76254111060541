"""What the API speaks of here, and what its scopes are called."""

from django.utils.translation import gettext_lazy as _

from organisations.tokens.scopes import Resource

SESSIONS = Resource("sessions", _("Read sessions"), _("Write sessions"))
RATINGS = Resource("ratings", _("Read answers to the forms"), _("Write answers to the forms"))
NOTES = Resource("notes", _("Read the clients' own words"), _("Write the clients' own words"), own_words=True)
REMARKS = Resource("remarks", _("Read practitioners' remarks"))
DECISIONS = Resource("decisions", _("Read decisions and follow-ups"))
GOALS = Resource("goals", _("Read the clients' goals"), own_words=True)
ALERTS = Resource("alerts", _("Read alerts"), _("Take note of alerts"))
RESOURCES = (SESSIONS, RATINGS, NOTES, ALERTS, REMARKS, DECISIONS, GOALS)
