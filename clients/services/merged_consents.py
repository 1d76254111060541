"""What somebody agreed to, where two records of theirs are put together: a no stands over a yes.

Rows never move: those of the emptied record stay there, and the record that stays gets what has to hold from now on.
"""

from clients.models import Client, ClientMerge, Consent, ConsentPurpose, ConsentState
from clients.services import consent_closings
from clients.services.consents import STATED, add_row, put_right, standing_entry
from organisations.models import Practitioner


def join_consents(*, merge: ClientMerge, kept: Client, emptied: Client, by: Practitioner) -> list[Consent]:
    """What holds for the locked `kept` since it stands for both; the rows that were written because of it.

    A no of either record holds, whatever day it is of. Where one record says nothing, the other one's word holds.
    """
    made = []
    for purpose in ConsentPurpose:
        here, there = standing_entry(kept, purpose), standing_entry(emptied, purpose)
        if there is None or (here is not None and (here.state == there.state or not here.is_given)):
            continue
        stated = {name: getattr(there, name) for name in STATED}
        made.append(add_row(kept, purpose, by, merge=merge, **stated))
        if there.state == ConsentState.WITHDRAWN:
            consent_closings.close(kept, purpose)
    return made


def part_consents(*, merge: ClientMerge, kept: Client, by: Practitioner) -> None:
    """Take those rows back: what the record that stays said before holds again."""
    for consent in Consent.objects.filter(client=kept, merge=merge, corrects=None, corrections=None).in_order():
        put_right(consent, kept, by, merge=merge)
