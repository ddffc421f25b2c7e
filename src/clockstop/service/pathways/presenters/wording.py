"""Days, waits and rules as people say them."""

import re
from datetime import date

from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.core.rtt.rules import ClockRule, RuleEffect
from clockstop.service.ui.figures import day

_WEEK = 7
_ISO_DAY = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")
_ENTRY = re.compile(r"\be(\d+)\b")
_NO_EFFECT = ("No effect on the clock", "grey")
_EFFECTS = {
    RuleEffect.STARTS: ("Clock starts", "blue"),
    RuleEffect.CONTINUES: ("Clock runs on", "white"),
    RuleEffect.STOPS: ("Clock stops", "green"),
    RuleEffect.NULLIFIES: ("Clock nullified", "pink"),
    RuleEffect.REOPENS: ("Clock runs again", "orange"),
    RuleEffect.NONE: _NO_EFFECT,
}


def weeks_and_days(days: int) -> str:
    """A wait: ``31 weeks and 4 days``, ``1 week``, ``0 days``."""
    weeks, rest = divmod(days, _WEEK)
    parts = [_counted(weeks, "week")] if weeks else []
    parts += [_counted(rest, "day")] if rest or not weeks else []
    return " and ".join(parts)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def effect_words(rule: ClockRule) -> str:
    """What a rule does to the clock."""
    return _EFFECTS.get(rule.effect, _NO_EFFECT)[0]


def effect_colour(rule: ClockRule) -> str:
    """The colour of the tag that says so."""
    return _EFFECTS.get(rule.effect, _NO_EFFECT)[1]


def sentence(text: str) -> str:
    """The engine's words as a sentence: days as people write them, entries by their number."""
    text = _ISO_DAY.sub(lambda found: day(date.fromisoformat(found[1])), text)
    text = _ENTRY.sub(r"entry \1", text)
    return text[:1].upper() + text[1:]


def specialty(code: str) -> str:
    """The plain name of a treatment function as filed; the code where we know of none such."""
    try:
        return treatment_function(code).name.partition(" (")[0]
    except UnknownFunctionError:
        return code
