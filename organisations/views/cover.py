"""Go back to the staff's pages after a client has looked at the screen."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.web import cover


@require_POST
@requires()
def uncover(request: HttpRequest) -> HttpResponseRedirect:
    """Show the staff's pages again, from the page of this site that `next` names."""
    cover.uncover(request.session)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if is_ours else "home")
