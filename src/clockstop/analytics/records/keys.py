"""Keys of records as columns: 32 hexadecimal digits, made in order."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes

import numpy as np
import polars as pl

_WIDTH = 16
_HYPHENS = (8, 12, 16, 20)


def ordered_keys(count: int, moment: datetime) -> pl.Series:
    """So many new keys, each greater than the one before: indexes of them only grow at the end.

    UUIDs of version 7 (RFC 9562): the moment in milliseconds, then a counter, then chance.
    """
    keys = np.empty((count, _WIDTH), np.uint8)
    stamp = int(moment.timestamp() * 1000).to_bytes(6, "big")
    keys[:, :6] = np.frombuffer(stamp, np.uint8)
    chance = np.frombuffer(token_bytes(count * 6 or 1)[: count * 6], np.uint8).reshape(count, 6)
    counter = np.arange(count, dtype=np.uint64) << np.uint64(4)  # 12 and 24 bits of it
    spread = counter.astype(">u8").view(np.uint8).reshape(count, 8)
    keys[:, 6] = 0x70 | (spread[:, 3] & 0x0F)
    keys[:, 7], keys[:, 8] = spread[:, 4], 0x80 | (spread[:, 5] >> 2)
    keys[:, 9] = ((spread[:, 5] & 0x03) << 6) | (spread[:, 6] >> 2)
    keys[:, 10:] = chance
    keys[:, 10] = ((spread[:, 6] & 0x03) << 6) | (spread[:, 7] >> 2)
    text = keys.tobytes().hex()
    step = 2 * _WIDTH
    return pl.Series([text[at : at + step] for at in range(0, len(text), step)], dtype=pl.String)


def hyphened(name: str) -> pl.Expr:
    """A key as it is written for people: with its hyphens."""
    starts, ends = (0, *_HYPHENS), (*_HYPHENS, 32)
    parts = [
        pl.col(name).str.slice(start, end - start) for start, end in zip(starts, ends, strict=True)
    ]
    return pl.concat_str(parts, separator="-")
