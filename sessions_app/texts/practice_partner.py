"""Who a practice partner is, and what they say with their marks: our own plain words, of no form."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions_app.measures.instruments.base import ALLIANCE, OUTCOME
from sessions_app.measures.simulation.partner import Partner

PARTNERS: dict[Partner, Promise] = {
    Partner.IMPROVING: _("Somebody who gets better"),
    Partner.STUCK: _("Somebody who is stuck"),
    Partner.WORSE: _("Somebody who gets worse"),
    Partner.FULL: _("Somebody who always marks ten"),
}

SAID: dict[tuple[Partner, str], Sequence[Promise]] = {
    (Partner.IMPROVING, OUTCOME): (
        _("I went out every day this week."),
        _("My sister came by. That was good."),
        _("I sleep better than I did."),
    ),
    (Partner.IMPROVING, ALLIANCE): (
        _("We talked about what matters to me."),
        _("I would like to hear more often what you think."),
    ),
    (Partner.STUCK, OUTCOME): (
        _("It is as it always is."),
        _("I do not know what should be different."),
        _("Nothing has happened since last time."),
    ),
    (Partner.STUCK, ALLIANCE): (
        _("It was fine."),
        _("We talk about the same things every time."),
    ),
    (Partner.WORSE, OUTCOME): (
        _("I have not opened my post for two weeks."),
        _("I hardly get out of bed."),
        _("I cannot sleep, and everything is too much."),
    ),
    (Partner.WORSE, ALLIANCE): (
        _("You talked a lot today."),
        _("I did not get to say what I wanted."),
        _("I do not think that you understand how it is."),
    ),
    (Partner.FULL, OUTCOME): (
        _("Everything is fine."),
        _("Just write ten, it is all right."),
    ),
    (Partner.FULL, ALLIANCE): (
        _("You are all so kind."),
        _("There is nothing to say about it."),
    ),
}
