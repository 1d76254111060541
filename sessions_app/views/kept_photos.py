"""The picture of a sheet that was confirmed, where the organisation keeps it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from sessions_app.models import KeptPhoto
from sessions_app.services import kept_photos


def _photo_of(request: HttpRequest, kept_photo_id) -> KeptPhoto:
    photos = kept_photos.photos_for(request.practitioner).select_related("rating__session")
    return get_object_or_404(photos, pk=kept_photo_id)


@require_safe
@requires(Can.VIEW_CLIENT)
def kept_photo(request, kept_photo_id):
    """The picture itself: what our own reader made, never a file as it was sent.

    Pages show it all the same; opened by itself it is a file, since no script covers a picture when a device is given
    to a client.
    """
    photo = _photo_of(request, kept_photo_id)
    record_access("paper.kept_photo", [photo.rating.session.client_id])
    answer = HttpResponse(bytes(photo.content), content_type="image/jpeg")
    name = f"{photo.rating.instrument}-{photo.rating.session.held_on.isoformat()}.jpg"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@requires(Can.RECORD_SESSION)
def kept_photo_delete(request, kept_photo_id):
    """Delete a picture before its days are over."""
    photo = _photo_of(request, kept_photo_id)
    kept_photos.delete_photo(photo=photo, by=request.practitioner)
    messages.success(request, _("The picture is deleted. The answer stays."))
    return redirect("session-flow", photo.rating.session_id)
