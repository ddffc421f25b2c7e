"""The books that every dashboard reads: of figures, as the API does, and of forecasts."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from clockstop.analytics.forecast.book import ForecastBook, book_file
from clockstop.analytics.forecast.expected.waits import expected_file
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.analytics.published.home import default_home
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.service.compare.book import NoDataYet


def current_figures() -> MonitoringBook:
    """The figures of the lake as it stands. Raises NoDataYet if nothing has been ingested."""
    return figures_of(settings.CLOCKSTOP_HOME or default_home())


def figures_of(home: Path) -> MonitoringBook:
    """The figures of a lake; they are read anew whenever the lake's catalogue changes."""
    return _open(home, Lake(home).version())


def current_forecasts() -> ForecastBook:
    """What is kept of the lake's forecasts. Raises NotWorkedOutError until they are worked out."""
    home = settings.CLOCKSTOP_HOME or default_home()
    return _forecasts(home, Lake(home).version())


def current_version() -> str:
    """What every figure rests on: it changes whenever the lake does."""
    home = settings.CLOCKSTOP_HOME or default_home()
    return f"{Lake(home).version():x}"


def forecasts_version() -> str:
    """What forecasts rest on beside the lake: it changes whenever they are worked out anew."""
    home = settings.CLOCKSTOP_HOME or default_home()
    kept = _kept_files(home, Lake(home).version())
    return " ".join(str(file.stat().st_mtime_ns) if file.exists() else "-" for file in kept)


@lru_cache(maxsize=1)
def _kept_files(home: Path, _version: int) -> tuple[Path, ...]:
    lake = Lake(home)
    return book_file(lake), expected_file(lake)


@lru_cache(maxsize=1)
def _open(home: Path, _version: int) -> MonitoringBook:
    try:
        return MonitoringBook(Lake(home))
    except NoDataError as error:
        raise NoDataYet from error


@lru_cache(maxsize=1)
def _forecasts(home: Path, _version: int) -> ForecastBook:
    return ForecastBook(Lake(home))
