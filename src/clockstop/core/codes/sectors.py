"""Who runs each provider of the RTT return, classified by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from clockstop.core.codes.load import CodeListError, load
from clockstop.core.types import Sector

_FILE = "provider_sectors.csv"
_COLUMNS = ("provider", "name", "sector", "operator", "source", "reason")


@dataclass(frozen=True, slots=True)
class ProviderSector:
    """The sector of a provider, and why. ``operator`` is None where the provider runs itself."""

    sector: Sector
    operator: str | None
    source: str
    reason: str


@cache
def provider_sectors() -> Mapping[str, ProviderSector]:
    """Every classified provider by its code as filed.

    No pattern of codes tells the sectors apart, so each provider is listed with the source and
    the reason. A company that an NHS trust owns is independent here: it files by itself and
    treats private patients too.
    """
    rows = load(_FILE, _COLUMNS)
    _refuse_unexplained(rows)
    return MappingProxyType(
        {
            row["provider"]: ProviderSector(
                sector=Sector(row["sector"]),
                operator=row["operator"] or None,
                source=row["source"],
                reason=row["reason"],
            )
            for row in rows
        }
    )


def sector_of(provider_code: str) -> Sector:
    """The sector of a provider; ``Sector.UNKNOWN`` for one that is not listed."""
    listed = provider_sectors().get(provider_code)
    return listed.sector if listed else Sector.UNKNOWN


def _refuse_unexplained(rows: tuple[dict[str, str], ...]) -> None:
    problems = [
        f"{_FILE}, row {number}, {column}: found {row[column]!r}, expected {expected}"
        for number, row in enumerate(rows, start=2)
        for column, is_right, expected in (
            ("sector", row["sector"] in set(Sector), f"one of {', '.join(Sector)}"),
            ("source", bool(row["source"]), "a source"),
            ("reason", bool(row["reason"]), "a reason"),
        )
        if not is_right
    ]
    if problems:
        raise CodeListError(problems)
