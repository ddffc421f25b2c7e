"""Hospitals' extracts into the store: a first load, a night's changes, and one entry at a time.

python -m benchmarks.imports changed FROM TO PATHWAYS
python -m benchmarks.imports peers PATHWAYS
"""

from __future__ import annotations

import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import polars as pl

CHANGED = 50_000


def changed(source: Path, target: Path, pathways: int) -> int:
    """A night's extract: of so many pathways, each with all its events and one more; how many."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    rows = pl.read_parquet(source / "pathways.parquet").head(pathways)
    day = datetime.now(UTC).date() - timedelta(days=1)
    rows = rows.with_columns(tci_date=pl.lit(day + timedelta(days=40)))
    events = pl.scan_parquet(source / "events" / "*.parquet").filter(
        pl.col("pathway").is_in(rows["pathway"].implode())
    )
    events = events.collect()
    last = events.group_by("pathway", maintain_order=True).last()
    blank = {name: pl.lit(None, kind) for name, kind in events.schema.items()}
    seen = {
        "pathway": pl.col("pathway"),
        "number": pl.col("number") + 1,
        "kind": pl.lit("attendance").cast(events.schema["kind"]),
        "day": pl.lit(day),
        "provider": pl.col("provider"),
        "status": pl.lit("20"),
    }
    more = last.select(**(blank | seen)).cast(events.schema)
    every = pl.concat([events, more]).sort("pathway", "number")
    people = pl.read_parquet(source / "people.parquet")
    people.filter(pl.col("person").is_in(rows["person"].implode())).write_parquet(
        target / "people.parquet"
    )
    rows.write_parquet(target / "pathways.parquet")
    every.write_parquet(target / "events.parquet")
    return len(every)


def peers(entries: int) -> dict[str, float]:
    """Seconds for so many entries, on the store of this process: as people enter them, and made
    as Django's objects and written by its own ``bulk_create``. Everything is undone."""
    import django

    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from clockstop.core.rtt.events import Attendance
    from clockstop.core.rtt.reading import written
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.audit.sealing import canonical
    from clockstop.service.pathways.entries import append, fingerprint
    from clockstop.service.pathways.models import Pathway, PathwayEvent
    from clockstop.service.tracking.projection import refresh

    found = {}
    day = timezone.localdate()
    held = list(Pathway.objects.order_by("-pk")[:entries])
    with transaction.atomic():
        start = time.perf_counter()
        for pathway in held:
            event = Attendance(id=f"e{pathway.length + 1}", day=day)
            append(pathway, event, SYSTEM, uuid4())
        found["one entry at a time"] = time.perf_counter() - start
        transaction.set_rollback(True)
    held = list(Pathway.objects.order_by("-pk")[:entries])
    with transaction.atomic():
        start = time.perf_counter()
        made = [
            PathwayEvent(
                icb_code=pathway.icb_code,
                pathway=pathway,
                number=pathway.length + 1,
                kind="attendance",
                day=day,
                values=canonical(written(Attendance(id=f"e{pathway.length + 1}", day=day))),
                recorded_at=timezone.now(),
                recorded_by="system",
                recorded_role="system",
                organisation_code=pathway.organisation_code,
                submission=uuid4(),
                batch=uuid4(),
            )
            for pathway in held
        ]
        PathwayEvent.objects.bulk_create(made)
        for each in made:
            fingerprint(each)
        for pathway in held:
            refresh(pathway)
        found["bulk_create, then each row of the list"] = time.perf_counter() - start
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["changed", source, target, count]:
            print(changed(Path(source), Path(target), int(count)))
        case ["peers", count]:
            for name, seconds in peers(int(count)).items():
                print(f"{seconds}\t{name}")
