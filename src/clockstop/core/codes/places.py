"""Where the providers are that no published hospital list places, decided by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from clockstop.core.codes.load import CodeListError, load
from clockstop.core.geography.districts import districts

_FILE = "provider_places.csv"
_COLUMNS = ("provider", "name", "district", "basis", "note")


class PlaceBasis(StrEnum):
    """How the place of a provider is known; the value is what the file carries."""

    TOWN_IN_NAME = "town_in_name"
    KNOWN_SITE = "known_site"


@dataclass(frozen=True, slots=True)
class ProviderPlace:
    """The postcode district of a provider's town or site; ``note`` names the place."""

    district: str
    basis: PlaceBasis
    note: str


@cache
def provider_places() -> Mapping[str, ProviderPlace]:
    """The place of each provider that its own name or general knowledge places, by code as filed.

    Only for providers that the published hospital lists do not place, and only to the district of
    the town. Left out, so that their distance stays not known: national companies, services of
    many sites or online, holding companies, names that give two towns or only a county, and all
    we are not sure of. Raises CodeListError if a row has no English district, basis or note.
    """
    rows = load(_FILE, _COLUMNS)
    _refuse_unplaced(rows)
    return MappingProxyType(
        {
            row["provider"]: ProviderPlace(
                district=row["district"], basis=PlaceBasis(row["basis"]), note=row["note"]
            )
            for row in rows
        }
    )


def _refuse_unplaced(rows: tuple[dict[str, str], ...]) -> None:
    english = {code for code, district in districts().items() if district.country == "E"}
    problems = [
        f"{_FILE}, row {number}, {column}: found {row[column]!r}, expected {expected}"
        for number, row in enumerate(rows, start=2)
        for column, is_right, expected in (
            ("district", row["district"] in english, "a postcode district of England"),
            ("basis", row["basis"] in set(PlaceBasis), f"one of {', '.join(PlaceBasis)}"),
            ("note", bool(row["note"]), "the place"),
        )
        if not is_right
    ]
    if problems:
        raise CodeListError(problems)
