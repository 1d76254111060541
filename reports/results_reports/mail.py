"""The mail that a report is there. It holds no figure, and names nobody's results."""

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from organisations.roles import Can
from organisations.services.mail_brake import Cause, may_leave
from sessions_app.models import ResultsReport
from sessions_app.services.results_reports import TELL_OF_REPORT


def tell_of_report(report_id: str) -> bool:
    """Mail whoever a report was made for, unless the brake holds it or it is gone; whether a mail left."""
    found = ResultsReport.objects.kept().without_content().select_related("made_for__user", "made_for__organisation")
    report = found.filter(pk=report_id).first()
    if report is None:
        return False
    person = report.made_for
    user = person.user if person.is_active and person.can(Can.REPORT_RESULTS) else None
    if user is None or not user.is_active:
        return False
    if not may_leave(person, Cause(f"report {report.pk}", TELL_OF_REPORT, UUID(str(report.pk)))):
        return False
    with translation.override(user.language or person.organisation.language):
        subject = _("Medspil: a report of results is there")
        url = f"{settings.SITE_URL}{reverse('results-reports')}"
        body = render_to_string("reports/mail/results_report.txt", {"name": person.name, "url": url})
    send_mail(" ".join(subject.split()), body, None, [user.email])
    return True
