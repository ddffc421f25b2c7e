"""A scenario in an address: short, the same for the same scenario, and nothing need be stored."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from string import ascii_letters, digits

from clockstop.analytics.forecast.scenarios.reading import read_scenario, written
from clockstop.analytics.forecast.scenarios.scenario import (
    REPLICATES,
    SEED,
    Scenario,
    ScenarioRefusedError,
)

LONGEST = 1200  # letters: three of them fit into an address that every browser and server takes
_LONGEST_TEXT = 100_000
_LETTERS = {*ascii_letters, *digits, "-", "_"}
_VERSION = "1"
# What scenarios are made of, the most usual last. Addresses that are out there rest on it: any
# change needs another version.
_WORDS = (
    b'"replicates":,"seed":"targets":[{"by_month":"20","percent":,"within_weeks":18}],'
    b'{"percent_by_month":{"2026-04":5,"2026-05":5},"to_month":"2027-03","where":{"providers":["R'
    b'"policy":{"cliff":{"by_month":"2027-03","over_weeks":65},"long_wait_share":0.1,'
    b'"long_wait_weeks":52},"title":"More theatre lists in trauma and orthopaedics",'
    b'"where":{"functions":["C_1"],"icbs":["Q"]}},"from_month":"2026-04","capacity":[{'
    b'"clock_stops_a_week":100,"demand":[{"percent_a_year":2},{"base_month":"2025-09",'
    b'"horizon_months":18,'
)
_USUAL = {"seed": SEED, "replicates": REPLICATES}


def packed(scenario: Scenario) -> str:
    """A scenario as letters, digits, ``-`` and ``_``.

    Raises ScenarioRefusedError for one that is too long for an address.
    """
    values = {key: each for key, each in written(scenario).items() if each != _USUAL.get(key)}
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    work = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS, zdict=_WORDS)
    small = work.compress(text.encode()) + work.flush()
    found = _VERSION + urlsafe_b64encode(small).decode().rstrip("=")
    if len(found) > LONGEST:
        problem = f"found {len(found)} letters once packed, expected {LONGEST} or fewer"
        raise ScenarioRefusedError((f"the file: too long for an address: {problem}",))
    return found


def unpacked(text: str) -> Scenario:
    """The scenario of an address.

    Raises ScenarioRefusedError with all that is wrong with it, or for letters that are none.
    """
    refusal = ScenarioRefusedError(("the address: found no scenario in it, expected a whole one",))
    body = text[1:]
    if text[:1] != _VERSION or len(text) > LONGEST or not set(body) <= _LETTERS:
        raise refusal
    try:
        small = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        work = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_WORDS)
        plain = work.decompress(small, _LONGEST_TEXT)
        if not work.eof:
            raise refusal
        return read_scenario(plain.decode())
    except (NotBase64Error, zlib.error, UnicodeDecodeError) as error:
        raise refusal from error
