"""Sheets of paper: each print-out has a number, and one printed for a session leads back to it for a while."""

import base64
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from organisations.models import CapabilityKind, Practitioner
from organisations.tokens import capabilities
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import PrintedSheet, Session
from sessions_app.pdf.sheet import blank_sheet, is_readable
from sessions_app.wording.choice import Chosen, choose_wording

OPEN_FOR = timedelta(days=90)  # a paper may wait until the client can finish it
BYTES = 16  # of a number: 26 letters of base32


@transaction.atomic
def print_sheet(
    *, form: FormKey, language: str, by: Practitioner, session: Session | None = None, reference: str = ""
) -> tuple[bytes, Chosen]:
    """The PDF of a blank form, and the words that it is in; `reference` is printed for people to read.

    Its code holds a random number and how high the lines stand, nothing else. ValidationError as `blank_sheet`.
    """
    chosen = choose_wording(organisation_id=by.organisation_id, form=form, language=language)
    number = ""
    if is_readable(form, chosen):
        number = base64.b32encode(secrets.token_bytes(BYTES)).decode().rstrip("=")
        _note(number, form, chosen, by, session)
    return blank_sheet(form=form, chosen=chosen, reference=reference, number=number), chosen


def _note(number: str, form: FormKey, chosen: Chosen, by: Practitioner, session: Session | None) -> None:
    PrintedSheet.objects.create(
        organisation_id=by.organisation_id,
        number_hash=capabilities.hash_of(number),
        instrument=form.instrument_key,
        rater=form.rater,
        language=chosen.language[:5],
        pack=chosen.pack,
        printed_by=by,
    )
    if session is not None:
        capabilities.mint(
            kind=CapabilityKind.SHEET,
            organisation_id=by.organisation_id,
            object_id=session.pk,
            detail=form.key,
            lifetime=OPEN_FOR,
            token=number,
        )


def sheet_of(number: str) -> PrintedSheet | None:
    """The print-out with that number in this organisation."""
    return PrintedSheet.objects.filter(number_hash=capabilities.hash_of(number)).first()


def session_of_sheet(number: str) -> UUID | None:
    """The session that a sheet of this organisation was printed for; None for a blank one, and for an expired one."""
    found = capabilities.find(number, CapabilityKind.SHEET)
    return found.object_id if found is not None and capabilities.is_open(found) else None
