"""How long things are kept: the rule of each service, and what follows from it."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.models import Client, RetentionChoice
from clients.retention.access_logs import access_log_rule
from clients.retention.base import CLOCK_WORDS, RetentionRule
from organisations.access import requires
from organisations.models import Service
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page
from sessions_app.forms.retention import RetentionRuleForm
from sessions_app.services import retention as services
from sessions_app.services.erasure_notices import erased_of


@dataclass(frozen=True)
class ServiceRetention:
    """A service with its rule in words; without a rule nothing of it is erased."""

    service: Service
    choice: RetentionChoice | None
    rule: type[RetentionRule] | None

    @property
    def title(self) -> str:
        return _(self.rule.title) if self.rule else ""

    @property
    def basis(self) -> str:
        return _(self.rule.basis) if self.rule else ""

    @property
    def years(self) -> int | None:
        if self.rule is None or self.choice is None:
            return None
        return self.choice.years if self.rule.asks_years else self.rule.years

    @property
    def clock(self) -> str:
        return _(CLOCK_WORDS[self.rule.clock]) if self.rule else ""

    @property
    def exceptions(self) -> list[str]:
        return [_(one.words) for one in self.rule.exceptions] if self.rule else []


@require_safe
@requires(Can.ERASE_CLIENTS)
def retention(request):
    """Each service's rule, how many clients are due, the log of who looked, and how many were erased."""
    by = request.practitioner
    day = today_in(by.organisation)
    judged = services.judge_clients(by.organisation, Client.objects.visible_to(by), day)
    log = access_log_rule(by.organisation.country)
    context = {
        "rows": _rows(by, day),
        "counts": services.next_due((found for _client, found in judged), day),
        "log": log,
        "log_basis": _(log.basis),
        "erased": erased_of(by.organisation).count(),
        "may_choose": by.can(Can.MANAGE_PEOPLE),
    }
    return TemplateResponse(request, "sessions_app/retention.html", context)


def _rows(by, day) -> list[ServiceRetention]:
    choices = services.choices_of(by.organisation)
    found = Service.objects.visible_to(by).order_by("name")
    return [ServiceRetention(one, choices.get(one.pk), services.rule_of(choices.get(one.pk), day)) for one in found]


@requires(Can.MANAGE_PEOPLE)
def retention_rule(request, service_id):
    """Choose how long a service keeps records."""
    by = request.practitioner
    service = get_object_or_404(Service.objects.visible_to(by), pk=service_id)
    choice = services.choices_of(by.organisation).get(service.pk)
    sent = request.POST if request.method == "POST" else None
    form = RetentionRuleForm(sent, organisation=by.organisation, choice=choice)
    day = today_in(by.organisation)
    if request.method == "POST" and form.carry_out(services.choose_rule, service=service, day=day, by=by):
        messages.success(request, _("Saved. Nobody is erased before they have stood on the list for 30 days."))
        return redirect("retention")
    return form_page(request, "sessions_app/retention_rule.html", form, service=service, choice=choice)
