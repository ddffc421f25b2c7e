"""What a return must have before somebody signs it off or judges it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 1_000  # characters of an explanation or a reason
SHORTEST = 10


@dataclass(frozen=True, slots=True)
class Check:
    """A finding of the checks.

    An error forbids signing off; another finding may call for an explanation. ``mend`` says how it
    is put right, ``count`` in how many rows it was found.
    """

    key: str
    is_error: bool
    words: str
    mend: str = ""
    count: int = 1
    needs_words: bool = False

    @property
    def short(self) -> str:
        """What was found, without its numbers."""
        return self.words.partition(": ")[0]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is refused: the field that it is about, and the words."""

    field: str
    words: str


def against_signing(
    checks: Sequence[Check], explained: Mapping[str, str], *, confirmed: bool
) -> Iterable[Refusal]:
    """Why a return cannot be signed off as it stands; ``explained`` is by the key of a query."""
    errors = sum(each.is_error for each in checks)
    if errors:
        noun = "error" if errors == 1 else "errors"
        yield Refusal("sign", f"The checks found {errors} {noun}: mend them and make it again")
        return
    for each in checks:
        if each.needs_words:
            yield from _about(explained.get(each.key, ""), each)
    if not confirmed:
        words = "Confirm that the figures are right to the best of your knowledge"
        yield Refusal("confirm", words)


def _about(words: str, check: Check) -> Iterable[Refusal]:
    length = len(words.strip())
    if length < SHORTEST:
        yield Refusal(f"why-{check.key}", f"Explain: {check.short}")
    elif length > LONGEST:
        yield Refusal(f"why-{check.key}", f"Use {LONGEST:,} characters or fewer: {check.short}")


def against_sending_back(reason: str) -> Iterable[Refusal]:
    """Why a return cannot be sent back with these words."""
    length = len(reason.strip())
    if length < SHORTEST:
        yield Refusal("reason", "Say what the provider should look at")
    elif length > LONGEST:
        yield Refusal("reason", f"Use {LONGEST:,} characters or fewer to say why")
