"""Read and search the handbook; write its own chapters, paragraphs and scripts."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import keeps_typed, requires
from organisations.roles import Can
from organisations.views.form_pages import tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.handbook import HandbookChapterForm, HandbookParagraphForm, ScriptsForm
from sessions_app.models import HandbookChapter, HandbookParagraph, HandbookScript
from sessions_app.services import handbook as book
from sessions_app.services.handbook_scripts import save_scripts
from sessions_app.services.handbook_search import search_handbook
from sessions_app.texts.form_wording import LANGUAGES
from sessions_app.texts.handbook import chapter_texts, handbook_language, paragraph_texts
from sessions_app.views.shared import form_page, posted

OWN_FILMS = csp_update({"media-src": ["'self'"]})
LONGEST_QUESTION = 100


@require_safe
@requires(Can.READ_HANDBOOK)
def handbook(request):
    """The chapters; with a question what was found."""
    by, asked = request.practitioner, request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    context = {
        "chapters": chapter_texts(handbook_language()),
        "own": book.own_chapters(by),
        "asked": asked,
        "found": search_handbook(asked, by) if asked else [],
        "may_edit": by.can(Can.EDIT_HANDBOOK),
    }
    return TemplateResponse(request, "sessions_app/handbook.html", context)


@require_safe
@requires(Can.READ_HANDBOOK)
@OWN_FILMS
def handbook_chapter(request, chapter):
    """A chapter of ours, with what the organisation has beside it."""
    chapters = chapter_texts(handbook_language())
    shown = next((one for one in chapters if one.key == chapter), None)
    if shown is None:
        raise Http404
    by = request.practitioner
    context = {
        "chapters": chapters,
        "chapter": shown,
        "paragraphs": book.shown_chapter(shown, by),
        "own": book.own_chapters(by),
        "may_edit": by.can(Can.EDIT_HANDBOOK),
    }
    return TemplateResponse(request, "sessions_app/handbook_chapter.html", context)


@require_safe
@requires(Can.READ_HANDBOOK)
@OWN_FILMS
def handbook_own_chapter(request, handbook_chapter_id):
    """A chapter of the organisation's own."""
    by = request.practitioner
    chapter = get_object_or_404(HandbookChapter.objects.visible_to(by).standing(), pk=handbook_chapter_id)
    context = {
        "chapters": chapter_texts(handbook_language()),
        "chapter": chapter,
        "paragraphs": book.shown_own_chapter(chapter, by),
        "own": book.own_chapters(by),
        "may_edit": by.can(Can.EDIT_HANDBOOK),
    }
    return TemplateResponse(request, "sessions_app/handbook_own_chapter.html", context)


@keeps_typed
@requires(Can.EDIT_HANDBOOK)
def handbook_chapter_new(request):
    """A new chapter of the organisation's own."""
    row = HandbookChapter(organisation_id=request.practitioner.organisation_id, language=handbook_language())
    return _edit(request, HandbookChapterForm, row, back=reverse("handbook"))


@keeps_typed
@requires(Can.EDIT_HANDBOOK)
def handbook_chapter_edit(request, handbook_chapter_id):
    """Rename a chapter, or give it another place."""
    row = get_object_or_404(HandbookChapter.objects.visible_to(request.practitioner), pk=handbook_chapter_id)
    return _edit(request, HandbookChapterForm, row, back=reverse("handbook-own-chapter", args=[row.pk]))


@keeps_typed
@requires(Can.EDIT_HANDBOOK)
def handbook_paragraph_new(request, beside):
    """A paragraph of the organisation's own beside one of ours."""
    if beside not in paragraph_texts(handbook_language()):
        raise Http404
    about = {"organisation_id": request.practitioner.organisation_id, "language": handbook_language()}
    row = HandbookParagraph(**about, beside=beside)
    return _edit(request, HandbookParagraphForm, row, back=book.paragraph_url(beside))


@keeps_typed
@requires(Can.EDIT_HANDBOOK)
def handbook_own_paragraph_new(request, handbook_chapter_id):
    """A paragraph in a chapter of the organisation's own."""
    chapters = HandbookChapter.objects.visible_to(request.practitioner).standing()
    chapter = get_object_or_404(chapters, pk=handbook_chapter_id)
    row = HandbookParagraph(organisation_id=chapter.organisation_id, chapter=chapter, language=chapter.language)
    return _edit(request, HandbookParagraphForm, row, back=reverse("handbook-own-chapter", args=[chapter.pk]))


