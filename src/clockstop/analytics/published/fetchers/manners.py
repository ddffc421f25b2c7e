"""How a site that is not ours is asked: who asks, how often, and how long is waited in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from clockstop import __version__
from clockstop.analytics.published.problems import FileRefusedError, Problem

T = TypeVar("T")


class UnavailableError(FileRefusedError):
    """The site did not answer as it should, however often it was asked."""


class LaterError(Exception):
    """An attempt failed and may be made again, after ``seconds`` if the site says when."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


def user_agent(about: str | None = None) -> str:
    """How Clockstop names itself; ``about`` is an address where it is explained who asks."""
    return f"Clockstop/{__version__}" + (f" (+{about})" if about else "")


@dataclass(frozen=True)
class Manners:
    """Times are in seconds: the pause between requests, waits after failures (doubling), limits."""

    agent: str = user_agent()
    pause: float = 1.0
    attempts: int = 5
    first_wait: float = 2.0
    longest_wait: float = 300.0
    timeout: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def patiently(self, url: str, attempt: Callable[[], T]) -> T:
        """Make the attempt until it succeeds, waiting longer and longer in between.

        Raises UnavailableError once all attempts failed, or the site asks for a wait too long.
        """
        for number in range(1, self.attempts):
            try:
                return attempt()
            except httpx.RequestError:
                seconds = None
            except LaterError as error:
                seconds = error.seconds
                if seconds is not None and seconds > self.longest_wait:
                    raise _unavailable(url, f"{error}, asking to wait {seconds:,.0f} s") from error
            if seconds is None:
                seconds = min(self.first_wait * 2 ** (number - 1), self.longest_wait)
            self.sleep(seconds)
        try:
            return attempt()
        except (httpx.RequestError, LaterError) as error:
            why = str(error) or type(error).__name__
            raise _unavailable(url, f"{why}, at the last of {self.attempts} attempts") from error


def _unavailable(url: str, found: str) -> UnavailableError:
    return UnavailableError([Problem(url, "unavailable", found, "a whole answer")])


def seconds_until(retry_after: str | None) -> float | None:
    """How long a Retry-After header asks to wait: seconds or a date; None if it says neither."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
