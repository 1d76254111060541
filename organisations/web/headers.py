"""What every answer tells the browser: keep nothing, lend nothing to other sites, switch off what no page uses."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Only what Chromium knows on every system: it writes a warning into the console of every page for a name it does not.
OFF = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture"),
    *("encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture"),
    *("serial", "storage-access", "usb", "window-management", "xr-spatial-tracking"),
)
OURS = (
    *("clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get"),
    "screen-wake-lock",
)
PERMISSIONS = ", ".join([*(f"{feature}=()" for feature in OFF), *(f"{feature}=(self)" for feature in OURS)])


class HeadersMiddleware:
    """Nothing of a page stays in a cache, and other sites get nothing. The content policy is django-csp's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Django's own middleware says so too, but stands further in than the first refusals.
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path.startswith(settings.UNTOLD_ADDRESSES):
            response.headers["Referrer-Policy"] = "no-referrer"
        if request.method == "HEAD" and not response.streaming:
            # Not every web server leaves the body out by itself; its length stays that of GET.
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response
