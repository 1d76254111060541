"""Back after a log-in that ended: what was typed then, to be saved now or thrown away."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from organisations.access import requires
from organisations.login import typed_text


@requires()
def typed_again(request):
    """The text, with a button that sends it where it was going; posted to here it is thrown away."""
    kept = typed_text.kept_for(request)
    if request.method == "POST" or kept is None:
        typed_text.forget(request)
        return redirect("/") if kept is None else HttpResponseRedirect(kept.path)
    return TemplateResponse(request, "organisations/typed_again.html", {"kept": kept})
