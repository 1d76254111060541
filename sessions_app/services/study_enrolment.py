"""Who is assessed for a study and enrolled, to which arm lots put them, and who is out of it again.

The next lot is drawn only when somebody is enrolled, under the lock of the study: until then it stands nowhere, and who
enrols cannot know it. What was drawn is never changed or deleted; the database refuses both.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from clients.models import EVERY_SESSION, Client, Consent, ConsentPurpose, Episode
from clients.services.clients import lock_client
from clients.services.consent_closings import ConsentClosing
from clients.services.consents import has_consent, standing_entry
from organisations.audit.record import record_access
from organisations.jobs.outbox import ask_for
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.measures.instruments.registry import age_band, find_cutoff
from sessions_app.measures.studies.randomisation import arm_at
from sessions_app.models import (
    Exclusion,
    LeftReason,
    Study,
    StudyAllocation,
    StudyArm,
    StudyParticipant,
    StudyUnit,
)
from sessions_app.services.open_forms import refresh
from sessions_app.services.periodic_forms import load_courses
from sessions_app.services.studies import lock_study
from sessions_app.services.study_answers import RELEASE
from sessions_app.services.summary import lock_episode

ABOVE, BELOW, UNKNOWN = "above", "below", "unknown"
WHO5_LOW = 50  # of 100; Topp et al. 2015


def clients_to_assess(study: Study, by: Practitioner) -> QuerySet[Client]:
    """Whom somebody could enrol: clients that they see, with open help, who are in no running study."""
    enrolled = StudyParticipant.objects.filter(study=study).enrolled().values("client")
    busy = StudyParticipant.objects.taking_part().values("client")
    open_help = Episode.objects.counting().values("client")
    clients = Client.objects.visible_to(by).current().filter(pk__in=open_help)
    return clients.exclude(Q(pk__in=enrolled) | Q(pk__in=busy)).alphabetical()


def practitioners_to_allocate(study: Study, by: Practitioner) -> QuerySet[Practitioner]:
    """For whom a lot can still be drawn: who can be a contact person and has none in this study."""
    drawn = study.allocations.exclude(practitioner=None).values("practitioner")
    return Practitioner.objects.visible_to(by).contacts().exclude(pk__in=drawn).order_by("name", "pk")


@transaction.atomic
def assess_client(*, study: Study, client: Client, assessment: str, by: Practitioner) -> StudyParticipant:
    """Put down what came of an assessment: one of Exclusion, or else the client is enrolled. As the two below."""
    if assessment in Exclusion:
        return exclude_client(study=study, client=client, exclusion=assessment, by=by)
    return enrol_client(study=study, client=client, by=by)


@transaction.atomic
def exclude_client(*, study: Study, client: Client, exclusion: str, by: Practitioner) -> StudyParticipant:
    """Put down that a client was assessed and does not take part, and why. ValidationError for who does take part."""
    episode, client, study = _locked(study, client)
    row = _assessed(study, client, episode, by)
    if row.enrolled_at is not None:
        raise ValidationError(_("The client takes part already."))
    row.exclusion = exclusion
    _store(row, "exclusion")
    record_access("study.assess", [client.pk])
    return row


@transaction.atomic
def enrol_client(*, study: Study, client: Client, by: Practitioner) -> StudyParticipant:
    """Enrol a client who has said yes to research, and draw the lot. Enrolling again changes nothing.

    ValidationError without the yes, without open help, for a client in another running study or whose curve has begun
    where an arm sees no feedback, and where lots for practitioners have not been drawn for the contact person.
    """
    episode, client, study = _locked(study, client)
    row = _assessed(study, client, episode, by)
    if row.enrolled_at is not None:
        return row
    consent = standing_entry(client, ConsentPurpose.RESEARCH)
    if consent is None or not consent.is_given:
        raise ValidationError(_("The client has not said yes to research. Ask first, and enter the answer."))
    _refuse_unfit(study, client, episode)
    allocation = _allocation(study, client, episode, by)
    _put_in(row, consent, allocation)
    _follow_arm(study, allocation.arm, client, episode)
    record_access("study.enrol", [client.pk])
    return row


@transaction.atomic
def allocate_practitioner(*, study: Study, practitioner: Practitioner, by: Practitioner) -> StudyAllocation:
    """Draw the lot for a practitioner whose clients will take part. Again changes nothing.

    ValidationError where lots are drawn for clients, and for a study that is not open.
    """
    study = lock_study(study)
    _refuse_not_open(study, by)
    if study.unit != StudyUnit.PRACTITIONERS:
        raise ValidationError(_("In this study lots are drawn for clients."))
    known = study.allocations.filter(practitioner=practitioner).first()
    if known is not None:
        return known
    service = practitioner.teams.order_by("name", "pk").values_list("service", flat=True).first()
    stratum = f"{service or UNKNOWN}" if study.by_service else ""
    record_access("study.allocate", [])
    return _draw(study, stratum, by, practitioner=practitioner)


@transaction.atomic
def leave_study(*, participant: StudyParticipant, reason: str, by: Practitioner) -> StudyParticipant:
    """Somebody is out of the study from now on, and feedback is seen again; leaving again changes nothing."""
    participant = StudyParticipant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    if participant.enrolled_at is None:
        raise ValidationError(_("The client does not take part."))
    if participant.left_at is None:
        _let_go(StudyParticipant.objects.filter(pk=participant.pk), reason)
    record_access("study.leave", [participant.client_id])
    participant.refresh_from_db()
    return participant


def _locked(study: Study, client: Client) -> tuple[Episode, Client, Study]:
    """The newest open episode, the client and the study, locked in this order. ValidationError as `enrol_client`."""
    newest = client.episodes.open().newest_first().first()
    if newest is None:
        raise ValidationError({"client": _("The client has no open episode.")})
    episode = lock_episode(newest.pk)
    client = lock_client(client)
    study = lock_study(study)
    _refuse_not_open(study, client)
    episode.client = client
    return episode, client, study


def _refuse_not_open(study: Study, of: Client | Practitioner) -> None:
    today = today_in(of.organisation)
    if study.opened_at is None or study.closed_at is not None or not study.starts_on <= today <= study.ends_on:
        raise ValidationError(_("The study takes nobody in now: look at its period, and whether it is open."))


def _assessed(study: Study, client: Client, episode: Episode, by: Practitioner) -> StudyParticipant:
    """The client's row of the study, as it is now or unsaved; who was turned away once may be assessed again."""
    known = StudyParticipant.objects.filter(study=study, client=client).first()
    if known is not None:
        return known
    return StudyParticipant(
        organisation_id=study.organisation_id, study=study, client=client, episode=episode, assessed_by=by
    )


