"""The names and parents that the published layout gives with each code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets.rtt_writing import icb_name
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import organisations
from clockstop.core.codes import icb
from clockstop.core.codes.icbs import UnknownIcbError


@dataclass(frozen=True)
class Organisation:
    """A provider or commissioner: its name, and the code of its ICB, None where it has none."""

    name: str | None
    icb: str | None


@dataclass(frozen=True)
class Names:
    """Providers and commissioners by their codes, and ICBs' names where they are not ours."""

    providers: Mapping[str, Organisation]
    commissioners: Mapping[str, Organisation]
    icbs: Mapping[str, str] = field(default_factory=dict)

    def icb_name(self, code: str) -> str:
        """The name of an ICB as the returns write it; the code where nobody knows it."""
        if code in self.icbs:
            return self.icbs[code]
        try:
            return icb_name(icb(code))
        except UnknownIcbError:
            return code


def known_names(pathways: pl.DataFrame | pl.LazyFrame | None, lake: Lake | None = None) -> Names:
    """What a lake's returns say of each code, and of others the provider's ICB in the records.

    A provider that no return named goes by its code; ``pathways`` needs provider and icb.
    """
    known = pl.DataFrame() if lake is None else organisations(lake)
    providers = _of(known, "provider")
    if pathways is not None:
        table = pathways.lazy().select("provider", "icb").drop_nulls().unique().sort(pl.all())
        for code, board in table.collect().rows():
            providers.setdefault(code, Organisation(code, board))
    named = {} if known.is_empty() else dict(known.filter(kind="icb").select("code", "name").rows())
    return Names(providers, _of(known, "commissioner"), {k: v for k, v in named.items() if v})


def _of(known: pl.DataFrame, kind: str) -> dict[str, Organisation]:
    if known.is_empty():
        return {}
    rows = known.filter(kind=kind).select("code", "name", "parent").rows()
    return {code: Organisation(name, parent) for code, name, parent in rows}


def provider_rows(names: Names, codes: Iterable[str]) -> pl.DataFrame:
    """The columns of the layout that go with a provider's code. Raises ValueError."""
    rows, without = [], []
    for code in codes:
        known = names.providers.get(code)
        if known is None or known.icb is None:
            without.append(code)
        else:
            rows.append(
                (code, known.icb, names.icb_name(known.icb), code, known.name or code, False)
            )
    if without:
        listed = ", ".join(sorted(without))
        raise ValueError(f"no ICB is known for provider {listed}; a return names each one's ICB")
    columns = [
        "provider",
        layout.PROVIDER_ICB,
        layout.PROVIDER_ICB_NAME,
        layout.PROVIDER,
        layout.PROVIDER_NAME,
    ]
    schema = dict.fromkeys(columns, pl.String) | {"leaves_blanks": pl.Boolean}
    return pl.DataFrame(rows, schema, orient="row")


def commissioner_rows(names: Names, codes: Iterable[str]) -> pl.DataFrame:
    """The columns of the layout that go with a commissioner's code; hubs have no parent."""
    nobody = Organisation(None, None)
    rows = []
    for code in codes:
        known = names.commissioners.get(code, nobody)
        rows.append((code, known.icb, known.icb and names.icb_name(known.icb), code, known.name))
    columns = [
        "commissioner",
        layout.COMMISSIONER_ICB,
        layout.COMMISSIONER_ICB_NAME,
        layout.COMMISSIONER,
        layout.COMMISSIONER_NAME,
    ]
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")
