"""Forms on the client's own device: a link for one form, sent, watched and withdrawn by the practitioner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode, Rater
from clients.services.restrictions import refuse_restricted
from organisations.audit.record import record_access
from organisations.models import Capability, CapabilityKind, Practitioner
from organisations.tokens import capabilities
from sessions_app.measures.instruments.form_key import OUTCOME, FormKey
from sessions_app.models import Session
from sessions_app.services.forms_due import forms_of_client, forms_still_due, ratings_of
from sessions_app.services.handover import close_earlier
from sessions_app.services.locking import lock_countable
from sessions_app.services.ratings import ANSWERED, refuse_unfit
from sessions_app.services.summary import lock_episode

LINK_OPEN_FOR = timedelta(hours=72)
# A link's state stays on the practitioner's page for a week after it was sent.
SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Link:
    """One link as its page shows it: no token, since nobody can read it back."""

    id: UUID
    form: FormKey
    ahead: bool
    sent_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody can still open and answer it."""
        return not (self.finished_at or self.withdrawn_at) and self.expires_at > timezone.now()


def forms_to_send(
    session: Session | None, client: Client, episode: Episode | None, raters: Iterable[Rater] | None = None
) -> list[FormKey]:
    """The forms of a session that are still due, everybody's; without a session those that the next begins with.

    `raters` as in `forms_due.forms_due`.
    """
    if session is not None:
        return forms_still_due(session, raters)
    if episode is None:
        return []
    return [form for form in forms_of_client(client, raters) if form.part == OUTCOME]


@transaction.atomic
def make_link(
    *,
    form: FormKey,
    by: Practitioner,
    way: str,
    session: Session | None = None,
    episode: Episode | None = None,
    closing: str = "",
) -> str:
    """The address of one form of a session, or of the episode's next one; earlier links to it are closed.

    Valid for 72 hours. `way` (how it leaves: "qr", "text", "mail") is written to the access log. ValidationError
    when the session's form is answered already or cannot be measured.
    """
    if session is not None:
        token = open_link(session=session, form=form, way=way, closing=closing)
    else:
        episode = episode and lock_episode(episode.pk)
        if episode is None or episode.ended_on is not None:
            raise ValidationError(_("There is no open episode to send a form ahead for."), code="no-episode")
        token = _mint(CapabilityKind.AHEAD, episode, form, way=way, closing=closing)
    return settings.SITE_URL + reverse("rating-form", args=[token])


@transaction.atomic
def open_link(
    *, session: Session, form: FormKey, way: str, closing: str = "", lifetime: timedelta = LINK_OPEN_FOR
) -> str:
    """A token for one form of a session on the client's own device; as `make_link`, without an address."""
    session = lock_countable(session.pk)
    refuse_unfit(session, form)
    if form.key in ratings_of(session):
        raise ValidationError(ANSWERED, code="answered")
    return _mint(CapabilityKind.LINK, session, form, way=way, closing=closing, lifetime=lifetime)


def _mint(
    kind: CapabilityKind,
    about: Session | Episode,
    form: FormKey,
    *,
    way: str,
    closing: str,
    lifetime: timedelta = LINK_OPEN_FOR,
) -> str:
    refuse_restricted(about.client)
    close_earlier(object_id=about.pk, kind=kind, form=form)
    record_access("link.make", [about.client_id], purpose=f"{form.key} {way}")
    return capabilities.mint(
        kind=kind,
        organisation_id=about.organisation_id,
        object_id=about.pk,
        detail=form.key,
        lifetime=lifetime,
        closing=closing,
    )


def send_by_mail(*, to: str, subject: str, text: str) -> bool:
    """Send a link in this request, at most for EMAIL_TIMEOUT seconds; False when the mail server would not.

    Not through the outbox: that would store the client's address and a token that opens, and a practitioner who
    waits for the answer wants to know now whether it left.
    """
    try:
        return EmailMessage(subject=subject, body=text, to=[to]).send() == 1
    except OSError:  # smtplib's errors, a dead line and a time-out are all of this kind
        return False


def links_of(client: Client) -> list[Link]:
    """The links to the client's forms of the last week, the newest first."""
    rows = _rows(client).filter(created_at__gt=timezone.now() - SHOWN_FOR).order_by("-created_at")
    return [
        Link(
            id=capabilities.public_id(row),
            form=FormKey.parse(row.detail),
            ahead=row.kind == CapabilityKind.AHEAD,
            sent_at=row.created_at,
            expires_at=row.expires_at,
            opened_at=row.opened_at,
            started_at=row.started_at,
            finished_at=row.used_at,
            withdrawn_at=row.revoked_at,
        )
        for row in rows
    ]


@transaction.atomic
def withdraw_link(*, client: Client, link_id: UUID, by: Practitioner) -> bool:
    """Close a link for good; False when the client has none of that id.

    An answer that comes all the same waits for the practitioner's decision.
    """
    for row in _rows(client).select_for_update():
        if capabilities.public_id(row) == link_id:
            if row.used_at is None and row.revoked_at is None:
                Capability.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
            record_access("link.withdraw", [client.pk], purpose=row.detail)
            return True
    return False


def _rows(client: Client):
    sessions = Session.objects.filter(client=client).values("pk")
    episodes = Episode.objects.filter(client=client).values("pk")
    return Capability.objects.filter(
        Q(kind=CapabilityKind.LINK, object_id__in=sessions) | Q(kind=CapabilityKind.AHEAD, object_id__in=episodes)
    )
