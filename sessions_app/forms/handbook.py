"""Forms of the handbook: chapters, paragraphs, scripts and films of the organisation's own."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm, VersionedForm
from organisations.edits.last_change import LastChange, last_change
from organisations.models import Organisation
from organisations.models.countries import language_choices
from sessions_app.models import HandbookChapter, HandbookFilm, HandbookParagraph, ScriptAudience, ScriptMoment
from sessions_app.models.handbook import LONGEST_CAPTIONS, LONGEST_SCRIPT
from sessions_app.services.handbook_films import LARGEST, captions_text
from sessions_app.services.handbook_scripts import NAMES, our_script, own_scripts, script_name, script_row

TEXT = forms.Textarea(attrs={"rows": 12, "dir": "auto"})
MARKDOWN = _("A blank line begins a new paragraph. “- ” begins a list, **bold**, [words](https://…) a link.")


class HandbookChapterForm(VersionedForm, forms.ModelForm):
    """A chapter of the organisation's own."""

    class Meta:
        model = HandbookChapter
        fields = ("title", "language", "place")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].help_text = _("1 stands first.")
        self.add_version_of_row()


class HandbookParagraphForm(VersionedForm, forms.ModelForm):
    """A paragraph of the organisation's own."""

    class Meta:
        model = HandbookParagraph
        fields = ("title", "text", "language", "place")
        widgets = {"text": TEXT}
        help_texts = {"text": MARKDOWN}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].help_text = _("1 stands first.")
        self.add_version_of_row()


class ScriptsForm(VersionedForm):
    """What is said while a form is handed over, in one language; below each field what Medspil says without it."""

    def __init__(self, *args: Any, organisation: Organisation, language: str, **kwargs: Any):
        stored = own_scripts(organisation, language)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.organisation = organisation
        for part, moment, audience in NAMES:
            self.fields[script_name(part, moment, audience, language)] = forms.CharField(
                label=f"{part.upper()} · {ScriptMoment(moment).label} · {ScriptAudience(audience).label}",
                required=False,
                max_length=LONGEST_SCRIPT,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "lang": language}),
                help_text=our_script(part, moment, audience, language),
            )
        self.add_version(organisation, stored)

    def last_change(self, name: str) -> LastChange | None:
        row = script_row(self.organisation, name)
        return last_change(row, "text") if row else None


class HandbookFilmForm(ServedForm):
    """A film: a file with its captions, or a link where the operator allows some."""

    title = forms.CharField(label=_("Title"), max_length=120)
    file = forms.FileField(
        label=_("Film"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "video/mp4,video/webm"}),
        help_text=_("MP4 or WebM, 48 MB at most. Show no client who has not agreed to it."),
    )
    captions = forms.FileField(
        label=_("Captions"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
        help_text=_("A file in WebVTT (.vtt), for those who do not hear, and where the sound is off."),
    )
    captions_language = forms.ChoiceField(label=_("Language of the captions"), choices=language_choices)
    is_silent = forms.BooleanField(label=_("Nobody speaks in it, so it needs no captions"), required=False)
    link = forms.CharField(label=_("or a link"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if settings.HANDBOOK_FILM_HOSTS:
            self.fields["link"].help_text = _("To %(hosts)s. It opens in a window of its own.") % {
                "hosts": ", ".join(settings.HANDBOOK_FILM_HOSTS)
            }
        else:
            del self.fields["link"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise ValidationError(_("The film is too large: 48 MB at most."))
        return file

    def clean_captions(self) -> str:
        file = self.cleaned_data["captions"]
        if not file:
            return ""
        if file.size > LONGEST_CAPTIONS:
            raise ValidationError(_("The captions are too long."))
        return captions_text(file.read())

    def clean(self):
        given = super().clean() or {}
        file, link = given.get("file"), given.get("link", "")
        if bool(file) == bool(link) and "file" not in self.errors:
            both = _("Choose a file or a link, not both.")
            self.add_error("file", both if file else _("Choose a film first."))
        elif file and not given.get("captions") and not given.get("is_silent") and "captions" not in self.errors:
            self.add_error("captions", _("Add captions, or say that nobody speaks in it."))
        return given

    def film(self, **about: Any) -> HandbookFilm:
        """The film as it is to be stored, beside what `about` names."""
        given = self.cleaned_data
        with_captions = bool(given["captions"])
        return HandbookFilm(
            title=given["title"],
            link=given.get("link", ""),
            captions=given["captions"] if given["file"] else "",
            captions_language=given["captions_language"] if with_captions else "",
            has_speech=not given["is_silent"],
            **about,
        )
