"""Estimate the season of referrals and treatments from the published series in the lake.

CLOCKSTOP_HOME=… .venv/bin/python scripts/make_season.py
"""

from __future__ import annotations

from pathlib import Path

from clockstop.analytics.forecast.engine import season
from clockstop.analytics.published.home import default_home
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month

FILE = Path(season.__file__).with_name("season.csv")
HEAD = """\
# Factor of a working day of each calendar month. Made by scripts/make_season.py from NHS England's
# RTT overview series (new RTT periods; completed pathways; with estimates for missing data),
# 2016-2019 and 2022-2023. Contains public sector information licensed under the Open Government
# Licence v3.0.
month,arrivals,treatment
"""


def main() -> None:
    lake = Lake(default_home())
    (revision,) = lake.catalogue().current("rtt_overview").values()
    rows = lake.scan(revision, "series").collect().rows(named=True)
    columns = [
        season.estimated({Month.parse(row["month"]): row[name] for row in rows if row[name]})
        for name in ("new_periods_est", "stops_est")
    ]
    lines = (
        f"{number},{a:.4f},{t:.4f}\n" for number, (a, t) in enumerate(zip(*columns, strict=True), 1)
    )
    FILE.write_text(HEAD + "".join(lines))


if __name__ == "__main__":
    main()
