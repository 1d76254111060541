"""What an organisation adds to the handbook: its own chapters and paragraphs, scripts and films."""

from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history, without_history
from organisations.models import LabelField, OrganisationQuerySet, Practitioner, TenantModel
from organisations.models.countries import language_choices

LONGEST_TEXT, LONGEST_SCRIPT, LONGEST_CAPTIONS = 6000, 600, 200_000


class WithdrawnQuerySet(OrganisationQuerySet):
    def standing(self):
        """Those that nobody took away."""
        return self.filter(withdrawn_at=None)


@data_classes(words="title", technical="id organisation language place withdrawn_at")
@keep_history()
class HandbookChapter(TenantModel):
    """A chapter of the organisation's own."""

    title = LabelField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=language_choices)
    place = models.PositiveSmallIntegerField(_("place"), default=1)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = WithdrawnQuerySet.as_manager()

    def __str__(self):
        return self.title


@data_classes(words="title text", technical="id organisation chapter beside language place withdrawn_at")
@keep_history()
class HandbookParagraph(TenantModel):
    """A paragraph of the organisation's own: in a chapter of its own, or beside one of our paragraphs (by its key)."""

    chapter = models.ForeignKey(HandbookChapter, models.PROTECT, null=True, editable=False, related_name="paragraphs")
    beside = models.CharField(max_length=40, blank=True, default="", editable=False)
    title = LabelField(_("title"), max_length=120)
    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_TEXT)])
    language = models.CharField(_("language"), max_length=5, choices=language_choices)
    place = models.PositiveSmallIntegerField(_("place"), default=1)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = WithdrawnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(chapter=None) & ~Q(beside="") | Q(chapter__isnull=False, beside=""),
                name="handbook_paragraph_in_one_place",
            )
        ]

    def __str__(self):
        return self.title


class ScriptMoment(models.TextChoices):
    FIRST = "first", _("The first time")
    LATER = "later", _("From the second time on")


class ScriptAudience(models.TextChoices):
    ADULT = "adult", _("From 13 years on")
    CHILD = "child", _("Children from 6 to 12")


@data_classes(words="text", technical="id organisation part moment audience language")
@keep_history()
class HandbookScript(TenantModel):
    """What the organisation's practitioners say when they hand a form over; an empty one gives way to ours."""

    part = models.CharField(max_length=3, choices=[("ors", "ORS"), ("srs", "SRS")])
    moment = models.CharField(max_length=5, choices=ScriptMoment)
    audience = models.CharField(max_length=5, choices=ScriptAudience)
    language = models.CharField(max_length=5)
    text = models.TextField(blank=True, default="", validators=[MaxLengthValidator(LONGEST_SCRIPT)])

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "part", "moment", "audience", "language"], name="handbook_script_once"
            )
        ]


class FilmQuerySet(WithdrawnQuerySet):
    def for_page(self):
        """Without the captions, which the player asks for by itself."""
        return self.standing().defer("captions").order_by("added_at")


@data_classes(
    identity="added_by",
    words="title link captions",
    technical="id organisation beside paragraph kind size captions_language has_speech added_at withdrawn_at",
)
@keep_history(without=("captions",))
class HandbookFilm(TenantModel):
    """A film clip beside one of our paragraphs (by its key) or one of the organisation's own: a file, or a link.

    `kind` is the file's type as its first bytes say it, "" of a link. Captions are WebVTT.
    """

    beside = models.CharField(max_length=40, blank=True, default="", editable=False)
    paragraph = models.ForeignKey(HandbookParagraph, models.PROTECT, null=True, editable=False, related_name="films")
    title = LabelField(_("title"), max_length=120)
    link = models.CharField(
        _("link"), max_length=400, blank=True, default="", validators=[URLValidator(schemes=["https"])]
    )
    kind = models.CharField(max_length=12, blank=True, default="", editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    has_speech = models.BooleanField(default=True)
    captions = models.TextField(blank=True, default="", validators=[MaxLengthValidator(LONGEST_CAPTIONS)])
    captions_language = models.CharField(max_length=5, blank=True, default="")
    added_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = FilmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph=None) & ~Q(beside="") | Q(paragraph__isnull=False, beside=""),
                name="handbook_film_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(link="") & ~Q(kind="") | Q(kind="") & ~Q(link=""), name="handbook_film_file_or_link"
            ),
        ]

    def __str__(self):
        return self.title


@data_classes(identity="content", technical="id organisation film number")
@without_history("a piece of a file, which never changes; it goes when the film has been taken away for a while")
class HandbookFilmPart(TenantModel):
    """A piece of a film's file, so that a few seconds of it are read without the rest; `number` from 0."""

    film = models.ForeignKey(HandbookFilm, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "film", "number"], name="handbook_film_part_once")
        ]
