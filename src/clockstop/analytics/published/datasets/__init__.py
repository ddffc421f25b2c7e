"""One module for each data set that ingest knows; the order is the order of recognition."""

from collections.abc import Sequence

from clockstop.analytics.published.datasets.cancer_62_day import CANCER_62_DAY
from clockstop.analytics.published.datasets.cancer_waits import CANCER_WAITS
from clockstop.analytics.published.datasets.deprivation import DEPRIVATION
from clockstop.analytics.published.datasets.diagnostic_centres import DIAGNOSTIC_CENTRES
from clockstop.analytics.published.datasets.dm01 import DM01
from clockstop.analytics.published.datasets.hes_activity import HES_ACTIVITY
from clockstop.analytics.published.datasets.hospitals import HOSPITALS
from clockstop.analytics.published.datasets.lsoa import LSOAS
from clockstop.analytics.published.datasets.population import POPULATION
from clockstop.analytics.published.datasets.postcode_centroids import POSTCODE_CENTROIDS
from clockstop.analytics.published.datasets.practices import PRACTICES
from clockstop.analytics.published.datasets.provider_icbs import PROVIDER_ICBS
from clockstop.analytics.published.datasets.provider_ratings import PROVIDER_RATINGS
from clockstop.analytics.published.datasets.rtt import RTT
from clockstop.analytics.published.datasets.rtt_overview import RTT_OVERVIEW
from clockstop.analytics.published.datasets.sector_splits import SECTOR_SPLITS
from clockstop.analytics.published.datasets.sectors import SECTORS
from clockstop.analytics.published.datasets.successors import SUCCESSORS
from clockstop.analytics.published.datasets.surgical_hubs import SURGICAL_HUBS
from clockstop.analytics.published.datasets.treatments_by_sector import TREATMENTS_BY_SECTOR
from clockstop.analytics.published.datasets.trusts import TRUSTS
from clockstop.analytics.published.datasets.wlmds_demographics import WLMDS_DEMOGRAPHICS
from clockstop.analytics.published.reading import DataSet

DATA_SETS: tuple[DataSet, ...] = (
    RTT,
    RTT_OVERVIEW,
    DM01,
    HES_ACTIVITY,
    SECTOR_SPLITS,
    TREATMENTS_BY_SECTOR,
    DEPRIVATION,
    LSOAS,
    SURGICAL_HUBS,
    DIAGNOSTIC_CENTRES,
    PROVIDER_RATINGS,
    TRUSTS,
    PRACTICES,
    PROVIDER_ICBS,
    SUCCESSORS,
    POSTCODE_CENTROIDS,
    HOSPITALS,
    SECTORS,
    WLMDS_DEMOGRAPHICS,
    CANCER_62_DAY,
    CANCER_WAITS,
    POPULATION,
)


def recognise(head: bytes) -> DataSet | None:
    """The data set that a file's first bytes belong to, or None."""
    return next((data_set for data_set in DATA_SETS if data_set.recognises(head)), None)


def recognise_sheets(names: Sequence[str]) -> DataSet | None:
    """The data set that a workbook with sheets of these names belongs to, or None."""
    return next((data_set for data_set in DATA_SETS if data_set.recognises_sheets(names)), None)


__all__ = ["DATA_SETS", "recognise", "recognise_sheets"]
