"""What a device is set to for the client's form; kept by the browser itself, nothing of it comes here."""

from django.template.response import TemplateResponse

from organisations.access import requires
from organisations.roles import Can


@requires(Can.RECORD_SESSION)
def screen_settings(request):
    """The length of 10 cm on this screen, the hand, the single switch."""
    return TemplateResponse(request, "sessions_app/screen.html")
