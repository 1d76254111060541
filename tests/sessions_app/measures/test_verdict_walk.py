"""Many random episodes: sentence, advice, colour and numbers of a verdict do not contradict each other."""

from random import Random

from sessions_app.measures.rules import DEFAULT_RULES, Level
from sessions_app.measures.rules.alert_spans import alert_spans
from sessions_app.measures.series import Wellbeing
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.verdict.verdict import Advice, Sentence, Tone, verdict, worst_tone
from tests.sessions_app.measures.builders import START, series_of

EPISODES = 20_000
LEVELS = ("info", "amber", "red")
WITHOUT_CHANGE = {Sentence.STEADY_ABOVE, Sentence.LITTLE_CHANGE, Sentence.CROSSED_NOT_RELIABLE}
PROGRESS = {Sentence.GAIN_ABOVE, Sentence.GAIN_CROSSED_NOW, Sentence.GAIN_BELOW, Sentence.GAIN_STARTED_ABOVE}


def drawn(rng):
    """An episode of up to ten sessions; one of four organisations has chosen a level itself."""
    count, level = rng.randint(0, 10), rng.gauss(190, 70)
    ors, srs = [], []
    for _ in range(count):
        level += rng.gauss(3, 20)
        ors.append(None if rng.random() < 0.1 else min(max(round(level + rng.gauss(0, 30)), 0), 400))
        srs.append(None if rng.random() < 0.1 else min(round(rng.gauss(374, 25)), 400))
    rules = DEFAULT_RULES
    if rng.random() < 0.25:
        rules = rules.changed("x", {rng.choice(rules.rules).key: {"level": rng.choice(LEVELS)}})
    wellbeing = (Wellbeing("1", START, 4 * rng.randint(0, 25)),) if rng.random() < 0.2 else ()
    model = DEFAULT if rng.random() < 0.5 else None
    return series_of(ors, srs, rules=rules, wellbeing=wellbeing, model=model, ended=rng.random() < 0.2)


def test_sentence_advice_and_colour_come_from_one_state():
    rng = Random(11)
    for _ in range(EPISODES):
        series = drawn(rng)
        said = verdict(series)
        numbers = said.numbers
        totals = [total for _, total in series.ors_totals()]
        opened = [span for span in alert_spans(series) if span.is_open]
        assert said.tone.rank >= worst_tone(span.level for span in opened).rank
        assert not (said.tone is Tone.ACT and said.advice is Advice.KEEP_MEASURING)
        assert said.tone is not Tone.GOOD or not opened or all(span.level is Level.INFO for span in opened)
        if said.sentence is Sentence.TOO_EARLY:
            assert len(totals) < 5
        if said.sentence in WITHOUT_CHANGE:
            assert abs(numbers["change"]) < series.reliable_change
        if said.sentence in PROGRESS:
            assert numbers["change"] >= series.reliable_change
        if said.tone is Tone.GOOD:
            assert not (max(totals) >= series.cutoff > totals[-1]), "no green with a fall below the cut-off"
        for span in opened:
            if "expected_at_least" in span.numbers:
                assert span.numbers["score"] < span.numbers["expected_at_least"]
