"""A list for the demo: made-up patients of the demo's ICB, brought in as any hospital's are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import months_held
from clockstop.analytics.records.files import tables
from clockstop.analytics.synthetic.patients import make_patients
from clockstop.analytics.synthetic.patients.make import SEED
from clockstop.analytics.synthetic.patients.source import areas
from clockstop.core.types import Month
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.intake.actions import ALL, import_extract
from clockstop.service.intake.models import Import
from clockstop.service.pathways.models import Patient

PATHWAYS = 6_000  # about so many in the ICB: enough for a list, few enough to be soon there
_SEEDS = 20


def load_patients(
    lake: Lake, *, pathways: int = PATHWAYS, progress: Callable[[str], None] = lambda _: None
) -> int:
    """Bring patients of the lake's last month into the ICB of the people who sign in; how many.

    None where there are no such people, or where an import was done already. The people of the
    demo's stories keep their NHS numbers to themselves.
    """
    icb = Patient.objects.order_by("icb_code").values_list("icb_code", flat=True).first()
    months = months_held(lake)
    if icb is None or not months or Import.objects.exists():
        return 0
    return bring_in(lake, months[-1], icb, pathways=pathways, progress=progress)


def bring_in(
    lake: Lake,
    month: Month,
    icb: str,
    *,
    pathways: int = PATHWAYS,
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Make about so many pathways of an ICB's patients in a month, and import them; how many."""
    taken = set(Patient.objects.values_list("nhs_number", flat=True))
    with TemporaryDirectory(prefix="clockstop-patients-") as name:
        folder = Path(name)
        _make(folder, lake, month, icb, pathways, taken)
        done = import_extract(SYSTEM, folder, provider=ALL, progress=progress)
    return sum(each.pathways for each in done.imports)


def _make(folder: Path, lake: Lake, month: Month, icb: str, pathways: int, taken: set[str]) -> None:
    """Patients none of whom has a number that is taken, by the first seed that gives such."""
    (area,) = areas(lake, month, seed=SEED, scale=1.0, icbs=(icb,))
    scale = min(1.0, pathways / max(int(area.counts["n"].sum()), 1))
    for seed in range(SEED, SEED + _SEEDS):
        make_patients(folder, lake, month, icbs=(icb,), seed=seed, scale=scale)
        if taken.isdisjoint(tables(folder)["people"]["nhs_number"]):
            return
    raise RuntimeError("every seed gives somebody a number of the demo's own people")
