"""What an organisation publishes of its own expected courses, and which of others it uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from organisations.models import Practitioner
from reports.trajectory.versions import stratum_name
from sessions_app.measures.trajectory.model import Model
from sessions_app.measures.trajectory.shared_file import PUBLISHED_FROM, read_shared
from sessions_app.models import PublishedCourse, SharedCourse, TrajectoryFit
from sessions_app.texts.points import points

LARGEST = 100 * 1024  # bytes: a file has some hundred numbers
SHOWN_AT = (150, 5)  # first score and session whose middle is shown, so that courses can be compared


class SharedFileForm(forms.Form):
    """A file that another organisation has published."""

    file = forms.FileField(
        label=lazy("File of another organisation"),
        max_length=200,
        help_text=lazy("A .json file that another organisation has made on this page."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"empty": lazy("The file is empty.")},
    )

    def clean_file(self):
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is too large to be one of an expected course."))
        return file


@dataclass(frozen=True)
class OwnCourse:
    """A stratum's own course: whether it can be published, and the file where there is one; `missing` episodes."""

    fit: TrajectoryFit
    name: str
    published: PublishedCourse | None
    missing: int


@dataclass(frozen=True)
class OthersCourse:
    """A file of another organisation: for whom, from how many closed episodes, the middle at SHOWN_AT."""

    row: SharedCourse
    name: str
    episodes: int
    years: str
    middle: str


def sharing_context(by: Practitioner) -> dict[str, Any]:
    """The page: own courses, files of others in use, those put aside."""
    published = {row.fit_id: row for row in PublishedCourse.objects.visible_to(by).defer("document")}
    fits = [fit for fit in TrajectoryFit.objects.visible_to(by).current() if _is_own(fit)]
    rows = list(SharedCourse.objects.visible_to(by).order_by("instrument", "rater", "age_band", "publisher", "pk"))
    return {
        "own": [_own(fit, published) for fit in fits],
        "used": [_others(row) for row in rows if row.put_aside_at is None],
        "aside": [_others(row) for row in rows if row.put_aside_at is not None],
        "from_episodes": PUBLISHED_FROM,
    }


def own_fits(by: Practitioner) -> Sequence[TrajectoryFit]:
    """The newest own course of each stratum that rests on enough closed episodes to be published."""
    fits = TrajectoryFit.objects.visible_to(by).current()
    return [fit for fit in fits if _is_own(fit) and fit.n_closed >= PUBLISHED_FROM]


def _is_own(fit: TrajectoryFit) -> bool:
    return bool(fit.model) and not Model.from_json(fit.model or {}).is_shared


def _own(fit: TrajectoryFit, published: dict[Any, PublishedCourse]) -> OwnCourse:
    name = stratum_name((fit.instrument, fit.rater, fit.age_band))
    return OwnCourse(fit, name, published.get(fit.pk), max(0, PUBLISHED_FROM - fit.n_closed))


def _others(row: SharedCourse) -> OthersCourse:
    model = read_shared(row.document).model
    return OthersCourse(
        row=row,
        name=stratum_name((row.instrument, row.rater, row.age_band)),
        episodes=model.closed_episodes,
        years="\N{EN DASH}".join(dict.fromkeys(model.window)),
        middle=points(round(model.band(*SHOWN_AT, 0.5))),
    )
