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
from clients.retention.registry import rules_of
from clients.services.retention_choices import choices_of, period_in_words, planned_of, rule_of
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
    planned: RetentionChoice | None = None
    planned_words: str = ""

    @property
    def title(self) -> str:
        return _(self.rule.title) if self.rule else ""

    @property
    def basis(self) -> str:
        if self.rule is None or self.choice is None:
            return ""
        return self.choice.basis if self.rule.asks_basis else _(self.rule.basis)

    @property
    def doubt(self) -> str:
        return _(self.rule.doubt) if self.rule and self.rule.doubt else ""

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
    choices, planned = choices_of(by.organisation, day), planned_of(by.organisation, day)
    rows = []
    for service in Service.objects.visible_to(by).order_by("name"):
        choice, later = choices.get(service.pk), planned.get(service.pk)
        words = period_in_words(later, day) if later else ""
        rows.append(ServiceRetention(service, choice, rule_of(choice, day), later, words))
    return rows


@requires(Can.MANAGE_PEOPLE)
def retention_rule(request, service_id):
    """Choose how long a service keeps records."""
    by = request.practitioner
    service = get_object_or_404(Service.objects.visible_to(by), pk=service_id)
    day = today_in(by.organisation)
    choice = choices_of(by.organisation, day).get(service.pk)
    sent = request.POST if request.method == "POST" else None
    form = RetentionRuleForm(sent, organisation=by.organisation, choice=choice)
    if request.method == "POST" and form.carry_out(services.choose_rule, service=service, day=day, by=by):
        messages.success(request, _("Saved. Nobody is erased before they have stood on the list for 30 days."))
        return redirect("retention")
    doubts = list(dict.fromkeys(_(rule.doubt) for rule in rules_of(by.organisation.country, day) if rule.doubt))
    context = {"service": service, "choice": choice, "doubts": doubts}
    return form_page(request, "sessions_app/retention_rule.html", form, **context)
