"""What was decided at a session."""

from typing import Any
from uuid import UUID, uuid4

from django import forms

from organisations.edits.forms import VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner
from sessions_app.forms.session import DATE
from sessions_app.models import Session, SessionDecision
from sessions_app.services.decisions import WRITTEN, decisions_of
from sessions_app.services.document import fields_of, written_fields

AREA = {"rows": 2, "autocomplete": "off", "dir": "auto"}


class SessionDecisionForm(VersionedForm, forms.ModelForm):
    """A decision, written down anew or changed; `decision` may be one that is not stored yet."""

    class Meta:
        model = SessionDecision
        fields = WRITTEN
        widgets = {"text": forms.Textarea(AREA), "support": forms.Textarea(AREA), "follow_up_on": DATE}

    def __init__(self, *args: Any, decision: SessionDecision, by: Practitioner, **kwargs: Any):
        initial = {"responsible": by} if decision._state.adding else {}
        given = {"instance": decision, "initial": initial, "auto_id": f"decision-{decision.pk}-%s"}
        super().__init__(*args, **kwargs | given)
        colleagues = Practitioner.objects.visible_to(by)
        standing = colleagues.filter(pk=decision.responsible_id)
        self.fields["responsible"].queryset = (colleagues.contacts() | standing).order_by("name")
        self.add_version(decision, values_of(decision, WRITTEN))


def new_decision(session: Session, key: UUID | None = None) -> SessionDecision:
    """A decision that is not stored yet, under an id of its own or the one that a page has given it."""
    return SessionDecision(pk=key or uuid4(), organisation_id=session.organisation_id, session=session)


def document_forms(session: Session, by: Practitioner, part: str = "") -> dict[str, Any]:
    """What a page of a session shows to write in: the `fields` (of one part), a form for each of the `decisions` and
    an empty one below them, and the `names` of all fields by key. Reads the session's episode.
    """
    about = fields_of(session.organisation_id, session.episode.service_id)
    stored = (*decisions_of(session), new_decision(session))
    return {
        "fields": written_fields(session, about, by, part),
        "decisions": [SessionDecisionForm(decision=decision, by=by) for decision in stored],
        "names": {field.key: field for field in about},
    }
