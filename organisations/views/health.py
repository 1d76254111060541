"""Is it up?"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from organisations.access import public


@public
@require_safe
def healthz(request):
    """200 when the process answers and the database does too (the tenant middleware opened a transaction)."""
    return HttpResponse("ok", content_type="text/plain")
