"""WHO-5: five items of 0-5, raw 0-25, percentage raw × 4. Another scale: never in one curve with ORS."""

from sessions_app.measures.instruments.base import NOW_AND_THEN, PERIODIC, RAW, Instrument, PeriodicWords
from sessions_app.measures.provenance import Confidence, Provenance, gettext_noop


class Who5(Instrument):
    """The WHO-5 Well-Being Index of the last two weeks, or our own five questions in its place.

    Its limits (rule W1) hold for answers to its licensed text alone.
    """

    key, short_name = "who5", "WHO-5"
    part, timing = PERIODIC, NOW_AND_THEN
    items = ("cheerful", "calm", "active", "rested", "interested")
    mark_max, total_max, unit, percent = 5, 25, RAW, 4
    ages = (9, None)
    lookback_days, interval_days, agreed_in = 14, 56, "who5_weeks"
    rhythm = Provenance(gettext_noop("every 8 weeks; no published source"), Confidence.PROPOSAL)
    limits_need_pack = True
    provenance = Provenance("Topp et al. 2015; ages and rhythm to check", Confidence.MEDIUM)
    words = PeriodicWords(
        name=gettext_noop("Well-being over two weeks"),
        asked=gettext_noop("Now and then: well-being over two weeks"),
        hint=gettext_noop("It is time to ask again. Five rows, best at the beginning."),
        hand_over=gettext_noop("Hand over the tablet: well-being over two weeks"),
        today=gettext_noop("Well-being over two weeks too"),
        rhythm=gettext_noop("Well-being over two weeks is asked for"),
        own_name=gettext_noop("Well-being, our own five questions"),
        own_note=gettext_noop(
            "These five questions are the application's own. They have no limits: compare a number only with the "
            "client's own earlier ones."
        ),
        curve=gettext_noop("Well-being over two weeks (WHO-5)"),
    )
