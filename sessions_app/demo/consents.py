"""What the demo's clients agree to."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clients.models import Consent, ConsentManner, ConsentPurpose, ConsentState, Episode

YES, NO = ConsentState.GIVEN, ConsentState.WITHDRAWN
TEAM, CASE_WORKER, STATISTICS = ConsentPurpose.TEAM, ConsentPurpose.CASE_WORKER, ConsentPurpose.STATISTICS
CONSULTANT = ConsentPurpose.CONSULTANT
SPOKEN, WRITTEN = ConsentManner.SPOKEN, ConsentManner.WRITTEN
# By reference: (days after the first session, purpose, answer, how).
ANSWERS: Mapping[str, tuple[tuple[int, ConsentPurpose, ConsentState, ConsentManner], ...]] = {
    "N-014": ((0, TEAM, YES, SPOKEN), (14, CASE_WORKER, YES, WRITTEN), (14, STATISTICS, YES, WRITTEN)),
    "M-102": (
        (0, TEAM, YES, SPOKEN),
        (21, TEAM, NO, SPOKEN),
        (21, STATISTICS, NO, SPOKEN),
        (35, CONSULTANT, YES, SPOKEN),
    ),
    "J-045": ((7, TEAM, YES, SPOKEN),),
}


def write_consents(episode: Episode) -> None:
    """Give the client of an episode the answers that are known of them."""
    client = episode.client
    taker = client.contact
    if taker is None:
        return  # nobody has asked
    zone = ZoneInfo(client.organisation.time_zone)
    for place, (days, purpose, state, manner) in enumerate(ANSWERS.get(client.reference, ())):
        said_on = episode.started_on + timedelta(days=days)
        Consent.objects.create(
            organisation=client.organisation,
            client=client,
            purpose=purpose,
            state=state,
            said_on=said_on,
            manner=manner,
            taken_by=taker,
            recorded_by=taker,
            recorded_at=datetime.combine(said_on, time(15, place), zone),
        )
