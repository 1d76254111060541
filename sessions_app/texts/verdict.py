"""The verdict's keys in words of the reader's language. One sentence for each key; a test compares the lists."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from sessions_app.measures.verdict.keys import Advice, Question, Result, Sentence, Short
from sessions_app.measures.verdict.verdict import Verdict
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import points, signed

SENTENCES = {
    Sentence.NO_SCORES: lazy("No curve yet: nothing has been marked."),
    Sentence.NEW: lazy("A first mark. The curve begins here."),
    Sentence.NEW_ABOVE_CUTOFF: lazy("A first mark, above the cut-off."),
    Sentence.TOO_EARLY: lazy("Too early to say."),
    Sentence.LITTLE_CHANGE: lazy("Less than %(threshold)s points from the start, below the cut-off."),
    Sentence.DETERIORATED: lazy("Lower than at the start, confirmed by several measurements."),
    Sentence.BELOW_START: lazy("%(threshold)s points or more below the start."),
    Sentence.ABOVE_START: lazy("%(threshold)s points or more above the start; not confirmed as progress yet."),
    Sentence.ABOVE_START_CROSSED: lazy(
        "%(threshold)s points or more above the start, and above the cut-off; not confirmed as progress yet."
    ),
    Sentence.BELOW_EXPECTED: lazy("Clearly below what is expected."),
    Sentence.SWINGS: lazy("It swings up and down."),
    Sentence.SUDDEN_DROP: lazy("%(threshold)s points or more below the last time."),
    Sentence.FALL_FROM_BEST: lazy("%(threshold)s points or more below its best."),
    Sentence.TARGET_MET: lazy("On the expected course or above it, several times in a row."),
    Sentence.GAIN_CROSSED_NOW: lazy("Progress, and above the cut-off for the first time."),
    Sentence.GAIN_ABOVE: lazy("Progress, and above the cut-off."),
    Sentence.GAIN_STARTED_ABOVE: lazy("Progress from a start above the cut-off."),
    Sentence.GAIN_BELOW: lazy("Progress, still below the cut-off."),
    Sentence.GAIN_BELOW_AGAIN: lazy("Progress since the start, but below the cut-off again."),
    Sentence.CROSSED_NOT_RELIABLE: lazy("Above the cut-off; less than %(threshold)s points from the start."),
    Sentence.NO_CHANGE: lazy("No reliable change yet."),
    Sentence.NO_CHANGE_LATE: lazy("No reliable change after many measurements."),
    Sentence.UNDER_EXPECTED: lazy("Somewhat below what is expected."),
    Sentence.STEADY_ABOVE: lazy("Above the cut-off, less than %(threshold)s points from the start."),
    Sentence.FELL_BELOW_CUTOFF: lazy("Started above the cut-off, now below it."),
    Sentence.ALLIANCE_FALLING: lazy("The %(alliance)s has fallen over the last measurements."),
    Sentence.ALLIANCE_LOW: lazy("The %(alliance)s is below its cut-off."),
    Sentence.ALLIANCE_DROPPED: lazy("The %(alliance)s is clearly lower than at the meetings before."),
    Sentence.ALLIANCE_LINE_LOW: lazy("A line of the %(alliance)s is marked low."),
    Sentence.ALLIANCE_FULL: lazy("The %(alliance)s was full several times in a row."),
    Sentence.WELLBEING_LOW: lazy("The WHO-5 is low or has fallen."),
    Sentence.FORM_MISSING: lazy("A form is missing."),
    Sentence.OVERDUE: lazy("Something that was agreed is late."),
    Sentence.ALERT_OPEN: lazy("There is something to talk about."),
}

SHORTS = {
    Short.NO_SCORES: lazy("Nothing marked yet"),
    Short.NEW: lazy("New"),
    Short.NEW_ABOVE_CUTOFF: lazy("New · starts above the cut-off"),
    Short.TOO_EARLY: lazy("Too early to say"),
    Short.DETERIORATED: lazy("Lower, confirmed"),
    Short.BELOW_START: lazy("Below the start"),
    Short.ABOVE_START: lazy("Above the start"),
    Short.BELOW_EXPECTED: lazy("Below the expected"),
    Short.SWINGS: lazy("Swings up and down"),
    Short.SUDDEN_DROP: lazy("Sudden drop"),
    Short.FALL_FROM_BEST: lazy("Fallen from the best"),
    Short.TARGET_MET: lazy("Expected course reached"),
    Short.RELIABLE_GAIN: pgettext_lazy("chip", "Progress"),
    Short.OVER_CUTOFF: lazy("Above the cut-off"),
    Short.NO_CHANGE: lazy("No change"),
    Short.UNDER_EXPECTED: lazy("A little under the expected"),
    Short.STEADY_ABOVE: lazy("Above the cut-off"),
    Short.FELL_BELOW_CUTOFF: lazy("Below the cut-off now"),
    Short.ALLIANCE_FALLING: pgettext_lazy("chip", "alliance falling"),
    Short.ALLIANCE_LOW: pgettext_lazy("chip", "alliance low"),
    Short.ALLIANCE_DROPPED: pgettext_lazy("chip", "alliance dropped"),
    Short.ALLIANCE_LINE_LOW: pgettext_lazy("chip", "low line"),
    Short.ALLIANCE_FULL: pgettext_lazy("chip", "alliance full"),
    Short.WELLBEING_LOW: pgettext_lazy("chip", "WHO-5 low"),
    Short.FORM_MISSING: pgettext_lazy("chip", "form missing"),
    Short.OVERDUE: pgettext_lazy("chip", "late"),
    Short.ALERT_OPEN: pgettext_lazy("chip", "to talk about"),
}

ADVICE = {
    Advice.MEASURE_NEXT_TIME: lazy("Begin with the %(outcome)s next time"),
    Advice.ASK_WHAT_SHOULD_CHANGE: lazy("Ask what should change"),
    Advice.ASK_WHAT_LED_HERE: lazy("Ask what led here"),
    Advice.KEEP_MEASURING: lazy("Keep measuring"),
    Advice.DISCUSS_AT_TEAM_MEETING: lazy("Discuss at the team meeting"),
    Advice.REVIEW_GOALS_AND_METHOD: lazy("Review goals and method"),
    Advice.TALK_ABOUT_WHAT_SHIFTS: lazy("Talk about what shifts"),
    Advice.ASK_WHAT_HAPPENED: lazy("Ask what happened"),
    Advice.NEXT_STEP: lazy("Talk about the next step"),
    Advice.ASK_ABOUT_ALLIANCE: lazy("Ask what could be better in the meetings"),
    Advice.ASK_ABOUT_WELLBEING: lazy("Ask how the days are"),
    Advice.FILL_IN_NEXT_TIME: lazy("Fill in what is missing next time"),
    Advice.GET_IN_TOUCH: lazy("Get in touch"),
    Advice.LOOK_AT_ALERTS: lazy("Look at what is open"),
}

QUESTIONS = {
    Question.MOVED_MOST: lazy("%(item)s has moved most. What is different there?"),
    Question.WHAT_MADE_IT_LAST: lazy("What does it take for this to last until next time?"),
    Question.WHAT_SHOULD_CHANGE: lazy("If one line were to move, which would you wish for?"),
    Question.WHAT_LED_HERE: lazy("What led to us meeting here?"),
    Question.WHAT_HAPPENED: lazy("What has happened since last time?"),
    Question.WHAT_TO_DO_DIFFERENTLY: lazy("What should we do differently from now on?"),
    Question.WHO_COULD_HELP: lazy("Who else, or what else, could help?"),
    Question.WHAT_SHIFTS: lazy("What is different in the weeks when it goes well?"),
    Question.WHAT_IS_NEXT: lazy("What is the next step for you?"),
    Question.WHAT_WAS_MISSING: lazy("What was missing last time?"),
    Question.WHAT_COULD_BE_BETTER: lazy("What one thing would make our meetings fit you better?"),
    Question.DOES_IT_FIT: lazy("Does what we do fit what you want?"),
    Question.HOW_ARE_THE_DAYS: lazy("How are the days at the moment?"),
}

RESULTS = {
    Result.NOTHING_YET: lazy("Nothing has been marked yet."),
    Result.FIRST: lazy("This is where you start."),
    Result.FIRST_ABOVE_CUTOFF: lazy("You start above the cut-off."),
    Result.BETTER: lazy("It is going better than last time."),
    Result.BETTER_FIRST_TIME_ABOVE: lazy(
        "It is going better than last time, and you are above the cut-off for the first time."
    ),
    Result.BETTER_ABOVE_AGAIN: lazy("It is going better than last time, and you are above the cut-off again."),
    Result.SAME: lazy("It is about the same as last time."),
    Result.WORSE: lazy("It is harder than last time."),
    Result.WORSE_BELOW_NOW: lazy("It is harder than last time, and you are below the cut-off now."),
}

ITEMS = {
    "individual": lazy("Individually"),
    "relations": lazy("Close relationships"),
    "social": lazy("Socially"),
    "overall": lazy("Overall"),
    "relation": lazy("Relationship"),
    "goals": lazy("Goals and topics"),
    "approach": lazy("Approach or method"),
    "me": lazy("Self"),
    "family": lazy("Family"),
    "school": lazy("School"),
    "everything": lazy("Everything"),
    "listening": lazy("Listening"),
    "importance": lazy("Importance"),
    "what_we_did": lazy("What we did"),
}


@dataclass(frozen=True)
class VerdictText:
    """A verdict in words."""

    sentence: str
    detail: str
    chip: str
    advice: str
    questions: tuple[str, ...]
    result: str
    result_detail: str
    tone: str


@dataclass(frozen=True)
class VerdictChip:
    """A verdict in a list: a few words, what they advise, and the colour."""

    chip: str
    advice: str
    tone: str


def say_shortly(verdict: Verdict) -> VerdictChip:
    """What a list says of a verdict, in the active language."""
    advice = str(ADVICE[verdict.advice]) % {"outcome": short_name(verdict.of.outcome)}
    return VerdictChip(_chip(verdict), advice, verdict.tone.value)


def _chip(verdict: Verdict) -> str:
    chips = [str(SHORTS[verdict.short])]
    if verdict.short is Short.NO_CHANGE:
        count = verdict.numbers["sessions"]
        chips = [ngettext("No change after %d time", "No change after %d times", count) % count]
    if verdict.also:
        also = str(SHORTS[verdict.also])
        chips.append(also[:1].lower() + also[1:])
    chip = " · ".join(chips)
    return chip[:1].upper() + chip[1:]


def say(verdict: Verdict) -> VerdictText:
    """All that a page says of a verdict, in the active language."""
    short = say_shortly(verdict)
    item = str(ITEMS[verdict.item]) if verdict.item else ""
    return VerdictText(
        sentence=_sentence(verdict),
        detail=_detail(verdict),
        chip=short.chip,
        advice=short.advice,
        questions=tuple(str(QUESTIONS[key]) % {"item": item} for key in verdict.questions),
        result=str(RESULTS[verdict.result]),
        result_detail=_result_detail(verdict),
        tone=short.tone,
    )


def _sentence(verdict: Verdict) -> str:
    named = {"threshold": points(verdict.numbers["threshold"]), "alliance": short_name(verdict.of.alliance)}
    return str(SENTENCES[verdict.sentence]) % named


def _detail(verdict: Verdict) -> str:
    """The numbers behind the sentence."""
    numbers = verdict.numbers
    if "score" not in numbers:
        return ""
    texts = []
    if numbers["sessions"] == 1:
        texts.append(
            _("%(score)s of 40; the cut-off is %(cutoff)s.")
            % {"score": points(numbers["score"]), "cutoff": points(numbers["cutoff"])}
        )
    else:
        texts.append(
            _("From %(intake)s to %(score)s in %(sessions)s measurements: %(change)s (reliable change: %(threshold)s).")
            % {
                "intake": points(numbers["intake"]),
                "score": points(numbers["score"]),
                "sessions": numbers["sessions"],
                "change": signed(numbers["change"]),
                "threshold": points(numbers["threshold"]),
            }
        )
    if "expected_since" in numbers:
        texts.append(
            _("Inside the expected band or above it since measurement %(number)s.")
            % {"number": numbers["expected_since"]}
        )
    if verdict.also or verdict.sentence.value.startswith("alliance"):
        texts.append(_alliance_detail(numbers, short_name(verdict.of.alliance)))
    return " ".join(text for text in texts if text)


def _alliance_detail(numbers: dict[str, int], name: str) -> str:
    if "srs" not in numbers:
        return ""
    said = f"{name} {points(numbers['srs'])}"
    if "srs_change" in numbers:
        return _("%(score)s (%(change)s since last time).") % {"score": said, "change": signed(numbers["srs_change"])}
    return f"{said}."


def _result_detail(verdict: Verdict) -> str:
    numbers = verdict.numbers
    if "score" not in numbers:
        return ""
    values = {name: points(numbers.get(name)) for name in ("score", "previous", "intake")}
    if "previous" not in numbers:
        return pgettext("result", "%(score)s today.") % values
    return pgettext("result", "%(score)s today. Last time %(previous)s. At the start %(intake)s.") % values