def _refuse_unfit(study: Study, client: Client, episode: Episode) -> None:
    if client.is_practice or client.archived_at is not None:
        raise ValidationError({"client": _("Practice clients and archived ones take no part.")})
    if not has_consent(client, ConsentPurpose.RESEARCH):
        raise ValidationError({"client": _("The client objects, or nothing of them is used for now.")})
    if StudyParticipant.objects.taking_part().filter(client=client).exclude(study=study).exists():
        raise ValidationError({"client": _("The client takes part in another study.")})
    has_curve = bool(episode.outcome_count or episode.alliance_count)
    if has_curve and study.arms.filter(sees_feedback=False).exists():
        raise ValidationError(
            {"client": _("The client's curve has begun. Where one arm sees no feedback, only new clients take part.")}
        )


def _allocation(study: Study, client: Client, episode: Episode, by: Practitioner) -> StudyAllocation:
    if study.unit == StudyUnit.CLIENTS:
        return _draw(study, stratum_of(study, client, episode), by, client=client)
    found = study.allocations.filter(practitioner=client.contact_id).select_related("arm").first()
    if client.contact_id is None or found is None:
        raise ValidationError({"client": _("For the client's contact person no lot has been drawn yet.")})
    return found


def stratum_of(study: Study, client: Client, episode: Episode) -> str:
    """Within which lots are drawn for a client: the service, the age band, the first score, as the study has it."""
    parts = []
    if study.by_service:
        parts.append(str(episode.service_id))
    band = age_band(client.age_on(today_in(client.organisation)))
    if study.by_age:
        parts.append(band)
    if study.by_intake:
        parts.append(_intake(episode, band))
    return " ".join(parts)


def _intake(episode: Episode, band: str) -> str:
    """The first ORS by its cut-off; of a client without one the first WHO-5."""
    cutoff = find_cutoff("ors", band)
    if episode.outcome_first is not None and cutoff is not None:
        return BELOW if episode.outcome_first < cutoff.value else ABOVE
    first = load_courses(episode)["who5"].first_score
    if first is None:
        return UNKNOWN
    return BELOW if first <= WHO5_LOW else ABOVE


def _draw(study: Study, stratum: str, by: Practitioner, **whom: Any) -> StudyAllocation:
    """The next lot of a stratum of the locked study, stored at once."""
    arms = list(study.arms.all())
    place = study.allocations.filter(stratum=stratum).count()
    arm: StudyArm = arms[arm_at(study.secrets.seed, stratum, [one.weight for one in arms], place)]
    return StudyAllocation.objects.create(
        organisation_id=study.organisation_id,
        study=study,
        stratum=stratum,
        place=place,
        arm=arm,
        allocated_by=by,
        **whom,
    )


def _put_in(row: StudyParticipant, consent: Consent, allocation: StudyAllocation) -> None:
    row.consent, row.allocation, row.exclusion = consent, allocation, ""
    row.practitioner_id = row.client.contact_id
    row.enrolled_at = timezone.now()
    _store(row, "consent", "allocation", "exclusion", "practitioner", "enrolled_at")


def _store(row: StudyParticipant, *columns: str) -> None:
    """A new row, or these columns of one that is there."""
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=columns)


def _follow_arm(study: Study, arm: StudyArm, client: Client, episode: Episode) -> None:
    """WHO-5 is asked for in the study's rhythm in each arm; in one without feedback nothing else is."""
    client.who5_weeks = study.who5_weeks
    client.feedback_withheld = not arm.sees_feedback
    if client.feedback_withheld:
        client.outcome_rhythm = client.alliance_rhythm = EVERY_SESSION  # nothing of them can be late
    client.save(update_fields=["who5_weeks", "feedback_withheld", "outcome_rhythm", "alliance_rhythm"])
    refresh([episode])


def _let_go(participants: QuerySet[StudyParticipant], reason: str) -> None:
    for row in participants.select_related("allocation__arm"):
        row.left_at, row.left_reason = row.left_at or timezone.now(), reason
        row.save(update_fields=["left_at", "left_reason"])
        if row.allocation is not None and not row.allocation.arm.sees_feedback:
            ask_for(RELEASE, organisation_id=row.organisation_id, object_id=row.pk)


def _in_data(client: Client) -> QuerySet[StudyParticipant]:
    """Also of studies that the client has left, or that are closed: their answers are data of those until now."""
    return StudyParticipant.objects.in_data().filter(client=client)


CLOSING = ConsentClosing(
    ConsentPurpose.RESEARCH,
    ngettext_lazy("part in %(count)d study", "part in %(count)d studies", "count"),
    lambda client: _in_data(client).count(),
    lambda client: _let_go(_in_data(client), LeftReason.CONSENT),
)
"""What a client's no to research closes at once."""
