"""Readable names for organisations that the national files print in capitals."""

import re

_AS_WRITTEN = {
    written.upper(): written
    for written in (
        *("ACES", "BMI", "CES", "CHEC", "CIC", "ENT", "ICB", "KIMS", "UK"),
        *("Ctr", "Dr", "iSight", "InHealth", "Ltd", "Mr", "Mrs", "Rd", "SpaMedica", "St"),
    )
}
_SMALL = frozenset(
    {"and", "at", "by", "de", "for", "in", "le", "of", "on", "the", "to", "under", "upon", "with"}
)
_WORD = re.compile(r"[A-Z0-9]+(?:['\u2019][A-Z0-9]+)*")
_ROMAN = re.compile(r"[IVX]{2,}")
_WITHOUT_VOWELS = re.compile(r"[^AEIOUY]{2,}")


def display_name(published: str) -> str:
    """A name printed in capitals as people write it; a name with any small letter is unchanged.

    ``LEEDS TEACHING HOSPITALS NHS TRUST`` becomes ``Leeds Teaching Hospitals NHS Trust``.
    Words without a vowel, with a digit or of Roman numerals keep their capitals.
    """
    if published != published.upper():
        return published
    spaced = re.sub(r"\s+-\s*", " - ", " ".join(published.split()))
    return _WORD.sub(_written, spaced)


def _written(match: re.Match[str]) -> str:
    word = match[0]
    if word.lower() in _SMALL and not _starts_a_name(match):
        return word.lower()
    return _AS_WRITTEN.get(word) or _capitalised(word)


def _starts_a_name(match: re.Match[str]) -> bool:
    """Whether a small word opens the name or a part of it: "BMI The Alexandra Hospital"."""
    before = match.string[: match.start()].rstrip()
    opens = not before or before.endswith("(") or match.string[: match.start()].endswith(" - ")
    if opens or match[0] != "THE":
        return opens
    return before.rpartition(" ")[2].lower() not in _SMALL


def _capitalised(word: str) -> str:
    if any(letter.isdigit() for letter in word) or _ROMAN.fullmatch(word):
        return word
    if _WITHOUT_VOWELS.fullmatch(word):
        return word
    if word.startswith("MC") and len(word) > len("MCA"):
        return f"Mc{word[2:].capitalize()}"
    if re.match(r"[OD]['\u2019]", word):
        return word[:2] + word[2:].capitalize()
    return word.capitalize()
