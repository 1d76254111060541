"""The demo's study: one that is open, in which lots are drawn for clients who are new and have no curve yet."""

from collections.abc import Mapping
from datetime import date, timedelta

from clients.models import Client, Consent, ConsentManner, ConsentPurpose, ConsentState, Episode
from organisations.models import Organisation, Practitioner, Team
from organisations.roles import Role
from sessions_app.models import Exclusion, LeftReason, StudyUnit
from sessions_app.services.studies import open_study, plan_study
from sessions_app.services.study_enrolment import enrol_client, exclude_client, leave_study

PLACE = "solby"
TEXTS = {
    "name": "Hjælper det at se kurven?",
    "purpose": "At se, om borgere trives bedre, når de ser på deres kurve sammen med en medarbejder.",
    "criteria": "Voksne, der er nye i tilbuddet og ikke har udfyldt ORS før.",
    "protocol": "Der trækkes lod, når borgeren har sagt ja. I den ene gruppe bruges FIT som vant. I den anden arbejdes "
    "der som hidtil. Alle svarer på WHO-5 hver fjerde uge i et halvt år. Det, der sammenlignes, er det sidste svar.",
    "approver": "Videnskabsetisk komité",
    "approval_reference": "F-2026-41",
}
ARMS = (("FIT som vant", True), ("Som hidtil", False), ("", False))
# By reference: what came of the assessment ("" takes part), and why somebody left again.
ASSESSED: Mapping[str, tuple[str, str]] = {
    "U-201": ("", ""),
    "U-202": ("", ""),
    "U-203": (Exclusion.DECLINED, ""),
    "U-204": ("", LeftReason.MOVED),
    "U-205": ("", ""),
    "U-206": (Exclusion.CRITERIA, ""),
}


def write_study(organisation: Organisation, team: Team, today: date) -> None:
    """Of the organisation in the open tenant, where it is the place of the study."""
    if organisation.slug != PLACE:
        return
    people = Practitioner.objects.filter(user__isnull=False).order_by("name")
    admin = people.filter(role=Role.ADMIN).earliest("name")
    arms = {
        f"arm_{number}{what}": value
        for number, (name, sees) in enumerate(ARMS, start=1)
        for what, value in (("", name), ("_feedback", sees), ("_weight", 1))
    }
    period = {"starts_on": today - timedelta(days=20), "ends_on": today + timedelta(days=345)}
    design = {"unit": StudyUnit.CLIENTS, "by_service": True, "by_age": False, "by_intake": False, "is_blinded": False}
    study = open_study(study=plan_study(by=admin, **TEXTS, **arms, **period, **design, who5_weeks=4), by=admin)
    contact = people.filter(role=Role.PRACTITIONER, teams=team).earliest("name")
    for reference, (exclusion, left) in ASSESSED.items():
        client = _new_client(reference, contact, team, today)
        if exclusion:
            exclude_client(study=study, client=client, exclusion=exclusion, by=contact)
            continue
        row = enrol_client(study=study, client=client, by=contact)
        if left:
            leave_study(participant=row, reason=left, by=contact)


def _new_client(reference: str, contact: Practitioner, team: Team, today: date) -> Client:
    """Somebody without a session yet, who has said yes to research."""
    own = {"organisation_id": contact.organisation_id}
    client = Client.objects.create(reference=reference, form_language="da", contact=contact, birth_year=1990, **own)
    client.teams.add(team, through_defaults=own)
    Episode.objects.create(client=client, service_id=team.service_id, started_on=today - timedelta(days=3), **own)
    said = {"said_on": today, "manner": ConsentManner.WRITTEN, "taken_by": contact, "recorded_by": contact}
    Consent.objects.create(client=client, purpose=ConsentPurpose.RESEARCH, state=ConsentState.GIVEN, **said, **own)
    return client
