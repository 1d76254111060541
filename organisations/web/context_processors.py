"""What every staff page shows around its content."""

import time

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organisations.models import TYPED_TEXT, Organisation, SignOn
from organisations.monitoring.notices import notices_to_show
from organisations.roles import Can
from organisations.web.context_help import help_url
from organisations.web.navigation import pages_below, sections
from organisations.web.news import news_pass


def _offers_sign_on():
    return Organisation.objects.exclude(sign_on=SignOn.OFF).exists()


def surroundings(request):
    """navigation, practitioner, organisation, other_organisations, demo, news, help_url."""
    practitioner = getattr(request, "practitioner", None)
    context = {"practitioner": practitioner, "request_id": getattr(request, "request_id", "")}
    context["offers_sign_on"] = _offers_sign_on  # asked by the page of the log-in alone
    if practitioner is None:
        return context | _of_operator(request)
    context["maintenance"] = _maintenance()
    context["organisation"] = practitioner.organisation
    context["demo"] = practitioner.organisation.is_demo
    context["other_organisations"] = [
        other.organisation for other in getattr(request, "practices", []) if other.pk != practitioner.pk
    ]
    context["typed_kept"] = TYPED_TEXT in request.session and request.path != reverse("typed-again")
    context["navigation"] = [
        {
            "label": section.label,
            "url": reverse(section.route),
            "current": request.path.startswith((reverse(section.route), *pages_below(section))),
        }
        for section in sections()
        if practitioner.can(section.verb)
    ]
    if practitioner.can(Can.VIEW_CLIENT):
        context["news"] = {"url": f"{reverse('news')}?pass={news_pass(practitioner.pk)}", "opened": int(time.time())}
    if practitioner.can(Can.READ_HANDBOOK) and request.resolver_match is not None:
        context["help_url"] = help_url(request.resolver_match.url_name or "")
    context["site_url"] = settings.SITE_URL
    return context


def _of_operator(request):
    """Nothing without a log-in that was looked at already: a page before it must not read the session for this."""
    user = getattr(request, "user", None) if getattr(request, "resolver_match", None) else None
    if user is None or not getattr(request.resolver_match.func, "for_operators", False):
        return {}
    entries = {
        "operator-organisations": _("Organisations"),
        "operator-use": _("Use"),
        "maintenance": _("Announcements"),
        "operator-acts": _("What was done"),
    }
    at = request.resolver_match.url_name
    home = "operator-organisations"
    return {
        "maintenance": _maintenance(),
        "navigation": [
            {"label": label, "url": reverse(route), "current": route == at or (route == home and at not in entries)}
            for route, label in entries.items()
        ],
    }


def _maintenance():
    """(the notice, its words) of what the staff are to know of now."""
    language = get_language() or "en"
    return [(one, one.text_in(language)) for one in notices_to_show(timezone.now())]
