"""Photographed sheets: sent in, read by a worker, confirmed line by line."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.web.input_guard import takes_body
from sessions_app.forms.sheet_photo import PhotosForm, SheetPhotoForm, picture_uri
from sessions_app.models import PhotoStep, SheetPhoto
from sessions_app.services import kept_photos, session_steps, sheet_photos
from sessions_app.texts.instruments import form_name
from sessions_app.texts.sheet_photos import ANOTHER_PICTURE, FAULTS
from sessions_app.views.shared import attempt, posted
from sessions_app.wording.choice import words_printed

SHOWN = 20  # pictures on a page
MOST_AT_ONCE = 64 * 1024 * 1024  # bytes of all files together


@takes_body(MOST_AT_ONCE + 1024 * 1024)
@requires(Can.RECORD_SESSION)
def sheet_photo_list(request):
    """Send pictures in; below it those that are being read, that wait for a look, and that could not be read."""
    by, form = request.practitioner, PhotosForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = [sheet_photos.PhotoFile(file.name, file.size, file) for file in form.cleaned_data["pictures"]]
        try:
            sheet_photos.take_photos(files=files, by=by)
            return redirect("sheet-photos")
        except ValidationError as error:
            form.add_error("pictures", error)
    photos = SheetPhoto.objects.visible_to(by).select_related("session__client", "sheet", "rating")
    page = Paginator(photos.without_pictures().newest_first(), SHOWN).get_page(request.GET.get("page"))
    record_access("paper.photo_list", {photo.session.client_id for photo in page if photo.session})
    context = {
        "form": form,
        "page": page,
        "rows": [_row(photo) for photo in page],
        "running": sheet_photos.is_reading_for(by),
        "first": next(iter(sheet_photos.waiting_for(by)), None),
        "days": by.organisation.sheet_photo_days,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "sessions_app/sheet_photos.html", context, status=status)


def _row(photo: SheetPhoto) -> dict:
    """What the list says of one picture."""
    name = form_name(photo.sheet.form, {}, photo.sheet.pack) if photo.sheet else ""
    return {
        "photo": photo,
        "name": name,
        "why": FAULTS.get(photo.fault, ""),
        "late": sheet_photos.is_waiting_long(photo),
    }


def _photo_of(request: HttpRequest, sheet_photo_id) -> SheetPhoto:
    photos = SheetPhoto.objects.visible_to(request.practitioner).select_related("session__client", "sheet", "rating")
    photo = get_object_or_404(photos, pk=sheet_photo_id)
    record_access("paper.photo", [photo.session.client_id] if photo.session else [])
    return photo


@requires(Can.RECORD_SESSION)
def sheet_photo(request, sheet_photo_id):
    """Each line's cut-out above the proposed mark; what fits, or was put right, is stored as an answer on paper."""
    photo = _photo_of(request, sheet_photo_id)
    if photo.step != PhotoStep.READ or photo.sheet is None:
        return _not_to_confirm(request, photo)
    by, asks_whose = request.practitioner, photo.session is None or "other" in request.GET
    chosen = words_printed(by.organisation_id, photo.sheet)
    form = SheetPhotoForm(posted(request), photo=photo, chosen=chosen, by=by, asks_whose=asks_whose)
    if request.method == "POST" and form.is_valid():
        about = {"photo": photo, "marks": form.marks, "by": by, **form.whose()}
        if (rating := attempt(form, sheet_photos.confirm_photo, **about)) is not None:
            return _after(request, photo, rating)
    return TemplateResponse(
        request, "sessions_app/sheet_photo.html", _shown(photo, form, chosen), status=422 if form.is_bound else 200
    )


def _shown(photo, form, chosen) -> dict:
    others = sheet_photos.waiting_for(form.by, after=photo)
    return {
        "photo": photo,
        "form": form,
        "lines": list(form.lines()),
        "name": form_name(photo.sheet.form, {}, photo.sheet.pack),
        "key": photo.sheet.form.key,
        "language": chosen.language,
        "overview": picture_uri(photo.overview),
        "read": sum(mark is not None for mark, _notice in photo.proposal),
        "next": next(iter(others), None),
        "more": len(others),
        "days": form.by.organisation.sheet_photo_days,
    }


def _after(request, photo, rating):
    """On to the next sheet that waits, or to the answer."""
    sheet = kept_photos.shown_of(rating.session, request.practitioner).get(photo.sheet.form.key)
    until = date_format(sheet.until, "DATE_FORMAT") if sheet else ""
    kept = _("Stored. The picture is kept until %(day)s.") % {"day": until}
    messages.success(request, kept if sheet else _("Stored. The picture is deleted."))
    following = sheet_photos.waiting_for(request.practitioner, after=photo)
    if following:
        return redirect("sheet-photo", following[0])
    return redirect(session_steps.answer_url(rating.session, photo.sheet.form))


def _not_to_confirm(request, photo):
    """A picture that is being read, that was stored, or that could not be read."""
    if photo.rating is not None:
        return redirect("session-flow", photo.rating.session_id)
    context = {
        "photo": photo,
        "why": FAULTS.get(photo.fault, ""),
        "again": photo.fault in ANOTHER_PICTURE,
        "overview": picture_uri(photo.overview),
    }
    return TemplateResponse(request, "sessions_app/sheet_photo_unread.html", context)


@require_POST
@requires(Can.RECORD_SESSION)
def sheet_photo_discard(request, sheet_photo_id):
    """Delete a picture that was not confirmed."""
    sheet_photos.discard_photo(photo=_photo_of(request, sheet_photo_id), by=request.practitioner)
    return redirect("sheet-photos")