@keeps_typed
@requires(Can.EDIT_HANDBOOK)
def handbook_paragraph_edit(request, handbook_paragraph_id):
    """Change a paragraph of the organisation's own."""
    row = _paragraph(request, handbook_paragraph_id)
    return _edit(request, HandbookParagraphForm, row, back=book.own_paragraph_url(row))


def _edit(request, form_class, row, *, back):
    is_new = row._state.adding
    form = form_class(posted(request), instance=row)
    if request.method == "POST" and form.carry_out(book.save_handbook_text, row=row, by=request.practitioner):
        tell_saved(request, form, _("Saved in the handbook."))
        return redirect(_page_of(form.outcome))
    return form_page(request, "sessions_app/handbook_form.html", form, row=None if is_new else row, back=back)


def _page_of(row):
    if isinstance(row, HandbookParagraph):
        return book.own_paragraph_url(row)
    return reverse("handbook-own-chapter", args=[row.pk])


@require_safe
@requires(Can.READ_HANDBOOK)
def handbook_versions(request, handbook_paragraph_id):
    """What a paragraph of the organisation's own was before, and who wrote it when."""
    row = _paragraph(request, handbook_paragraph_id)
    versions = book.versions_of_texts(HandbookParagraph, [row.pk])
    context = {"title": row.title, "versions": versions, "back": book.own_paragraph_url(row)}
    return TemplateResponse(request, "sessions_app/handbook_versions.html", context)


def _paragraph(request, handbook_paragraph_id):
    return get_object_or_404(HandbookParagraph.objects.visible_to(request.practitioner), pk=handbook_paragraph_id)


@require_POST
@requires(Can.EDIT_HANDBOOK)
def handbook_chapter_withdraw(request, handbook_chapter_id):
    """Take a chapter with its paragraphs out of the handbook; one tap brings it back."""
    row = get_object_or_404(HandbookChapter.objects.visible_to(request.practitioner), pk=handbook_chapter_id)
    book.withdraw_handbook_text(row=row)
    tell_done(request, _("The chapter is taken away."), undo=reverse("handbook-chapter-restore", args=[row.pk]))
    return redirect("handbook")


@require_POST
@requires(Can.EDIT_HANDBOOK)
def handbook_chapter_restore(request, handbook_chapter_id):
    row = get_object_or_404(HandbookChapter.objects.visible_to(request.practitioner), pk=handbook_chapter_id)
    book.restore_handbook_text(row=row)
    messages.success(request, _("It is back in the handbook."))
    return redirect("handbook-own-chapter", row.pk)


@require_POST
@requires(Can.EDIT_HANDBOOK)
def handbook_paragraph_withdraw(request, handbook_paragraph_id):
    """Take a paragraph out of the handbook; one tap brings it back."""
    row = _paragraph(request, handbook_paragraph_id)
    book.withdraw_handbook_text(row=row)
    tell_done(request, _("The paragraph is taken away."), undo=reverse("handbook-paragraph-restore", args=[row.pk]))
    return redirect(book.own_paragraph_url(row).partition("#")[0])


@require_POST
@requires(Can.EDIT_HANDBOOK)
def handbook_paragraph_restore(request, handbook_paragraph_id):
    row = _paragraph(request, handbook_paragraph_id)
    book.restore_handbook_text(row=row)
    messages.success(request, _("It is back in the handbook."))
    return redirect(book.own_paragraph_url(row))


@keeps_typed
@requires(Can.EDIT_HANDBOOK)
def handbook_scripts(request):
    """What practitioners here say when they hand a form over; `?language=` chooses in which language."""
    by, language = request.practitioner, _language(request)
    form = ScriptsForm(posted(request), organisation=by.organisation, language=language)
    if request.method == "POST" and form.carry_out(save_scripts, by=by, language=language):
        tell_saved(request, form, _("Saved in the handbook."))
        return redirect(reverse("handbook-scripts", query={"language": language}))
    context = {"language": language, "languages": form_languages()}
    return form_page(request, "sessions_app/handbook_scripts.html", form, **context)


@require_safe
@requires(Can.READ_HANDBOOK)
def handbook_script_versions(request):
    """What the scripts of a language were before, and who wrote them when."""
    language = _language(request)
    rows = HandbookScript.objects.visible_to(request.practitioner).filter(language=language)
    versions = book.versions_of_texts(HandbookScript, rows.values_list("pk", flat=True))
    context = {
        "title": _("What to say"),
        "versions": versions,
        "back": f"{reverse('handbook-scripts')}?language={language}",
    }
    return TemplateResponse(request, "sessions_app/handbook_versions.html", context)


def _language(request):
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else handbook_language()


def form_languages():
    """The languages that scripts are written in: code and name."""
    return HandbookChapter._meta.get_field("language").flatchoices
