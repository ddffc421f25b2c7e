"""The RTT treatment functions, and finding one from the words that people use for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from clockstop.core.codes.load import load
from clockstop.core.types import TreatmentFunction

_COLUMNS = ("code", "kind", "official_name", "name", "description", "synonyms")
_IGNORED = frozenset(
    {"a", "an", "and", "as", "for", "i", "in", "my", "need", "of", "on", "or", "service", "such"}
    | {"the", "to", "with"}
)
_MOST_LETTERS, _MOST_WORDS = 200, 6  # of a query: more adds nothing and would cost time
_LONGEST_SINGULAR = 3  # "ibs" and "gas" keep their s
_SHORTEST_START = 3
_SHORTEST_TYPO, _LONGEST_TYPO = 4, 24
_MOST_LETTERS_OFF = 2
_TYPO_LIKENESS = 0.8


class UnknownFunctionError(KeyError):
    """No treatment function has this code."""

    def __str__(self) -> str:
        return f"{self.args[0]!r} is not a treatment function code; expected one like C_110"


def _read(kind: str) -> tuple[TreatmentFunction, ...]:
    return tuple(
        TreatmentFunction(
            code=row["code"],
            official_name=row["official_name"],
            name=row["name"],
            description=row["description"],
            synonyms=tuple(row["synonyms"].split("; ")),
        )
        for row in load("treatment_functions.csv", _COLUMNS)
        if row["kind"] == kind
    )


(ALL_FUNCTIONS,) = _read("total")
OLDER_FUNCTIONS = _read("older")  # filed until March 2021, and split since


@cache
def treatment_functions() -> tuple[TreatmentFunction, ...]:
    """The 23 functions of the RTT return in the order of the return; the total is not among them.

    Source: RTT recording and reporting guidance (February 2025), list of treatment functions.
    """
    return _read("function")


@cache
def _by_code() -> dict[str, TreatmentFunction]:
    return {function.code: function for function in (*treatment_functions(), ALL_FUNCTIONS)}


def treatment_function(code: str) -> TreatmentFunction:
    """The function (or total) filed as ``code``. Raises UnknownFunctionError (KeyError)."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownFunctionError(code) from None


def find_functions(text: str) -> tuple[TreatmentFunction, ...]:
    """Functions that ``text`` may mean, best first; empty when nothing fits.

    Case, punctuation and plurals do not matter. A code, name or synonym that is the text comes
    first, then one that holds all its words. Only if there is none are beginnings of words tried,
    then small spelling mistakes, then names within a longer text. Among equals the closer fit
    wins, then the function in whose list of synonyms the term stands earlier.
    """
    words = _words(text[:_MOST_LETTERS])[:_MOST_WORDS]
    if not words:
        return ()
    found = _holding(words) or _beginning_with(words)
    if found:
        return found
    corrected = tuple(map(_corrected, words))
    return _holding(corrected) or _named_within(corrected)


@dataclass(frozen=True, slots=True)
class _Phrase:
    function: TreatmentFunction
    words: tuple[str, ...]
    place: int  # among the function's phrases


@cache
def _index() -> dict[str, tuple[_Phrase, ...]]:
    """Every known word with the phrases that hold it."""
    index: dict[str, tuple[_Phrase, ...]] = {}
    for function in treatment_functions():
        for place, term in enumerate(_terms(function)):
            phrase = _Phrase(function, _words(term), place)
            for word in phrase.words:
                index[word] = (*index.get(word, ()), phrase)
    return index


def _terms(function: TreatmentFunction) -> tuple[str, ...]:
    number = function.code.removeprefix("C_")
    short_name = function.name.partition(" (")[0]
    codes = (function.code, number, f"C{number}")
    return (*codes, function.official_name, function.name, short_name, *function.synonyms)


def _words(text: str) -> tuple[str, ...]:
    plain = re.sub(r"['\u2019]", "", text.casefold())
    singular = (_without_plural(word) for word in re.findall(r"[^\W_]+", plain))
    return tuple(word for word in dict.fromkeys(singular) if word not in _IGNORED)


def _without_plural(word: str) -> str:
    is_plural = len(word) > _LONGEST_SINGULAR and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _holding(words: tuple[str, ...]) -> tuple[TreatmentFunction, ...]:
    """Functions with a phrase that holds all the words, the shortest such phrase first."""
    sets = [set(_index().get(word, ())) for word in words]
    return _ordered((len(phrase.words), phrase) for phrase in set.intersection(*sets))


def _beginning_with(starts: tuple[str, ...]) -> tuple[TreatmentFunction, ...]:
    """Functions with a phrase in which every start begins a word."""
    if min(map(len, starts)) < _SHORTEST_START:
        return ()
    sets = [
        {phrase for word, held in _index().items() if word.startswith(start) for phrase in held}
        for start in starts
    ]
    return _ordered((len(phrase.words), phrase) for phrase in set.intersection(*sets))


def _named_within(words: tuple[str, ...]) -> tuple[TreatmentFunction, ...]:
    """Functions with a phrase whose words are all among these, the longest such phrase first."""
    near = {phrase for word in words for phrase in _index().get(word, ())}
    return _ordered((-len(p.words), p) for p in near if set(p.words) <= set(words))


def _corrected(word: str) -> str:
    """The known word most like this one, if one is; the beginning or the end must be right."""
    if word in _index() or not _SHORTEST_TYPO <= len(word) <= _LONGEST_TYPO:
        return word
    likely = [
        known
        for known in _index()
        if abs(len(known) - len(word)) <= _MOST_LETTERS_OFF
        and (known[:2] == word[:2] or known[-2:] == word[-2:])
    ]
    return next(iter(get_close_matches(word, likely, n=1, cutoff=_TYPO_LIKENESS)), word)


def _ordered(matches: Iterable[tuple[int, _Phrase]]) -> tuple[TreatmentFunction, ...]:
    ranked = sorted(matches, key=lambda match: (match[0], match[1].place, match[1].function.code))
    return tuple(dict.fromkeys(phrase.function for _, phrase in ranked))
