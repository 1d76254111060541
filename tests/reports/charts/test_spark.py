"""Sparklines: the one scale, and few bytes."""

import gzip
import random
from xml.etree import ElementTree

import pytest

from reports.charts import spark_svg

BUDGET = 2_400
"""Gzipped bytes of 100 sparklines of up to 24 sessions: a fifth of the 11,680 of the page that lists them."""


def paths(markup):
    return [path.get("d") for path in ElementTree.fromstring(markup)]


def test_the_scale_is_the_same_for_all():
    assert paths(spark_svg([0, 400], line=250, kind="ors")) == ["M0 15H146", "M3 40l35 -40", "M38 0h0"]
    assert paths(spark_svg([376], line=360, kind="srs"))[0] == "M0 4H146"


def test_one_value_is_a_dot_and_none_is_the_line_alone():
    assert paths(spark_svg([275], line=250, kind="ors"))[1:] == ["M3 12h0", "M3 12h0"]
    assert len(paths(spark_svg([None, None], line=250, kind="ors"))) == 1
    assert len(paths(spark_svg([], line=250, kind="ors"))) == 1


def test_a_session_without_a_score_keeps_its_place():
    assert paths(spark_svg([100, None, 200, None], line=250, kind="ors"))[1:] == ["M3 30l70 -10", "M73 20h0"]


def test_only_the_latest_sessions_are_drawn():
    long = spark_svg([0] * 100 + [400] * 24, line=250, kind="ors")
    assert long == spark_svg([400] * 24, line=250, kind="ors")


@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_of_them_are_small(seed):
    chance = random.Random(seed)

    def walk(low, high):
        values = [chance.randint(low, high)]
        for _ in range(chance.randint(1, 23)):
            values.append(max(0, min(400, values[-1] + chance.randint(-40, 45))))
        return values

    drawn = "".join(
        spark_svg(walk(80, 260), line=250, kind="ors") + spark_svg(walk(280, 390), line=360, kind="srs")
        for _ in range(50)
    )
    assert "style" not in drawn
    assert len(gzip.compress(drawn.encode(), 6)) <= BUDGET
