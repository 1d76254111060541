"""Every key a verdict can hold. The application has one translation for each; a test there compares the
lists.
"""

from enum import StrEnum


class Tone(StrEnum):
    """How a verdict is shown: nothing to say yet, going well, to talk about, somebody must act."""

    QUIET = "quiet"
    GOOD = "good"
    WATCH = "watch"
    ACT = "act"

    @property
    def rank(self) -> int:
        """0 for quiet up to 3 for act."""
        return ("quiet", "good", "watch", "act").index(self.value)


class Sentence(StrEnum):
    """What the curve says, in one sentence."""

    NO_SCORES = "no_scores"
    LITTLE_CHANGE = "little_change"
    BELOW_START = "below_start"
    ABOVE_START = "above_start"
    ABOVE_START_CROSSED = "above_start_crossed"
    ALLIANCE_LINE_LOW = "alliance_line_low"
    ALLIANCE_FULL = "alliance_full"
    WELLBEING_LOW = "wellbeing_low"
    FORM_MISSING = "form_missing"
    OVERDUE = "overdue"
    ALERT_OPEN = "alert_open"
    NEW = "new"
    NEW_ABOVE_CUTOFF = "new_above_cutoff"
    TOO_EARLY = "too_early"
    DETERIORATED = "deteriorated"
    BELOW_EXPECTED = "below_expected"
    SWINGS = "swings"
    SUDDEN_DROP = "sudden_drop"
    FALL_FROM_BEST = "fall_from_best"
    TARGET_MET = "target_met"
    GAIN_CROSSED_NOW = "gain_crossed_now"
    GAIN_ABOVE = "gain_above"
    GAIN_STARTED_ABOVE = "gain_started_above"
    GAIN_BELOW = "gain_below"
    GAIN_BELOW_AGAIN = "gain_below_again"
    CROSSED_NOT_RELIABLE = "crossed_not_reliable"
    NO_CHANGE = "no_change"
    NO_CHANGE_LATE = "no_change_late"
    UNDER_EXPECTED = "under_expected"
    STEADY_ABOVE = "steady_above"
    FELL_BELOW_CUTOFF = "fell_below_cutoff"
    ALLIANCE_FALLING = "alliance_falling"
    ALLIANCE_LOW = "alliance_low"
    ALLIANCE_DROPPED = "alliance_dropped"


class Short(StrEnum):
    """The same in two or three words, for a chip."""

    BELOW_START = "below_start"
    ABOVE_START = "above_start"
    ALLIANCE_LINE_LOW = "alliance_line_low"
    ALLIANCE_FULL = "alliance_full"
    WELLBEING_LOW = "wellbeing_low"
    FORM_MISSING = "form_missing"
    OVERDUE = "overdue"
    ALERT_OPEN = "alert_open"
    NO_SCORES = "no_scores"
    NEW = "new"
    NEW_ABOVE_CUTOFF = "new_above_cutoff"
    TOO_EARLY = "too_early"
    DETERIORATED = "deteriorated"
    BELOW_EXPECTED = "below_expected"
    SWINGS = "swings"
    SUDDEN_DROP = "sudden_drop"
    FALL_FROM_BEST = "fall_from_best"
    TARGET_MET = "target_met"
    RELIABLE_GAIN = "reliable_gain"
    OVER_CUTOFF = "over_cutoff"
    NO_CHANGE = "no_change"
    UNDER_EXPECTED = "under_expected"
    STEADY_ABOVE = "steady_above"
    FELL_BELOW_CUTOFF = "fell_below_cutoff"
    ALLIANCE_FALLING = "alliance_falling"
    ALLIANCE_LOW = "alliance_low"
    ALLIANCE_DROPPED = "alliance_dropped"


class Advice(StrEnum):
    """What to do next, for the practitioner."""

    MEASURE_NEXT_TIME = "measure_next_time"
    ASK_WHAT_SHOULD_CHANGE = "ask_what_should_change"
    ASK_WHAT_LED_HERE = "ask_what_led_here"
    KEEP_MEASURING = "keep_measuring"
    DISCUSS_AT_TEAM_MEETING = "discuss_at_team_meeting"
    REVIEW_GOALS_AND_METHOD = "review_goals_and_method"
    TALK_ABOUT_WHAT_SHIFTS = "talk_about_what_shifts"
    ASK_WHAT_HAPPENED = "ask_what_happened"
    ASK_ABOUT_WELLBEING = "ask_about_wellbeing"
    FILL_IN_NEXT_TIME = "fill_in_next_time"
    GET_IN_TOUCH = "get_in_touch"
    LOOK_AT_ALERTS = "look_at_alerts"
    NEXT_STEP = "next_step"
    ASK_ABOUT_ALLIANCE = "ask_about_alliance"


class Question(StrEnum):
    """What to ask the client; MOVED_MOST names the verdict's `item`."""

    MOVED_MOST = "moved_most"
    WHAT_MADE_IT_LAST = "what_keeps_it"
    WHAT_SHOULD_CHANGE = "what_should_change"
    WHAT_LED_HERE = "what_led_here"
    WHAT_HAPPENED = "what_happened"
    WHAT_TO_DO_DIFFERENTLY = "what_to_do_differently"
    WHO_COULD_HELP = "who_could_help"
    WHAT_SHIFTS = "what_shifts"
    WHAT_IS_NEXT = "what_is_next"
    WHAT_WAS_MISSING = "what_was_missing"
    WHAT_COULD_BE_BETTER = "what_could_be_better"
    DOES_IT_FIT = "does_it_fit"
    HOW_ARE_THE_DAYS = "how_are_the_days"


class Result(StrEnum):
    """What client and practitioner read together right after the ORS, addressed to the client."""

    NOTHING_YET = "result_nothing_yet"
    FIRST = "result_first"
    FIRST_ABOVE_CUTOFF = "result_first_above_cutoff"
    BETTER = "result_better"
    BETTER_FIRST_TIME_ABOVE = "result_better_first_time_above"
    BETTER_ABOVE_AGAIN = "result_better_above_again"
    SAME = "result_same"
    WORSE = "result_worse"
    WORSE_BELOW_NOW = "result_worse_below_now"
