"""What a series says now: one sentence, a tone, a chip, an advice and one or two questions, all as keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.rules import Level, RuleSet
from sessions_app.measures.rules.alert_spans import AlertSpan, alert_spans
from sessions_app.measures.rules.outcome import NoGain
from sessions_app.measures.series import Rated, Series
from sessions_app.measures.state_filter import is_better
from sessions_app.measures.verdict.keys import Advice, Question, Result, Sentence, Short, Tone
from sessions_app.measures.verdict.patterns import SEE_SAW, Pattern, find_pattern

__all__ = ["Advice", "Question", "Result", "Sentence", "Short", "Tone", "Verdict", "verdict"]

# From which move on (tenths) a line of the outcome is said to have moved most (own proposal).
MOVED = 40
# Before this measurement it is too early to say that nothing has changed (own proposal).
EARLY = 3
# From the middle half of the expected trajectory upwards counts as inside its band, as the chart draws it.
BAND_QUANTILE = 0.25


@dataclass(frozen=True)
class Verdict:
    """The latest state of a series. Keys are translated by the application; numbers are tenths and counts.

    `numbers` holds what exists of: sessions (ORS measured), score, intake, previous, change (since the
    intake), since_last, threshold (reliable change), cutoff, srs, srs_change, expected_since (session
    number), item_change. `also` is a second chip where ORS and SRS both have something to say; `item` the
    ORS line that moved most; named only where both of the last two ORS have marks.
    """

    sentence: Sentence
    tone: Tone
    short: Short
    advice: Advice
    numbers: dict[str, int]
    questions: tuple[Question, ...]
    result: Result
    of: Rated
    also: Short | None = None
    item: str | None = None
    pattern: Pattern | None = None


@dataclass(frozen=True)
class _Saying:
    sentence: Sentence
    tone: Tone
    short: Short
    advice: Advice
    question: Question


_S, _T, _C, _A, _Q = Sentence, Tone, Short, Advice, Question
_SAYINGS: dict[Sentence, _Saying] = {
    saying.sentence: saying
    for saying in (
        _Saying(_S.NO_SCORES, _T.QUIET, _C.NO_SCORES, _A.MEASURE_NEXT_TIME, _Q.WHAT_SHOULD_CHANGE),
        _Saying(_S.NEW, _T.QUIET, _C.NEW, _A.ASK_WHAT_SHOULD_CHANGE, _Q.WHAT_SHOULD_CHANGE),
        _Saying(_S.NEW_ABOVE_CUTOFF, _T.QUIET, _C.NEW_ABOVE_CUTOFF, _A.ASK_WHAT_LED_HERE, _Q.WHAT_LED_HERE),
        _Saying(_S.TOO_EARLY, _T.QUIET, _C.TOO_EARLY, _A.KEEP_MEASURING, _Q.DOES_IT_FIT),
        _Saying(_S.LITTLE_CHANGE, _T.QUIET, _C.NO_CHANGE, _A.KEEP_MEASURING, _Q.DOES_IT_FIT),
        _Saying(_S.DETERIORATED, _T.ACT, _C.DETERIORATED, _A.DISCUSS_AT_TEAM_MEETING, _Q.WHAT_TO_DO_DIFFERENTLY),
        _Saying(_S.BELOW_START, _T.WATCH, _C.BELOW_START, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.ABOVE_START, _T.QUIET, _C.ABOVE_START, _A.KEEP_MEASURING, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.ABOVE_START_CROSSED, _T.QUIET, _C.ABOVE_START, _A.KEEP_MEASURING, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.BELOW_EXPECTED, _T.WATCH, _C.BELOW_EXPECTED, _A.REVIEW_GOALS_AND_METHOD, _Q.DOES_IT_FIT),
        _Saying(_S.SWINGS, _T.WATCH, _C.SWINGS, _A.TALK_ABOUT_WHAT_SHIFTS, _Q.WHAT_SHIFTS),
        _Saying(_S.SUDDEN_DROP, _T.WATCH, _C.SUDDEN_DROP, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.FALL_FROM_BEST, _T.WATCH, _C.FALL_FROM_BEST, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.TARGET_MET, _T.GOOD, _C.TARGET_MET, _A.NEXT_STEP, _Q.WHAT_IS_NEXT),
        _Saying(_S.GAIN_CROSSED_NOW, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_ABOVE, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_STARTED_ABOVE, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_BELOW, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_BELOW_AGAIN, _T.QUIET, _C.RELIABLE_GAIN, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.CROSSED_NOT_RELIABLE, _T.QUIET, _C.OVER_CUTOFF, _A.KEEP_MEASURING, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.NO_CHANGE, _T.WATCH, _C.NO_CHANGE, _A.REVIEW_GOALS_AND_METHOD, _Q.WHAT_TO_DO_DIFFERENTLY),
        _Saying(_S.NO_CHANGE_LATE, _T.ACT, _C.NO_CHANGE, _A.DISCUSS_AT_TEAM_MEETING, _Q.WHO_COULD_HELP),
        _Saying(_S.UNDER_EXPECTED, _T.WATCH, _C.UNDER_EXPECTED, _A.REVIEW_GOALS_AND_METHOD, _Q.DOES_IT_FIT),
        _Saying(_S.STEADY_ABOVE, _T.QUIET, _C.STEADY_ABOVE, _A.ASK_WHAT_LED_HERE, _Q.WHAT_SHOULD_CHANGE),
        _Saying(_S.FELL_BELOW_CUTOFF, _T.WATCH, _C.FELL_BELOW_CUTOFF, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.ALLIANCE_FALLING, _T.ACT, _C.ALLIANCE_FALLING, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_WAS_MISSING),
        _Saying(_S.ALLIANCE_LOW, _T.WATCH, _C.ALLIANCE_LOW, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_COULD_BE_BETTER),
        _Saying(_S.ALLIANCE_DROPPED, _T.WATCH, _C.ALLIANCE_DROPPED, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_WAS_MISSING),
        _Saying(_S.ALLIANCE_LINE_LOW, _T.WATCH, _C.ALLIANCE_LINE_LOW, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_WAS_MISSING),
        _Saying(_S.ALLIANCE_FULL, _T.QUIET, _C.ALLIANCE_FULL, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_COULD_BE_BETTER),
        _Saying(_S.WELLBEING_LOW, _T.WATCH, _C.WELLBEING_LOW, _A.ASK_ABOUT_WELLBEING, _Q.HOW_ARE_THE_DAYS),
        _Saying(_S.ALERT_OPEN, _T.WATCH, _C.ALERT_OPEN, _A.LOOK_AT_ALERTS, _Q.DOES_IT_FIT),
        _Saying(_S.FORM_MISSING, _T.QUIET, _C.FORM_MISSING, _A.FILL_IN_NEXT_TIME, _Q.DOES_IT_FIT),
    )
}
# What is said of an open alert, the first of those that ask for most. Its tone is that of the alert's level.
_OF_RULES: dict[str, Sentence] = {
    "O1": _S.BELOW_START,
    "O4": _S.BELOW_EXPECTED,
    "O2": _S.SUDDEN_DROP,
    "O3": _S.FALL_FROM_BEST,
    "O6": _S.NO_CHANGE,
    "O5": _S.UNDER_EXPECTED,
    "O7": _S.NEW_ABOVE_CUTOFF,
    "O8": _S.TARGET_MET,
    "S4": _S.ALLIANCE_FALLING,
    "S1": _S.ALLIANCE_LOW,
    "S3": _S.ALLIANCE_DROPPED,
    "S2": _S.ALLIANCE_LINE_LOW,
    "W1": _S.WELLBEING_LOW,
    "S5": _S.ALLIANCE_FULL,
    "M1": _S.FORM_MISSING,
}
# Sentences of alerts whose colour is their level's alone; the others have a colour of their own.
_COLOURED_BY_LEVEL = frozenset(_OF_RULES.values()) - {_S.NEW_ABOVE_CUTOFF, _S.TARGET_MET} | {
    _S.DETERIORATED,
    _S.NO_CHANGE_LATE,
    _S.ALERT_OPEN,
}
_TONES = {Level.INFO: Tone.QUIET, Level.AMBER: Tone.WATCH, Level.RED: Tone.ACT}


def worst_tone(levels: Iterable[Level]) -> Tone:
    """Return the tone that the worst of these levels of open alerts asks for; quiet without one.

    The one place that says so: page, Today and mail read it.
    """
    return max((_TONES[level] for level in levels), key=lambda tone: tone.rank, default=Tone.QUIET)


def verdict(series: Series, rules: RuleSet | None = None) -> Verdict:
    """Return what the latest measurements of a series say, by the rules that are on.

    The ORS speaks first. Where an open alert asks for more than that sentence does, the alert takes the sentence
    and the ORS becomes `also`. The tone is never less than the worst level of all open alerts.
    """
    totals = [total for _, total in series.ors_totals()]
    pattern = find_pattern(series)
    opened = {span.rule: span for span in alert_spans(series, rules) if span.is_open or span.closed_by == "ended"}
    asked = worst_tone(span.level for span in opened.values())
    first = _ors_sentence(series, totals, opened, pattern)
    main, also = _SAYINGS[first], _alliance(opened)
    tone = asked if first in _COLOURED_BY_LEVEL else max(main.tone, asked, key=lambda tone: tone.rank)
    if tone.rank > _own_tone(first, opened).rank:
        speaks = _most_pressing(opened)
        if speaks not in (None, first):
            main, also = _SAYINGS[speaks], main.short
    numbers = _numbers(series, totals)
    item, moved = _moved_most(series)
    if item is not None:
        numbers["item_change"] = moved
    questions = (Question.MOVED_MOST, main.question) if item is not None else (main.question,)
    return Verdict(
        sentence=main.sentence,
        tone=tone,
        short=main.short,
        advice=main.advice,
        numbers=numbers,
        questions=questions,
        result=_result(totals, series.cutoff, series.state.noticed),
        of=series.of,
        also=None if also is main.short else also,
        item=item,
        pattern=pattern,
    )


def _own_tone(sentence: Sentence, opened: Mapping[str, AlertSpan]) -> Tone:
    """Return the tone of a sentence by itself: that of its alert's level where it speaks of one."""
    if sentence not in _COLOURED_BY_LEVEL:
        return _SAYINGS[sentence].tone
    return worst_tone(span.level for rule, span in opened.items() if _sentence_of(span) is sentence)


