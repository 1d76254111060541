"""An administrator looks through who has looked: alarms of bursts, and the sample of each month."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from clients.models import Client
from organisations.access import requires
from organisations.audit import texts
from organisations.audit.record import record_access
from organisations.roles import Can
from sessions_app.forms.access_review import AlarmForm, SampleForm
from sessions_app.models import AccessAlarm, AccessSample
from sessions_app.services.access_bursts import FOREIGN, WINDOW, handle_alarm, looks_of
from sessions_app.services.access_looks import HABIT
from sessions_app.services.access_samples import judge_sample
from sessions_app.views.shared import attempt, form_page

SHOWN = 24  # alarms on a page, and the samples of two years


@requires(Can.MANAGE_PEOPLE)
def access_checks(request):
    """Alarms and samples, the newest first; `page` and `samples` are their pages."""
    by = request.practitioner
    alarms = AccessAlarm.objects.visible_to(by).select_related("practitioner", "handled_by").order_by("-raised_at")
    samples = AccessSample.objects.visible_to(by).select_related("signed_by").order_by("-month")
    minutes = int(WINDOW.total_seconds() // 60)
    limits = {"foreign": FOREIGN, "minutes": minutes, "days": HABIT.days}
    context = {
        "alarms": Paginator(alarms, SHOWN).get_page(request.GET.get("page")),
        "samples": Paginator(samples, SHOWN).get_page(request.GET.get("samples")),
        **limits,
    }
    return TemplateResponse(request, "sessions_app/access_review.html", context)


@requires(Can.MANAGE_PEOPLE)
def access_alarm(request, access_alarm_id):
    """Which clients somebody opened without a relation; of a client the reference only."""
    by = request.practitioner
    alarms = AccessAlarm.objects.visible_to(by).select_related("practitioner", "organisation", "handled_by")
    alarm = get_object_or_404(alarms, pk=access_alarm_id)
    form = AlarmForm(request.POST if request.method == "POST" else None, instance=alarm)
    if request.method == "POST" and form.carry_out(handle_alarm, alarm=alarm, by=by):
        return redirect("access-checks")
    found = looks_of(alarm)
    told = _rows([event for event, _known in found], by, "access.alarm")
    rows = [shown | {"has_relation": known} for shown, (_event, known) in zip(told, found, strict=True)]
    return form_page(request, "sessions_app/access_alarm.html", form, alarm=alarm, rows=rows)


@requires(Can.MANAGE_PEOPLE)
def access_sample(request, access_sample_id):
    """Judge each row, and sign when all are judged."""
    by = request.practitioner
    samples = AccessSample.objects.visible_to(by).select_related("signed_by")
    sample = get_object_or_404(samples, pk=access_sample_id)
    rows = list(sample.sampled.select_related("event__practitioner").order_by("event__seq"))
    form = SampleForm(request.POST if request.method == "POST" else None, sample=sample, rows=rows)
    if request.method == "POST" and form.is_valid():
        verdicts = dict(form.cleaned_data)
        given = {"version": verdicts.pop("version"), "verdicts": verdicts, "sign": "sign" in request.POST}
        if attempt(form, judge_sample, sample=sample, by=by, **given) is not None:
            return redirect("access-sample", sample.pk)
    told = _rows([row.event for row in rows], by, "access.sample")
    lines = [shown | {"look": row, "fields": form.fields_of(row)} for shown, row in zip(told, rows, strict=True)]
    return form_page(request, "sessions_app/access_sample.html", form, sample=sample, rows=lines)


def _rows(events, by, action):
    shown = {client for event in events for client in event.client_ids}
    references = dict(Client.objects.visible_to(by).filter(pk__in=shown).values_list("pk", "reference"))
    record_access(action, shown)
    return [
        texts.row_of(event, by.organisation)
        | {"reference": ", ".join(references.get(client, "") for client in event.client_ids)}
        for event in events
    ]
