"""Writes the fictional organisations in the layouts of the real lists."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

from clockstop.analytics.published.datasets import (
    hospitals,
    ods_report,
    practices,
    provider_icbs,
    sectors,
    successors,
)
from clockstop.analytics.published.datasets.rtt_writing import icb_name
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.filing import icb_of, months_of_icbs
from clockstop.analytics.synthetic.practices import Practice
from clockstop.analytics.synthetic.providers import Provider
from clockstop.core.types import Sector

OPENED = "20200401"
SOURCE = "Clockstop synthetic data"
REASON = "made up with this sector"


def write_organisations(folder: Path, england: England) -> list[Path]:
    """Write trusts, practices, providers and ICBs, successors, positions and sectors."""
    providers = england.providers
    nhs = [one for one in providers if one.sector is Sector.NHS_TRUST]
    sites = [one for one in providers if one.sector is not Sector.NHS_TRUST]
    trust_rows = (_trust_row(one, england) for one in nhs)
    mergers = list(_successions(england))
    return [
        _write(folder / "etr.csv", trust_rows, end="\r\n", quoting=csv.QUOTE_ALL),
        _write(
            folder / "epraccur.csv",
            (_practice_row(one, england) for one in england.practices),
            end="\r\n",
            quoting=csv.QUOTE_ALL,
        ),
        _write(folder / "provider_to_icb.csv", [provider_icbs.LAYOUT.columns, *_icb_rows(england)]),
        *(
            [_write(folder / "successors.csv", [successors.LAYOUT.columns, *mergers])]
            if mergers
            else []
        ),
        _write(
            folder / "points_nhs_trusts.csv",
            [hospitals.LAYOUTS["trusts"].columns, *map(_point_row, nhs)],
        ),
        _write_directory(folder / "Hospital.csv", sites),
        _write(
            folder / "provider_sectors.csv",
            [sectors.LAYOUT.columns, *map(_sector_row, providers)],
        ),
    ]


def _icb_rows(england: England) -> Iterator[tuple[str, ...]]:
    for at, board in months_of_icbs(england.providers, england.calendar.months):
        one = england.providers[at]
        yield one.code, one.name, board.code, icb_name(board)


def _successions(england: England) -> Iterator[tuple[str, str, str]]:
    merger = england.story.merger
    if merger:
        began = england.calendar.months[merger.month - 1].census + timedelta(days=1)
        old, new = england.providers[merger.old], england.providers[merger.new]
        yield old.code, new.code, began.isoformat()


def _write(
    path: Path,
    rows: Iterable[Iterable[object]],
    *,
    end: str = "\n",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator=end, quoting=quoting).writerows(rows)
    return path


def _trust_row(one: Provider, england: England) -> list[str]:
    board = icb_of(one, england.calendar.months[-1])
    address = ["TRUST HEADQUARTERS", "", "", "", ""]
    row = [one.code, one.name, board.region.code, board.code, *address, one.postcode, OPENED]
    merger = england.story.merger
    if merger and england.providers[merger.old].code == one.code:
        last_day = england.calendar.months[merger.month - 1].census
        row.append(f"{last_day:%Y%m%d}")
    return row + [""] * (ods_report.WIDTH - len(row))


def _practice_row(one: Practice, england: England) -> list[str]:
    board = icb_of(one, england.calendar.months[-1])
    row = [one.code, one.name, board.region.code, board.code, "THE SURGERY", "", "", "", ""]
    row += [one.postcode, OPENED, "", practices.ACTIVE]
    row += [""] * (practices.SETTING - 1 - len(row))
    return [*row, str(practices.GENERAL_PRACTICE), ""]


def _point_row(one: Provider) -> list[object]:
    return [one.name, one.code, "open", one.point.longitude, one.point.latitude]


def _sector_row(one: Provider) -> list[str]:
    row = {
        "provider": one.code,
        "name": one.name,
        "sector": str(one.sector),
        "operator": one.operator,
        "source": SOURCE,
        "reason": REASON,
    }
    return [row[column] for column in sectors.LAYOUT.columns]


def _write_directory(path: Path, sites: Sequence[Provider]) -> Path:
    directory = hospitals.LAYOUTS["directory"]
    lines = [directory.columns]
    for number, one in enumerate(sites, start=1):
        known = {
            "OrganisationID": str(number),
            "OrganisationCode": one.code,
            "OrganisationType": "Hospital",
            "SubType": "Hospital",
            "Sector": "Independent Sector",
            "OrganisationStatus": "Visible",
            "IsPimsManaged": "False",
            "OrganisationName": one.name,
            "Postcode": one.postcode,
            "Latitude": str(one.point.latitude),
            "Longitude": str(one.point.longitude),
            "ParentName": one.operator,
        }
        lines.append(tuple(known.get(column, "") for column in directory.columns))
    text = "".join(directory.separator.join(line) + "\n" for line in lines)
    path.write_bytes(text.encode(directory.encoding))
    return path
