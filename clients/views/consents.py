"""What a client agrees to: how it stands, one answer more, and a mistaken entry put right."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clients.forms.consent import ConsentCorrectionForm, ConsentForm
from clients.models import Client, Consent, ConsentPurpose, ConsentState
from clients.models.lawful_grounds import Content, LawfulGround, ground_for
from clients.services import consent_closings
from clients.services import consents as services
from clients.texts.consents import SAID_TO_CLIENT, WITHOUT
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.views.form_pages import form_page


@dataclass(frozen=True)
class PurposeShown:
    """How one purpose stands: the last row, the law's ground, and what a no would close now."""

    purpose: ConsentPurpose
    asked: str | Promise
    without: str | Promise
    last: Consent | None
    ground: LawfulGround | None
    closes: list[str]

    @property
    def state(self) -> str:
        return self.last.state if self.last else ConsentState.UNASKED


def consents_shown(client: Client, by: Practitioner) -> dict:
    """What the part about consent shows, the history with that of merged records: two queries, and what is open."""
    history = list(services.history_of(client))
    of_client = [row for row in reversed(history) if row.client_id == client.pk]
    last = {row.purpose: row for row in of_client}
    corrected = {row.corrects_id for row in history}
    entries = {row.purpose: row.pk for row in of_client if row.corrects_id is None and row.pk not in corrected}
    return {
        "newest": of_client[-1].recorded_at if of_client else None,
        "purposes": [
            PurposeShown(
                purpose=purpose,
                asked=SAID_TO_CLIENT[purpose],
                without=WITHOUT[purpose],
                last=last.get(purpose),
                ground=ground_for(by.organisation.country, purpose, Content.MARKS),
                closes=consent_closings.open_now(client, purpose),
            )
            for purpose in ConsentPurpose
        ],
        "history": [(row, row.pk == entries.get(row.purpose), row.pk in corrected) for row in history],
    }


@requires(Can.EDIT_CLIENT)
def client_consents(request, client_id):
    """The answers of a client, and a form for one more."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access(services.LOGGED, [client.pk])
    form = ConsentForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.carry_out(services.record_consents, client=client, by=by):
        messages.success(request, _said_of(form))
        return redirect(_part_of(client))
    shown = consents_shown(client, by)
    form.show_beside(shown["newest"])
    return form_page(request, "clients/client_consents.html", form, client=client, **shown)


def _said_of(form: ConsentForm) -> str:
    if not form.outcome:
        return _("That is written down already.")
    if form.cleaned_data["state"] == ConsentState.WITHDRAWN:
        return _("Written down: the client says no. It holds from now on.")
    return _("Written down: the client says yes.")


@requires(Can.EDIT_CLIENT)
def consent_correct(request, consent_id):
    """Why an entry was a mistake; what stood before it stands again."""
    by = request.practitioner
    found = Consent.objects.visible_to(by).select_related("client", "taken_by")
    consent = get_object_or_404(found, pk=consent_id)
    record_access(services.LOGGED, [consent.client_id])
    form = ConsentCorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(services.correct_consent, consent=consent, by=by):
        messages.success(request, _("Put right. What stood before holds again."))
        return redirect(_part_of(consent.client))
    return form_page(request, "clients/consent_correct.html", form, client=consent.client, consent=consent)


def _part_of(client):
    return reverse("client-detail", args=[client.pk], query={"tab": "consent"})
