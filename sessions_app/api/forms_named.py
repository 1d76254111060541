"""Which form is meant, and what was answered on it, as the API writes both."""

import re
from typing import Any

from django.utils.translation import gettext as now
from rest_framework import serializers

from organisations.api.fields import StrictSerializer, Tenths, VisibleField
from sessions_app.measures import marks as parsing
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT, FAMILY
from sessions_app.models import EntryMode, Session
from sessions_app.services.ratings import Answer, answer_of
from sessions_app.texts.marks import MARK_ERRORS, TOTAL_ERRORS, mark_error, nothing_written, other_total, total_error
from sessions_app.wording.choice import pack_named, words_answered, words_in_use

SCORED = {key: instrument for key, instrument in FAMILY.items() if instrument.scored}
MOST_MARK = max(instrument.mark_max for instrument in SCORED.values())
MOST_TOTAL = max(instrument.total_max for instrument in SCORED.values())
MOST_LINES = max(len(instrument.items) for instrument in SCORED.values())
RAW = [one for one in SCORED.values() if one.is_choice]
OF_MARKS = "".join(f"; {one.short}: raw points, 0-{one.mark_max}" for one in RAW)
OF_TOTALS = "".join(f"; {one.short}: raw points, 0-{one.total_max}" for one in RAW)
FORMS = sorted(
    FormKey(key, rater).key
    for key, instrument in SCORED.items()
    if CLIENT in instrument.raters  # what practitioners say about their supervision is no client's
    for rater in instrument.raters
)
NUMBERED = re.compile(r"(?P<named>[a-z0-9]+:[a-z]+)-[1-9][0-9]?", re.ASCII)  # the second teacher
# What can be left out with a reason: the client's own outcome and alliance forms.
SKIPPABLE = [detail for detail in FORMS if (form := FormKey.parse(detail)).by_client and form.part]


class FormField(serializers.ChoiceField):
    """A scored form: its instrument, and who filled it in if it was not the client ("ors", "cors:mother").

    The second of a relation has a number behind it: "cors:teacher-2".
    """

    def __init__(self, choices: list[str] = FORMS, **kwargs: Any):
        super().__init__(choices=choices, **kwargs)

    def to_internal_value(self, data: Any) -> FormKey:
        second = NUMBERED.fullmatch(data) if isinstance(data, str) else None
        named = super().to_internal_value(second["named"] if second else data)
        return FormKey.parse(data if second else named)


OUT_OF_RANGE = dict.fromkeys(("min_value", "max_value"), MARK_ERRORS[parsing.RANGE])


class AnswerIn(StrictSerializer):
    """Either every mark in the order of the instrument's lines, or (from paper) only the total."""

    marks = serializers.ListField(
        child=Tenths(min_value=0, max_value=MOST_MARK, error_messages=OUT_OF_RANGE),
        min_length=1,
        max_length=MOST_LINES,
        required=False,
        help_text=f"Tenths of a point (0-100{OF_MARKS}), in the order of the instrument's lines.",
    )
    total = Tenths(
        min_value=0,
        max_value=MOST_TOTAL,
        required=False,
        error_messages=dict.fromkeys(("min_value", "max_value"), TOTAL_ERRORS[parsing.RANGE]),
        help_text=f"Tenths of a point (0-400{OF_TOTALS}); beside marks it must be their sum.",
    )


def answer_from(fields: dict[str, Any], form: FormKey) -> Answer:
    """The answer in cleaned fields of AnswerIn, which it takes out; the sentences are those of the pages' forms."""
    marks, total = fields.pop("marks", None), fields.pop("total", None)
    about = form.instrument
    if marks is None and total is None:
        raise serializers.ValidationError({"marks": [nothing_written(about)]})
    if marks is None:
        if total > about.total_max:
            raise serializers.ValidationError({"total": [total_error(parsing.RANGE, about)]})
        return Answer(None, total)
    if len(marks) != len(about.items):
        count = {"count": len(about.items)}
        raise serializers.ValidationError({"marks": [now("The form has %(count)d lines.") % count]})
    if max(marks) > about.mark_max:
        raise serializers.ValidationError({"marks": [mark_error(parsing.RANGE, about)]})
    answer = answer_of(marks)
    if total is not None and total != answer.total:
        raise serializers.ValidationError({"total": [other_total(about)]})
    return answer


def words_from(fields: dict[str, Any], session: Session, form: FormKey) -> dict[str, str] | None:
    """Pack and language of the words that were answered, from cleaned fields of RatingIn; None where nobody knows."""
    about = {"organisation_id": session.organisation_id, "form": form, "language": session.client.form_language}
    name = fields.pop("pack", None)
    if name is None:
        return None if fields["entry_mode"] == EntryMode.DEVICE else words_in_use(**about)
    if name and not pack_named(organisation_id=session.organisation_id, instrument=form.instrument_key, name=name):
        raise serializers.ValidationError({"pack": [VisibleField.default_error_messages["does_not_exist"]]})
    return words_answered(**about, name=name)
