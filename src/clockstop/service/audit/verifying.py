"""Whether the audit is as it was written: every seal, every number, every end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clockstop.service.audit.models import Chain, Entry
from clockstop.service.audit.sealing import SEALED, seal


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written, and where."""

    icb_code: str
    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries were read, how each chain ends, and what is wrong."""

    entries: int
    ends: Mapping[str, tuple[int, str]]
    faults: tuple[Fault, ...]


def verify(noted: Mapping[str, tuple[int, str]] | None = None) -> Verified:
    """Read every chain from its first entry.

    ``noted`` are ends of chains (length, seal) that were kept elsewhere: a chain that was written
    anew from some entry on agrees with itself, but not with them.
    """
    chains = {chain.icb_code: (chain.length, chain.seal) for chain in Chain.objects.all()}
    held = set(Entry.objects.values_list("icb_code", flat=True).distinct())
    faults: list[Fault] = []
    total = 0
    for code in sorted(held | set(chains) | set(noted or {})):
        length, found = _read(code, (noted or {}).get(code))
        total += length
        faults += found
        faults += _end(code, length, chains.get(code))
    return Verified(total, chains, tuple(faults))


def _read(code: str, noted: tuple[int, str] | None) -> tuple[int, list[Fault]]:
    faults, previous, number = [], "", 0
    rows = Entry.objects.filter(icb_code=code).order_by("number").values(*SEALED, "seal")
    for row in rows.iterator(chunk_size=2_000):
        number += 1
        faults += [Fault(code, row["number"], problem) for problem in _wrong(row, number, previous)]
        if noted and row["number"] == noted[0] and row["seal"] != noted[1]:
            faults.append(Fault(code, row["number"], "is not the entry that was noted elsewhere"))
        previous, number = row["seal"], row["number"]
    if noted and number < noted[0]:
        faults.append(
            Fault(code, number, f"ends before entry {noted[0]}, which was noted elsewhere")
        )
    return number, faults


def _wrong(row: Mapping[str, object], number: int, previous: str) -> Iterator[str]:
    if row["number"] != number:
        yield f"stands where entry {number} should"
    if row["previous"] != previous:
        yield "does not follow the entry before it"
    if row["seal"] != seal(row):
        yield "was altered: its seal does not fit"


def _end(code: str, length: int, chain: tuple[int, str] | None) -> list[Fault]:
    if chain is None:
        return [Fault(code, length, "the chain's own row is missing")]
    last = Entry.objects.filter(icb_code=code).order_by("-number").values_list("seal", flat=True)
    if chain != (length, last.first() or ""):
        return [Fault(code, length, f"the chain should end with entry {chain[0]}")]
    return []
