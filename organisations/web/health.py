"""Is it up? Is all of it there?"""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from organisations.access import public
from organisations.monitoring import readiness


@public
@require_safe
def healthz(request):
    """200 when the process answers and the database does too (the tenant middleware opened a transaction)."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request):
    """200, or 503 when a check fails; which one, and nothing else. Answered before the tenant's transaction is."""
    checks = readiness.look()
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)