def _sentence_of(span: AlertSpan) -> Sentence:
    """Return what is said of an alert in one sentence."""
    if span.sentence == "worse_confirmed":
        return Sentence.DETERIORATED
    if span.rule == NoGain.key and span.level is Level.RED:
        return Sentence.NO_CHANGE_LATE
    return _OF_RULES.get(span.rule, Sentence.ALERT_OPEN)


def _most_pressing(opened: Mapping[str, AlertSpan]) -> Sentence:
    """Return what is said of the alert that asks for most."""
    order = (*_OF_RULES, *opened)
    return _sentence_of(min(opened.values(), key=lambda span: (-span.level.rank, order.index(span.rule))))


def _ors_sentence(
    series: Series, totals: list[int], opened: Mapping[str, AlertSpan], pattern: Pattern | None
) -> Sentence:
    """Choose the one sentence about the ORS: what asks for most first, then progress, then waiting."""
    if not totals:
        return Sentence.NO_SCORES
    if len(totals) == 1:
        return Sentence.NEW_ABOVE_CUTOFF if totals[0] >= series.cutoff else Sentence.NEW
    gained = totals[-1] - totals[0] >= series.reliable_change
    if "O1" in opened:
        return _sentence_of(opened["O1"])
    if "O4" in opened and opened["O4"].level is Level.RED:
        return Sentence.BELOW_EXPECTED
    if pattern is not None and pattern.rule == SEE_SAW and not gained:
        return Sentence.SWINGS
    for rule in ("O2", "O3", "O8"):
        # What may be the scatter of one score takes no sentence from a gain.
        if rule in opened and (rule == "O8" or not gained or opened[rule].level is not Level.INFO):
            return _sentence_of(opened[rule])
    if gained:
        return _gain_sentence(series, totals)
    return _without_gain(totals, series.cutoff, opened)


