"""A period that an organisation sets itself, in any country, with what it stands on in its own words."""

from datetime import date

from clients.retention.base import RetentionRule, gettext_noop


class OwnPeriod(RetentionRule):
    key = "own"
    country = ""
    title = gettext_noop("Your own period, with what it stands on")
    service_kind = gettext_noop("Where your archive or your lawyers have settled it")
    basis = gettext_noop("What the organisation says itself")
    source = "the organisation"
    asks_years = True
    asks_basis = True
    archives_first = True
    valid_from = date(2000, 1, 1)
