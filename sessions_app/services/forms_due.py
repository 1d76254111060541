"""Which forms a session has: by the client's age, the series that was begun, and who rates."""

from collections.abc import Iterable

from django.utils import timezone

from clients.models import Client, Rater
from clients.services.client_blocks import told_labels
from organisations.database.statements import written_once
from organisations.services.local_day import day_of
from sessions_app.measures.instruments.by_age import CARETAKER, answered_parts, forms_for, own_forms, period_at
from sessions_app.measures.instruments.cutoffs import YOUNG_CHILD
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.measures.instruments.registry import age_band
from sessions_app.models import Attendance, Rating, Session
from sessions_app.services.courses import periods_of
from sessions_app.services.study_answers import may_ask


def ratings_of(session: Session) -> dict[str, Rating]:
    """The current rating of each form, by `FormKey.key`: "ors", "cors:mother"."""
    return {FormKey(rating.instrument, rating.rater).key: rating for rating in _ratings_of(session)}


@written_once
def _ratings_of(session: Session):
    return Rating.objects.filter(session=session, superseded_by=None)


def band_of(session: Session) -> str:
    """The age band whose forms hold at a session; reads its episode."""
    return period_at(periods_of(session.episode), session.held_on).band


def raters_of(client: Client) -> list[Rater]:
    """Everybody who rates the client or has rated them, in the order in which they came; called as may be told."""
    return told_labels(client, _raters_of(client))


@written_once
def _raters_of(client: Client):
    return Rater.objects.filter(client=client).order_by("created_at", "key")


def forms_due(session: Session, raters: Iterable[Rater] | None = None) -> list[FormKey]:
    """Every form of a session in its order: the client's outcome form, the other raters', the alliance form; none of
    a client who sees no feedback in a study.

    `raters` are those of `raters_of`, read here if they are not given.
    """
    if session.client.feedback_withheld:
        return []
    known = raters_of(session.client) if raters is None else raters
    return list(forms_for(band_of(session), _asked(known)))


def forms_still_due(session: Session, raters: Iterable[Rater] | None = None) -> list[FormKey]:
    """Return the forms of an attended session that nobody has answered; not the client's own that was left out.

    `raters` as in `forms_due`.
    """
    if session.attendance != Attendance.ATTENDED:
        return []
    answered = ratings_of(session)
    skipped = {OUTCOME: session.outcome_skipped, ALLIANCE: session.alliance_skipped}
    due = (form for form in forms_due(session, raters) if form.key not in answered)
    return [form for form in due if not (form.by_client and skipped[form.part])]


def forms_of_client(client: Client, raters: Iterable[Rater] | None = None) -> list[FormKey]:
    """Every form that can be written down for a client now: of the newest episode, or by the age of today.

    `raters` as in `forms_due`.
    """
    if client.feedback_withheld:
        return []
    episode = client.episodes.newest_first().first()
    age = client.age_on(day_of(timezone.now(), client.organisation))
    band = periods_of(episode)[-1].band if episode else age_band(age)
    return list(forms_for(band, _asked(raters_of(client) if raters is None else raters)))


def fits(session: Session, form: FormKey) -> bool:
    """Whether a form may be filled in at a session: of the client's age, and by the client or one of the raters.

    Forms of groups and forms beside the session (periodic ones) have rules of their own.
    """
    if not may_ask(session.client, form):
        return False
    if not form.is_of_session:
        return True
    band = band_of(session)
    if form.by_client or (band == YOUNG_CHILD and form.rater == CARETAKER):
        return form in forms_for(band, ())
    return form in forms_for(band, [form.rater]) and session.client.raters.filter(key=form.rater).exists()


def own_form(session: Session, part: str) -> FormKey:
    """The client's own outcome ("ors") or alliance ("srs") form at a session."""
    outcome, alliance = own_forms(band_of(session))
    return outcome if part == outcome.part else alliance


def parts_of_session(session: Session, answered: Iterable[str]) -> set[str]:
    """Return which of "ors" and "srs" are answered; `answered` holds details, as `ratings_of` has them."""
    return answered_parts(band_of(session), [FormKey.parse(detail) for detail in answered])


def labels_of(client: Client) -> dict[str, str]:
    """The raters' own labels by key; those without one are left out."""
    return labels_in(raters_of(client))


def labels_in(raters: Iterable[Rater]) -> dict[str, str]:
    """Return the labels of raters that were read before."""
    return {rater.key: rater.label for rater in raters if rater.label}


def _asked(raters: Iterable[Rater]) -> list[str]:
    return [rater.key for rater in raters if rater.is_active]