def _gain_sentence(series: Series, totals: list[int]) -> Sentence:
    """Say whether a gain is confirmed as progress, and where it stands against the cut-off."""
    cutoff, above = series.cutoff, totals[-1] >= series.cutoff
    if not is_better(series.state, totals):
        return Sentence.ABOVE_START_CROSSED if totals[0] < cutoff and above else Sentence.ABOVE_START
    if totals[0] >= cutoff:
        return Sentence.GAIN_STARTED_ABOVE
    been_above = max(totals[:-1]) >= cutoff
    if above:
        return Sentence.GAIN_ABOVE if been_above else Sentence.GAIN_CROSSED_NOW
    return Sentence.GAIN_BELOW_AGAIN if been_above else Sentence.GAIN_BELOW


def _without_gain(totals: list[int], cutoff: int, opened: Mapping[str, AlertSpan]) -> Sentence:
    """Say what stands where there is neither a reliable gain nor a reliable fall."""
    below_now = totals[-1] < cutoff
    if totals[0] < cutoff and not below_now:
        return Sentence.CROSSED_NOT_RELIABLE
    for rule in ("O6", "O4", "O5"):
        if rule in opened:
            return _sentence_of(opened[rule])
    if totals[0] < cutoff:
        return Sentence.TOO_EARLY if len(totals) < EARLY else Sentence.LITTLE_CHANGE
    return Sentence.FELL_BELOW_CUTOFF if below_now else Sentence.STEADY_ABOVE


