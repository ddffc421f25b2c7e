"""How the tests of a run are shared out to its workers: by file, the longest first.

What a file's tests make for themselves is made once, and no long test is left over for the end,
when the other workers have nothing more to do.
"""

from xdist.scheduler import LoadFileScheduling

LONGEST = (
    "analytics/clocks/test_kernel.py",  # the first to compile the kernel: others find it compiled
    "journeys/test_somebody_looks_up_an_organisation.py",  # makes the lake of published files
    "interfaces/test_site.py",
    "analytics/synthetic/test_calibration.py",
    "analytics/published/test_atomic.py",
    "service/test_killed.py",
    "spark",
    "analytics/lists/test_parity.py",
    "analytics/synthetic/test_ingested.py",
    "analytics/published/test_mutations.py",
    "analytics/returns/test_round_trip.py",
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


def place(nodeid: str) -> int:
    """Where a test comes: the longest first, all others after them as they were."""
    found = (at for at, part in enumerate(LONGEST) if part in nodeid)
    return next(found, len(LONGEST))


class ByFile(LoadFileScheduling):
    """A file to a worker; all tests of Spark to one, so that it is started once."""

    def __init__(self, config, log=None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return "spark" if "spark" in nodeid else super()._split_scope(nodeid)
