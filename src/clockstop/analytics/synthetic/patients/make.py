"""Make patients for a month of the lake: people, pathways, events, and what was made."""

from collections.abc import Callable
from pathlib import Path

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic.patients.homes import country
from clockstop.analytics.synthetic.patients.numbers import nhs_numbers
from clockstop.analytics.synthetic.patients.source import areas
from clockstop.analytics.synthetic.patients.writing import COUNTS, MADE_UP, Made, Writing, note
from clockstop.core.types import Month

SEED = 1948
Progress = Callable[[str], None]


def make_patients(
    folder: Path,
    lake: Lake,
    month: Month,
    *,
    icbs: tuple[str, ...] = (),
    seed: int = SEED,
    scale: float = 1.0,
    faults: float = 0.0,
    progress: Progress | None = None,
) -> Made:
    """Write the patients of a month into ``folder``, made if need be, and return the manifest.

    ``people.parquet``, ``pathways.parquet``, ``cells.parquet`` (what the return counts, and what
    the events add up to), ``faults.parquet`` (what was seeded), ``events/<ICB>-<n>.parquet`` in
    the layout of ``clocks.events_table``, and ``manifest.json``. ``icbs`` are those of the
    providers, all where none is named; an ICB made alone is as it is among all. ``scale`` takes a
    share of each count; ``faults`` is the share of those waiting with a fault in their record.
    ``progress`` is told each ICB. The same arguments and lake give the same bytes. What was made
    there before is replaced. Raises NoDataError, ValueError.
    """
    if not 0 <= faults <= 1:
        raise ValueError(f"faults must be a share from 0 to 1, not {faults}")
    found = areas(lake, month, seed=seed, scale=scale, icbs=icbs)
    numbers = nhs_numbers(seed)
    writing = Writing(folder, country(lake, month), numbers, faults)
    writing.begin()
    made, upto = [], 0
    for area in found:
        if progress:
            progress(area.icb)
        made.append(writing.write(area))
        upto = area.people_before + made[-1]["people"]
    if not made:
        raise ValueError(f"at scale {scale} nobody is left of {month}")
    writing.join()
    manifest = {
        "made_up": MADE_UP,
        "month": str(month),
        "source": lake.catalogue().current("rtt")[str(month)].id,
        "seed": seed,
        "scale": scale,
        "fault_share": faults,
        "nhs_numbers": _numbers_note(made, upto, len(numbers)),
        "counts": {name: sum(each[name] for each in made) for name in COUNTS},
        "icbs": made,
    }
    note(folder, manifest)
    return manifest


def _numbers_note(made: list[Made], upto: int, numbers: int) -> str:
    """How far NHS numbers tell people apart: the test range has fewer than England has waiting."""
    if max(each["people"] for each in made) > numbers:
        return "not unique; people are told apart by their key"
    if len(made) == 1 or upto <= numbers:
        return "unique in the whole data set"
    return "unique within each ICB alone; people are told apart by their key"
