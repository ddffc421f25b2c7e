"""How the tests of a run are shared out to its workers: by file, the longest first.

What a file's tests make for themselves is made once, and no long test is left over for the end,
when the other workers have nothing more to do.
"""

from xdist.scheduler import LoadFileScheduling

LONGEST = (
    "analytics/clocks/test_kernel.py",  # the first to compile the kernel: others find it compiled
    "journeys/test_small_and_missing_numbers.py",  # begins the site of the published files
    "interfaces/test_site.py",
    "journeys/test_somebody_looks_up_an_organisation.py",  # makes the journeys' England
    "analytics/synthetic/test_calibration.py",
    "analytics/published/test_atomic.py",
    "service/test_killed.py",
    "spark",
    "analytics/lists/test_parity.py",
    "analytics/synthetic/test_ingested.py",
    "analytics/published/test_mutations.py",
    "analytics/returns/test_round_trip.py",
    "service/safety/test_every_route.py",
    "service/dashboards/test_scenario_pages.py",
    "service/intake/test_demo_list.py",
    "interfaces/test_store.py",
    "service/intake/test_killed.py",
    "service/returns/test_signing_together.py",
    "service/test_stores.py",
    "analytics/returns/test_monthly.py",
    "analytics/synthetic/test_maker.py",
    "analytics/lists/test_statistics.py",
    "interfaces/test_returns.py",
    "journeys/",
)
# What each of these makes for itself is dear, and the same: one worker makes it for all of them.
TOGETHER = {
    "spark": ("spark",),
    "site of the published files": (
        "journeys/test_small_and_missing_numbers.py",
        "journeys/test_an_icb_finds_its_figures.py",
        "journeys/test_every_page.py",
    ),
    "published months": (
        "forecast/test_accuracy.py",
        "forecast/test_expected_backtest.py",
        "forecast/test_real_flows.py",
        "forecast/test_real_survival.py",
    ),
}


def place(nodeid: str) -> int:
    """Where a test comes: the longest first, all others after them as they were."""
    found = (at for at, part in enumerate(LONGEST) if part in nodeid)
    return next(found, len(LONGEST))


class ByFile(LoadFileScheduling):
    """A file to a worker, and the files of ``TOGETHER`` to one."""

    def __init__(self, config, log=None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        together = (name for name, parts in TOGETHER.items() if any(p in nodeid for p in parts))
        return next(together, None) or super()._split_scope(nodeid)
