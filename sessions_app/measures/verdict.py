"""What a series says now: one sentence, a tone, a chip, an advice and one or two questions, all as keys."""

from dataclasses import dataclass

from sessions_app.measures.alerts import Hit, evaluate, lives
from sessions_app.measures.instruments import FAMILY
from sessions_app.measures.patterns import SEE_SAW, Pattern, find_pattern
from sessions_app.measures.rules import Level, RuleSet
from sessions_app.measures.series import Rated, Series
from sessions_app.measures.verdict_keys import Advice, Question, Result, Sentence, Short, Tone

__all__ = ["Advice", "Question", "Result", "Sentence", "Short", "Tone", "Verdict", "verdict"]

# A point in either direction is called better or worse than last time (own proposal; the sentence claims no
# reliable change, the verdict does that).
NOTICEABLE = 10
# From the middle half of the expected trajectory upwards counts as on line with it, as the chart draws it.
ON_LINE_QUANTILE = 0.25


@dataclass(frozen=True)
class Verdict:
    """The latest state of a series. Keys are translated by the application; numbers are tenths and counts.

    `numbers` holds what exists of: sessions (ORS measured), score, intake, previous, change (since the
    intake), since_last, threshold (reliable change), cutoff, srs, srs_change, expected_since (session
    number), item_change. `also` is a second chip where ORS and SRS both have something to say; `item` the
    ORS line that moved most.
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
        _Saying(_S.DETERIORATED, _T.ACT, _C.DETERIORATED, _A.DISCUSS_AT_TEAM_MEETING, _Q.WHAT_TO_DO_DIFFERENTLY),
        _Saying(_S.BELOW_EXPECTED, _T.WATCH, _C.BELOW_EXPECTED, _A.REVIEW_GOALS_AND_METHOD, _Q.DOES_IT_FIT),
        _Saying(_S.SWINGS, _T.WATCH, _C.SWINGS, _A.TALK_ABOUT_WHAT_SHIFTS, _Q.WHAT_SHIFTS),
        _Saying(_S.SUDDEN_DROP, _T.WATCH, _C.SUDDEN_DROP, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.FALL_FROM_BEST, _T.WATCH, _C.FALL_FROM_BEST, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.TARGET_MET, _T.GOOD, _C.TARGET_MET, _A.PLAN_ENDING, _Q.WHAT_AFTER_THIS),
        _Saying(_S.GAIN_CROSSED_NOW, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_ABOVE, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_STARTED_ABOVE, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_BELOW, _T.GOOD, _C.RELIABLE_GAIN, _A.NEXT_STEP, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.GAIN_BELOW_AGAIN, _T.GOOD, _C.RELIABLE_GAIN, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.CROSSED_NOT_RELIABLE, _T.QUIET, _C.OVER_CUTOFF, _A.KEEP_MEASURING, _Q.WHAT_MADE_IT_LAST),
        _Saying(_S.NO_CHANGE, _T.WATCH, _C.NO_CHANGE, _A.REVIEW_GOALS_AND_METHOD, _Q.WHAT_TO_DO_DIFFERENTLY),
        _Saying(_S.NO_CHANGE_LATE, _T.ACT, _C.NO_CHANGE, _A.DISCUSS_AT_TEAM_MEETING, _Q.WHO_COULD_HELP),
        _Saying(_S.UNDER_EXPECTED, _T.WATCH, _C.UNDER_EXPECTED, _A.REVIEW_GOALS_AND_METHOD, _Q.DOES_IT_FIT),
        _Saying(_S.STEADY_ABOVE, _T.QUIET, _C.STEADY_ABOVE, _A.ASK_WHAT_LED_HERE, _Q.WHAT_SHOULD_CHANGE),
        _Saying(_S.FELL_BELOW_CUTOFF, _T.WATCH, _C.FELL_BELOW_CUTOFF, _A.ASK_WHAT_HAPPENED, _Q.WHAT_HAPPENED),
        _Saying(_S.ALLIANCE_FALLING, _T.ACT, _C.ALLIANCE_FALLING, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_WAS_MISSING),
        _Saying(_S.ALLIANCE_LOW, _T.WATCH, _C.ALLIANCE_LOW, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_COULD_BE_BETTER),
        _Saying(_S.ALLIANCE_DROPPED, _T.WATCH, _C.ALLIANCE_DROPPED, _A.ASK_ABOUT_ALLIANCE, _Q.WHAT_WAS_MISSING),
    )
}


def verdict(series: Series, rules: RuleSet | None = None) -> Verdict:
    """Return what the latest ORS and SRS of a series say, by the rules that are on.

    The ORS speaks first; where the alliance needs more than the ORS does, its saying takes the sentence and
    the ORS becomes `also`. A first SRS below its cut-off changes no tone: a low start that rises is a good
    sign.
    """
    rules = rules or series.rules
    totals = [total for _, total in series.ors_totals()]
    pattern = find_pattern(series)
    hits = evaluate(series, rules)
    main = _SAYINGS[_ors_sentence(series, rules, totals, hits, pattern)]
    tone = max(main.tone, _ors_level_tone(series, rules, hits), key=lambda tone: tone.rank)
    alliance, first_srs = _alliance(series, hits), len(list(series.srs_totals())) == 1
    also = _SAYINGS[alliance].short if alliance else None
    if alliance and not first_srs and _SAYINGS[alliance].tone.rank > tone.rank:
        also, main = main.short, _SAYINGS[alliance]
        tone = main.tone
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
        result=_result(totals, series.cutoff),
        of=series.of,
        also=also,
        item=item,
        pattern=pattern,
    )


def _ors_sentence(
    series: Series, rules: RuleSet, totals: list[int], hits: tuple[Hit, ...], pattern: Pattern | None
) -> Sentence:
    """Choose the one sentence about the ORS: what asks for most first, then progress, then waiting."""
    if not totals:
        return Sentence.NO_SCORES
    if len(totals) == 1:
        return Sentence.NEW_ABOVE_CUTOFF if totals[0] >= series.cutoff else Sentence.NEW
    now = _hits_now(series, hits, "ors")
    gained = totals[-1] - totals[0] >= series.reliable_change
    if "O1" in now:
        return Sentence.DETERIORATED
    if "O4" in now and now["O4"].level is Level.RED:
        return Sentence.BELOW_EXPECTED
    if pattern is not None and pattern.rule == SEE_SAW and not gained:
        return Sentence.SWINGS
    for rule, sentence in (
        ("O2", Sentence.SUDDEN_DROP),
        ("O3", Sentence.FALL_FROM_BEST),
        ("O8", Sentence.TARGET_MET),
    ):
        if rule in now:
            return sentence
    if gained:
        return _gain_sentence(totals, series.cutoff)
    return _without_gain(series, rules, totals, now)


def _gain_sentence(totals: list[int], cutoff: int) -> Sentence:
    """Say where a reliable gain stands against the cut-off."""
    if totals[0] >= cutoff:
        return Sentence.GAIN_STARTED_ABOVE
    been_above = max(totals[:-1]) >= cutoff
    if totals[-1] >= cutoff:
        return Sentence.GAIN_ABOVE if been_above else Sentence.GAIN_CROSSED_NOW
    return Sentence.GAIN_BELOW_AGAIN if been_above else Sentence.GAIN_BELOW


def _without_gain(series: Series, rules: RuleSet, totals: list[int], now: dict[str, Hit]) -> Sentence:
    """Say what stands where there is neither a reliable gain nor a reliable fall."""
    below_now = totals[-1] < series.cutoff
    if totals[0] < series.cutoff and not below_now:
        return Sentence.CROSSED_NOT_RELIABLE
    if totals[0] < series.cutoff:
        stuck = [life for life in lives(series, rules) if life.rule == "O6" and life.closed_by in ("", "ended")]
        if stuck:
            return Sentence.NO_CHANGE_LATE if stuck[-1].level is Level.RED else Sentence.NO_CHANGE
    if "O4" in now:
        return Sentence.BELOW_EXPECTED
    if "O5" in now:
        return Sentence.UNDER_EXPECTED
    if totals[0] < series.cutoff:
        return Sentence.TOO_EARLY
    return Sentence.FELL_BELOW_CUTOFF if below_now else Sentence.STEADY_ABOVE


def _hits_now(series: Series, hits: tuple[Hit, ...], measure: str) -> dict[str, Hit]:
    """Return the hits at the latest session with that measure, by rule."""
    measured = list(series.ors_totals() if measure == "ors" else series.srs_totals())
    latest = measured[-1][0].key if measured else None
    return {hit.rule: hit for hit in hits if hit.session == latest}


def _ors_level_tone(series: Series, rules: RuleSet, hits: tuple[Hit, ...]) -> Tone:
    """Return the tone the ORS rules ask for, whatever the sentence speaks of.

    Act where a rule on the latest ORS is red; the level of O6 while its alert is open, also in its silence.
    """
    levels = {hit.level for hit in _hits_now(series, hits, "ors").values() if hit.rule[0] == "O"}
    no_gain = _open_no_gain(series, rules)
    if Level.RED in levels or no_gain is Level.RED:
        return Tone.ACT
    return Tone.WATCH if no_gain is Level.AMBER else Tone.QUIET


def _open_no_gain(series: Series, rules: RuleSet) -> Level | None:
    """Return the level of an O6 that nothing but the end of the episode has closed."""
    last = [life for life in lives(series, rules) if life.rule == "O6" and life.closed_by in ("", "ended")]
    return last[-1].level if last else None


def _alliance(series: Series, hits: tuple[Hit, ...]) -> Sentence | None:
    now = _hits_now(series, hits, "srs")
    for rule, sentence in (
        ("S4", Sentence.ALLIANCE_FALLING),
        ("S1", Sentence.ALLIANCE_LOW),
        ("S3", Sentence.ALLIANCE_DROPPED),
    ):
        if rule in now:
            return sentence
    return None


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
    """Return the session from which every score has been on line with the expected or above it; 0 if none."""
    since = 0
    if series.model is None:
        return since
    for number in range(len(totals), 1, -1):
        if totals[number - 1] < series.model.band(totals[0], number, ON_LINE_QUANTILE):
            break
        since = number
    return since


def _moved_most(series: Series) -> tuple[str | None, int]:
    """Return the outcome line that moved most between the last two sessions with marks, and by how much."""
    marks = [session.ors_marks for session in series.sorted() if session.ors_marks is not None]
    if len(marks) < 2:
        return None, 0
    moves = [now - before for before, now in zip(marks[-2], marks[-1], strict=True)]
    largest = max(moves, key=abs)
    if abs(largest) < NOTICEABLE:
        return None, 0
    return FAMILY[series.of.outcome].items[moves.index(largest)], largest


def _result(totals: list[int], cutoff: int) -> Result:
    if not totals:
        return Result.NOTHING_YET
    above = totals[-1] >= cutoff
    if len(totals) == 1:
        return Result.FIRST_ABOVE_CUTOFF if above else Result.FIRST
    since = totals[-1] - totals[-2]
    if since <= -NOTICEABLE:
        return Result.WORSE_BELOW_NOW if totals[-2] >= cutoff and not above else Result.WORSE
    if since < NOTICEABLE:
        return Result.SAME
    if above and totals[-2] < cutoff:
        return Result.BETTER_ABOVE_AGAIN if max(totals[:-1]) >= cutoff else Result.BETTER_FIRST_TIME_ABOVE
    return Result.BETTER
