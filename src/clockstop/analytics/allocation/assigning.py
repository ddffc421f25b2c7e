"""The best assignment of a whole cohort.

Stage after stage, each kept before the next is asked for:

1. the overdue by clinical priority, the most urgent first, then the rest by priority: as many as
   can be of each level;
2. of each level those who have waited longest: as many as can be over each band of waits, then
   strictly by the place in the queue, so that nobody is passed over for a later place;
3. the most weeks gained;
4. the fewest miles;
5. as many as can be of the most deprived fifth, then of the second: so that between equals they
   are not served less than their share;
6. the first of equals: each request in turn at the capacity with the first id.

Weeks and miles are whole: weeks gained rounded down, miles to the nearest. A request whose wait
here is not known counts by how soon it would be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.allocation.asking import Request
from clockstop.analytics.allocation.batches import solved_in_batches
from clockstop.analytics.allocation.blocks import Block, Columns, blocks, candidates, problem_of
from clockstop.analytics.allocation.criteria import whole_weeks
from clockstop.analytics.allocation.kernel import pairs
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.solving import Ints, Problem, Solution
from clockstop.analytics.allocation.tabled import Tabled, tabled
from clockstop.analytics.allocation.terms import Terms

CORES = 2
_NOWHERE = -1
_DECILES_A_FIFTH = 2


@dataclass(frozen=True, slots=True)
class Solved:
    """A cohort solved, both sides in the order that they are judged in.

    ``where`` is the place of a capacity or -1; ``fitting`` how many capacities fit each request
    and ``room_left`` whether one of them has a place left;
    ``mask`` what is against the closest capacity (``closest``, -1 if nobody offers what is asked
    for) of a request that nothing fits; ``unproven`` where the best was not proven to be it.
    ``used``, ``lets_in`` (urgency, days; -1 for nobody) and ``spared`` (weeks, miles) are of
    capacities.
    """

    requests: Sequence[Request]
    capacities: Sequence[Capacity]
    columns: Columns
    where: Ints
    miles: Ints
    fitting: Ints
    room_left: npt.NDArray[np.bool_]
    closest: Ints
    mask: Ints
    unproven: npt.NDArray[np.bool_]
    used: Ints
    lets_in: Ints
    spared: Ints


def solved(requests: Iterable[Request], capacities: Iterable[Capacity], terms: Terms) -> Solved:
    """Judge every pair, and assign. Raises ValueError naming every id that comes twice."""
    asking = sorted(
        requests, key=lambda one: (one.urgency(terms.on), -one.days_waited(terms.on), one.id)
    )
    offering = sorted(capacities, key=lambda one: one.id)
    _once("request", [each.id for each in asking])
    _once("capacity", [each.id for each in offering])
    columns = _columns(asking, offering, terms)
    result = Solved(
        asking,
        offering,
        columns,
        np.full(len(asking), _NOWHERE),
        np.zeros(len(asking), np.int64),
        np.zeros(len(asking), np.int64),
        np.zeros(len(asking), np.bool_),
        np.full(len(asking), _NOWHERE),
        np.zeros(len(asking), np.int64),
        np.zeros(len(asking), np.bool_),
        np.zeros(len(offering), np.int64),
        np.full((len(offering), 2), _NOWHERE),
        np.zeros((len(offering), 2), np.int64),
    )
    if asking and offering:
        found = tabled(asking, offering, terms)
        _assign(found, result)
        _closest(found, result)
    return result


def _once(what: str, ids: list[str]) -> None:
    twice = [each for each, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"{what} ids: found {', '.join(sorted(twice))} again, expected each once")


def _columns(asking: list[Request], offering: list[Capacity], terms: Terms) -> Columns:
    senders = {each: at for at, each in enumerate(sorted({one.provider for one in asking}))}
    days = [one.days_waited(terms.on) for one in asking]
    deciles = [one.deprivation_decile or 0 for one in asking]
    values: tuple[list[int], ...] = (
        [one.urgency(terms.on) for one in asking],
        days,
        [terms.rules.band(each) for each in days],
        [whole_weeks(one.weeks_left, 0)[0] or 0 for one in asking],
        [-(-each // _DECILES_A_FIFTH) for each in deciles],
        [senders[one.provider] for one in asking],
        [whole_weeks(None, one.weeks_until)[1] for one in offering],
        [one.free for one in offering],
        [one.minimum_batch for one in offering],
    )
    return Columns(*(np.array(each, dtype=np.int64) for each in values))


def _assign(found: Tabled, result: Solved) -> None:
    """Blocks share nothing: each core takes the largest left, and the order decides nothing."""

    def one(block: Block) -> None:
        problem = problem_of(found, result.columns, block)
        solution, unproven = solved_in_batches(problem)
        _keep(result, block, problem, solution)
        result.unproven[block.requests] = unproven

    with ThreadPoolExecutor(CORES) as cores:
        largest_first = sorted(blocks(found), key=lambda block: -len(block.requests))
        for _ in cores.map(one, largest_first):
            pass  # and raise what one has raised


def _keep(result: Solved, block: Block, problem: Problem, solution: Solution) -> None:
    served = np.flatnonzero(solution.where >= 0)
    rows = block.requests[served]
    result.where[block.requests] = _NOWHERE
    result.where[rows] = block.capacities[solution.where[served]]
    result.miles[rows] = problem.miles[solution.by[served]]
    result.fitting[block.requests] = np.diff(problem.start)
    has_room = problem.of_arcs[(solution.used < problem.room)[problem.to]]
    result.room_left[block.requests] = np.bincount(has_room, minlength=len(problem.rank)) > 0
    result.used[block.capacities] = solution.used
    result.spared[block.capacities] = solution.spared
    first = np.searchsorted(problem.rank, solution.lets_in)
    known = solution.lets_in >= 0
    let_in = np.stack([problem.urgency[first * known], problem.days[first * known]], axis=1)
    result.lets_in[block.capacities] = np.where(known[:, None], let_in, _NOWHERE)


def _closest(found: Tabled, result: Solved) -> None:
    """What stood in the way of those whom nothing fits."""
    rows = np.flatnonzero(result.fitting == 0)
    out = np.zeros((len(rows), 2), np.int64)
    start, offered = candidates(found, np.arange(len(found.offered.own)))
    pairs.closest(rows, start, offered, found.asked, found.offered, found.tables, out)
    result.closest[rows], result.mask[rows] = out[:, 0], out[:, 1]
    result.mask[rows[out[:, 0] < 0]] = found.asked.own[rows[out[:, 0] < 0]]
