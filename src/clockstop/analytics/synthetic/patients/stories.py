"""Which pieces make each pathway's story, in order: pathways x places, -1 for nothing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.patients.balance import FORM_ALONE
from clockstop.analytics.synthetic.patients.clocks import NO_SENDER, WEEK, Clocks
from clockstop.analytics.synthetic.patients.fragments import fragments
from clockstop.analytics.synthetic.patients.mix import Choices, choices, rate
from clockstop.analytics.synthetic.patients.source import (
    ADMITTED,
    DECIDED,
    NONADMITTED,
    PAST,
    UNKNOWN,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NONE = -1
MOST_BETWEEN, MOST_DECIDED = 4, 3
_MOST_WEEKS = 60  # after which a longer wait has no more entries
_OVERDUE = "planned_overdue"
_PLAIN, _WITH_HISTORY = "gp_letter", "handed_over"
_LEAST_OVERDUE = 2  # days: planned care is overdue from the day after it was due


@dataclass(frozen=True)
class Stories:
    """``pieces`` are pathways x places; ``referral`` is the national source of referral code.

    ``fault`` names the problem seeded in a pathway, as a number of the mix, -1 for none; ``dead``
    those who died.
    """

    pieces: Ints
    referral: npt.NDArray[np.str_]
    by_ers: Flags
    fault: Ints
    dead: Flags


def tell(clocks: Clocks, faults: float, rng: np.random.Generator) -> Stories:
    """A story for each clock; ``faults`` is the share of those waiting with something wrong."""
    names = fragments().names
    ends, decided, after = _ends(clocks, rng)
    is_null = ends == names["nullified"]
    opening = _openings(clocks, is_null, rng)
    weeks = ((clocks.last - clocks.opened) / WEEK).clip(0, _MOST_WEEKS).astype(np.float64)
    seen = ~is_null & (clocks.stopped | (rng.random(len(clocks)) < _seen(weeks)))
    visit = np.where(opening.seen, names["follow_up"], names["first_attendance"])
    fault = np.where(
        ~clocks.stopped & opening.plain & (rng.random(len(clocks)) < faults),
        choices("fault").draw(rng, len(clocks)),
        NONE,
    )
    pieces = [
        opening.pieces,
        _before(opening.plain, ~is_null, rng),
        np.where(seen, visit, NONE),
        *_several("between", seen * weeks * rate("between_a_week"), MOST_BETWEEN, rng),
        np.where(decided, names["decided"], NONE),
        *_several("after_decision", decided * weeks * rate("decided_a_week"), MOST_DECIDED, rng),
        _picked("fault", fault),
        ends,
        after,
    ]
    dead = ends == names["died"]
    return Stories(np.stack(pieces, axis=1), opening.referral, opening.by_ers, fault, dead)


def _seen(weeks: Floats) -> Floats:
    return 1 - np.exp(-weeks / rate("seen_weeks"))


def _picked(slot: str, drawn: Ints) -> Ints:
    """The pieces that choices stand for, none where nothing was drawn."""
    pieces = np.append(fragments().numbers(choices(slot).names), NONE)
    return pieces[drawn]


@dataclass(frozen=True)
class _Openings:
    """How each clock began: whether by a ``plain`` referral of somebody not ``seen`` with it."""

    pieces: Ints
    plain: Flags
    seen: Flags
    by_ers: Flags
    referral: npt.NDArray[np.str_]


def _openings(clocks: Clocks, is_null: Flags, rng: np.random.Generator) -> _Openings:
    """How each clock began: by the mix, or as it came from another provider."""
    mix = choices("opening")
    drawn = mix.draw(rng, len(clocks))
    too_soon = clocks.last - clocks.opened < _LEAST_OVERDUE
    plain_only = is_null | (too_soon & (drawn == mix.names.index(_OVERDUE)))
    drawn[plain_only] = mix.names.index(_PLAIN)
    unknown = clocks.band == UNKNOWN
    moved = unknown | clocks.passed_on | (clocks.sender != NO_SENDER)
    transfers = choices("transfer")
    form, history = (transfers.names.index(name) for name in (FORM_ALONE, _WITH_HISTORY))
    came = np.where(clocks.passed_on | unknown, form, history)
    names = fragments().names
    received = np.where(unknown, names["unknown_start"], fragments().numbers(transfers.names)[came])
    return _Openings(
        pieces=np.where(moved, received, fragments().numbers(mix.names)[drawn]),
        plain=mix.flagged("first")[drawn] & ~moved,
        seen=np.where(moved, transfers.flagged("seen")[came], mix.flagged("seen")[drawn]),
        by_ers=mix.flagged("ers")[drawn] & ~moved,
        referral=np.where(
            moved, np.array(transfers.referrals)[came], np.array(mix.referrals)[drawn]
        ),
    )


def _before(plain: Flags, may: Flags, rng: np.random.Generator) -> Ints:
    """What happened before the first attendance, mostly nothing."""
    mix = choices("before_first")
    drawn = mix.draw(rng, len(plain))
    some = may & (rng.random(len(plain)) < rate("cancelled_before"))
    some &= plain | ~mix.flagged("first")[drawn]
    return _picked("before_first", np.where(some, drawn, NONE))


def _several(slot: str, mean: Floats, most: int, rng: np.random.Generator) -> list[Ints]:
    """Up to ``most`` pieces; what may come once does not come again."""
    mix = choices(slot)
    number = rng.poisson(mean)
    drawn = [np.where(number > at, mix.draw(rng, len(mean)), NONE) for at in range(most)]
    once = np.append(mix.flagged("once"), False)
    for at, each in enumerate(drawn):
        again = np.zeros(len(mean), dtype=np.bool_)
        for before in drawn[:at]:
            again |= once[each] & (before == each)
        each[again] = NONE
    return [_picked(slot, each) for each in drawn]


def _ends(clocks: Clocks, rng: np.random.Generator) -> tuple[Ints, Flags, Ints]:
    """How each clock stopped, whether after a decision to admit, and what came afterwards."""
    size = len(clocks)
    end, after = np.full(size, NONE), np.full(size, NONE)
    decided = (clocks.role == DECIDED) | (clocks.role == ADMITTED)
    for role, slot in (
        (ADMITTED, "end_admitted"),
        (NONADMITTED, "end_nonadmitted"),
        (PAST, "end_past"),
    ):
        mix, mine = choices(slot), clocks.role == role
        drawn = np.where(mine, mix.draw(rng, size), NONE)
        end = np.where(mine, _picked(slot, drawn), end)
        decided |= mine & _has(mix, "decided", drawn)
        for kind in ("treated", "monitored"):
            then = _then(f"after_{kind}", role == PAST, rng, size)
            after = np.where(mine & _has(mix, kind, drawn), then, after)
    return end, decided, after


def _has(mix: Choices, flag: str, drawn: Ints) -> Flags:
    return np.append(mix.flagged(flag), False)[drawn]


def _then(slot: str, is_past: bool, rng: np.random.Generator, size: int) -> Ints:
    mix = choices(slot)
    drawn = mix.draw(rng, size)
    if is_past:
        drawn = np.where(_has(mix, "recent", drawn), NONE, drawn)
    return _picked(slot, drawn)
