"""Weekly tables in a few letters, for the tests of one view across providers."""

from datetime import date, timedelta

import polars as pl

from clockstop.analytics.reconcile.columns import READ, READ_OF_OPEN, TRANSFER

SUNDAY = date(2025, 9, 28)
OPEN = {
    name: pl.Date() if short == "start" else pl.String()
    for short, name in (READ | READ_OF_OPEN).items()
}
CLOCKS = {name: OPEN[name] for name in READ.values()}


def ago(weeks: int | None) -> date | None:
    """A clock start so many weeks before the end of the week."""
    return None if weeks is None else SUNDAY - timedelta(weeks=weeks)


def rows(*lines: str) -> list[dict[str, object]]:
    """Lines such as ``A K1 ann 110 20``: provider, pathway, person, function, weeks; then
    ``>B`` for the provider that accepted and ``?`` for a transfer that was asked for. The pathway
    is its issuer, A unless given as ``B:K1``, and its identifier; ``-`` is blank."""
    return [_row(*line.split()) for line in lines]


def _row(provider, pathway, person, function, weeks, *more) -> dict[str, object]:
    issuer, _, identifier = pathway.rpartition(":")
    marks = dict.fromkeys(("asked", "sent_to"))
    for each in more:
        marks["asked"] = "under way"
        if each.startswith(">"):
            marks["sent_to"] = each.removeprefix(">")
    return {
        "provider": provider,
        "issuer": None if pathway == "-" else issuer or "A",
        "identifier": None if pathway == "-" else identifier,
        "person": None if person == "-" else person,
        "function": None if function == "-" else function,
        "start": None if weeks == "-" else ago(int(weeks)),
        **marks,
    }


def open_table(given) -> pl.DataFrame:
    return _table(given, READ | READ_OF_OPEN, OPEN)


def clock_table(given) -> pl.DataFrame:
    return _table(given, READ, CLOCKS)


def _table(given, names, schema) -> pl.DataFrame:
    held = [{name: row[short] for short, name in names.items()} for row in given]
    return pl.DataFrame(held, schema={name: schema[name] for name in names.values()})


def transfer_table(*lines: str) -> pl.DataFrame:
    """Lines such as ``A K1 B``: the sender, the pathway, the receiver."""
    held = [line.split() for line in lines]
    return pl.DataFrame([["A", key, a, b] for a, key, b in held], dict(TRANSFER), orient="row")
