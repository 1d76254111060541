"""Data protection: what is processed for what, and the papers that follow from the tables themselves."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.data_protection.activities import ACTIVITIES
from reports.data_protection.processing_record import data_words, security_measures


@require_safe
@requires(Can.MANAGE_PEOPLE)
def data_protection(request):
    activities = [{"activity": one, "data": data_words(one)} for one in ACTIVITIES]
    context = {"activities": activities, "measures": security_measures()}
    return TemplateResponse(request, "reports/data_protection.html", context)
