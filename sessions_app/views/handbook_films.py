"""Film clips of the handbook: added, shown in ranges, taken away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.views.undo import tell_done
from organisations.web.input_guard import takes_body
from sessions_app.forms.handbook import HandbookFilmForm
from sessions_app.models import HandbookFilm, HandbookParagraph
from sessions_app.services import handbook as book
from sessions_app.services import handbook_films as films
from sessions_app.texts.handbook import handbook_language, paragraph_texts
from sessions_app.views.shared import attempt, form_page, posted

LARGEST_BODY = films.LARGEST + 2 * films.MEBIBYTE


@takes_body(LARGEST_BODY)
@requires(Can.EDIT_HANDBOOK)
def handbook_film_new(request, beside):
    """A film beside one of our paragraphs."""
    if beside not in paragraph_texts(handbook_language()):
        raise Http404
    return _new(request, back=book.paragraph_url(beside), beside=beside)


@takes_body(LARGEST_BODY)
@requires(Can.EDIT_HANDBOOK)
def handbook_own_film_new(request, handbook_paragraph_id):
    """A film in a paragraph of the organisation's own."""
    rows = HandbookParagraph.objects.visible_to(request.practitioner).standing()
    row = get_object_or_404(rows, pk=handbook_paragraph_id)
    return _new(request, back=book.own_paragraph_url(row), paragraph=row)


def _new(request, *, back, **about):
    by, form = request.practitioner, HandbookFilmForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        film = form.film(organisation_id=by.organisation_id, **about)
        if attempt(form, films.add_film, film=film, file=form.cleaned_data["file"], by=by) is not None:
            messages.success(request, _("The film is in the handbook."))
            return redirect(back)
    return form_page(request, "sessions_app/handbook_film_form.html", form, back=back)


@require_safe
@requires(Can.READ_HANDBOOK)
def handbook_film(request, film_id):
    """The film's file, or the range of it that is asked for (at most a few seconds' worth at a time)."""
    film = get_object_or_404(HandbookFilm.objects.visible_to(request.practitioner).for_page(), pk=film_id, size__gt=0)
    asked, whole = request.headers.get("Range", ""), (0, film.size - 1)
    if request.headers.get("If-Range", _tag(film)) != _tag(film):
        asked = ""
    try:
        part = films.asked_range(asked, film.size)
    except ValueError:
        return _file(film, b"", status=416, **{"Content-Range": f"bytes */{film.size}"})
    if part is None:
        return _file(film, films.read_film(film, *whole))
    first, last = part[0], min(part[1], part[0] + films.LONGEST_ANSWER - 1)
    said = {"Content-Range": f"bytes {first}-{last}/{film.size}"}
    return _file(film, films.read_film(film, first, last), status=206, **said)


def _file(film, content, *, status=200, **said):
    # Never taken for a page, whatever is in it; and never packed, else its ranges would be those of something else.
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Encoding": "identity",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": _tag(film),
        **said,
    }
    response = HttpResponse(content, content_type=film.kind, status=status, headers=headers)
    response.headers["Content-Disposition"] = f'inline; filename="film.{film.kind.partition("/")[2]}"'
    return response


def _tag(film):
    return f'"{film.pk}"'


@require_safe
@requires(Can.READ_HANDBOOK)
def handbook_captions(request, film_id):
    """The captions of a film."""
    film = get_object_or_404(HandbookFilm.objects.visible_to(request.practitioner).standing(), pk=film_id)
    if not film.captions:
        raise Http404
    return HttpResponse(film.captions, content_type="text/vtt; charset=utf-8")


@require_POST
@requires(Can.EDIT_HANDBOOK)
def handbook_film_withdraw(request, film_id):
    """Take a film out of the handbook; one tap brings it back within a week."""
    film = _film(request, film_id)
    book.withdraw_handbook_text(row=film)
    tell_done(request, _("The film is taken away."), undo=reverse("handbook-film-restore", args=[film.pk]))
    return redirect(book.film_url(film))


@require_POST
@requires(Can.EDIT_HANDBOOK)
def handbook_film_restore(request, film_id):
    film = _film(request, film_id)
    try:
        films.restore_film(film=film)
        messages.success(request, _("It is back in the handbook."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(book.film_url(film))


def _film(request, film_id):
    return get_object_or_404(HandbookFilm.objects.visible_to(request.practitioner), pk=film_id)