def _alliance(opened: Mapping[str, AlertSpan]) -> Short | None:
    """Return the chip of what the alliance asks for, None where that is nothing."""
    return next((_SAYINGS[_OF_RULES[rule]].short for rule in ("S4", "S1", "S3") if rule in opened), None)


def _numbers(series: Series, totals: list[int]) -> dict[str, int]:
    numbers = {"sessions": len(totals), "cutoff": series.cutoff, "threshold": series.reliable_change}
    if totals:
        numbers |= {"score": totals[-1], "intake": totals[0], "change": totals[-1] - totals[0]}
    if len(totals) > 1:
        numbers |= {"previous": totals[-2], "since_last": totals[-1] - totals[-2]}
    alliance = [total for _, total in series.srs_totals()]
    if alliance:
        numbers["srs"] = alliance[-1]
    if len(alliance) > 1:
        numbers["srs_change"] = alliance[-1] - alliance[-2]
    if since := _expected_since(series, totals):
        numbers["expected_since"] = since
    return numbers


def _expected_since(series: Series, totals: list[int]) -> int:
    """Return the measurement from which every score has been inside the expected band or above it; 0 if none.

    The band's edge is held at the highest it has reached, as the chart draws it.
    """
    since, edge = 0, 0.0
    if series.model is None:
        return since
    for number in range(2, len(totals) + 1):
        edge = max(edge, series.model.band(totals[0], number, BAND_QUANTILE))
        since = 0 if totals[number - 1] < edge else since or number
    return since


def _moved_most(series: Series) -> tuple[str | None, int]:
    """Return the outcome line that moved most between the last two ORS, and by how much; both need marks."""
    marks = [session.ors_marks for session, _ in series.ors_totals()][-2:]
    if len(marks) < 2 or marks[0] is None or marks[1] is None:
        return None, 0
    moves = [now - before for before, now in zip(marks[0], marks[1], strict=True)]
    largest = max(moves, key=abs)
    if abs(largest) < MOVED:
        return None, 0
    return FAMILY[series.of.outcome].items[moves.index(largest)], largest


def _result(totals: list[int], cutoff: int, noticed: int) -> Result:
    """Choose what is said to the client: better or harder only from `noticed` (tenths) on."""
    if not totals:
        return Result.NOTHING_YET
    above = totals[-1] >= cutoff
    if len(totals) == 1:
        return Result.FIRST_ABOVE_CUTOFF if above else Result.FIRST
    since = totals[-1] - totals[-2]
    if since <= -noticed:
        return Result.WORSE_BELOW_NOW if totals[-2] >= cutoff and not above else Result.WORSE
    if since < noticed:
        return Result.SAME
    if above and totals[-2] < cutoff:
        return Result.BETTER_ABOVE_AGAIN if max(totals[:-1]) >= cutoff else Result.BETTER_FIRST_TIME_ABOVE
    return Result.BETTER
