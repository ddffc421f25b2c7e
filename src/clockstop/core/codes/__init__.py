"""National code lists: treatment functions, tests, ICBs, regions, providers with their places."""

from clockstop.core.codes.diagnostic_tests import (
    DiagnosticTest,
    TestGroup,
    UnknownTestError,
    diagnostic_test,
    diagnostic_tests,
)
from clockstop.core.codes.functions import (
    ALL_FUNCTIONS,
    OLDER_FUNCTIONS,
    UnknownFunctionError,
    find_functions,
    treatment_function,
    treatment_functions,
)
from clockstop.core.codes.icbs import (
    ENGLAND,
    Icb,
    Region,
    UnknownIcbError,
    icb,
    icb_name,
    icbs,
    icbs_on,
    region_of,
    regions,
)
from clockstop.core.codes.load import CodeListError
from clockstop.core.codes.mergers import Merger, known_mergers
from clockstop.core.codes.names import display_name
from clockstop.core.codes.places import PlaceBasis, ProviderPlace, provider_places
from clockstop.core.codes.sectors import ProviderSector, provider_sectors, sector_of

__all__ = [
    "ALL_FUNCTIONS",
    "ENGLAND",
    "OLDER_FUNCTIONS",
    "CodeListError",
    "DiagnosticTest",
    "Icb",
    "Merger",
    "PlaceBasis",
    "ProviderPlace",
    "ProviderSector",
    "Region",
    "TestGroup",
    "UnknownFunctionError",
    "UnknownIcbError",
    "UnknownTestError",
    "diagnostic_test",
    "diagnostic_tests",
    "display_name",
    "find_functions",
    "icb",
    "icb_name",
    "icbs",
    "icbs_on",
    "known_mergers",
    "provider_places",
    "provider_sectors",
    "region_of",
    "regions",
    "sector_of",
    "treatment_function",
    "treatment_functions",
]
