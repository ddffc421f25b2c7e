"""The demo's store: made-up people, apart from any store that is real."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from clockstop.interfaces.cli.output import out, progress_bar
from clockstop.interfaces.cli.service import reaching_the_store

if TYPE_CHECKING:
    from clockstop.analytics.published.lake import Lake

SETTINGS = "clockstop.interfaces.config.settings.demo"


def make_ready(lake: Lake, file: Path) -> None:
    """Make the store, with the lake's organisations and made-up people; soon done a second time.

    A store that is old gets more weeks of slots.

    From here on the process and the site that it becomes are on this store: whatever store
    CLOCKSTOP_DATABASE named before, nobody signs in there as somebody else.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["CLOCKSTOP_HOME"] = str(lake.home)
    os.environ["CLOCKSTOP_DATABASE"] = _address(file)
    noted = file.with_suffix(".json")
    state = _state(lake)
    is_there = file.exists() and noted.exists() and noted.read_text() == state
    with reaching_the_store():
        if not is_there:
            _make(lake)
        _top_up(lake)
    noted.write_text(state)


def _top_up(lake: Lake) -> None:
    """Nothing can be booked in a store that was made months ago: its clinics go on."""
    from clockstop.service.directory.topping_up import top_up

    made = top_up(lake)
    if made:
        out.print(f"The demo's clinics go on: {made:,} more slots.", markup=False)


def _make(lake: Lake) -> None:
    from clockstop.interfaces.cli.database import migrated
    from clockstop.service.directory.demo import fill_around
    from clockstop.service.intake.demo import load_patients
    from clockstop.service.pathways.demo import NoOrganisationsError, seed
    from clockstop.service.portal.demo import seed_portal
    from clockstop.service.referrals.demo import refer
    from clockstop.service.registry.loading import load
    from clockstop.service.returns.demo import seed_weeks
    from clockstop.service.transfers.demo import seed_aid

    migrated()
    load(lake=lake)
    try:
        seed(_filing(lake))
    except NoOrganisationsError as error:
        out.print(f"Nobody can sign in to this demo: {error}.", markup=False)
        return
    with progress_bar() as progress:
        bar = progress.add_task("Making patients", total=None)
        load_patients(lake, progress=lambda words: progress.update(bar, description=words))
        fill_around(lake, lambda words: progress.update(bar, description=words))
        progress.update(bar, description="Making referrals")
        refer()
        seed_portal()
        progress.update(bar, description="Asking others for help")
        seed_aid()
    seed_weeks()


def _filing(lake: Lake) -> tuple[str, ...]:
    """The providers of the lake's last month."""
    from clockstop.analytics.published.pathways import months_held, providers_of

    months = months_held(lake)
    return providers_of(lake, months[-1]) if months else ()


def _address(file: Path) -> str:
    return f"sqlite:///{quote(str(file.absolute()))}"


def _state(lake: Lake) -> str:
    """What would change if the store had to be another: its tables, its people, the lake."""
    import clockstop.service

    service = Path(clockstop.service.__path__[0])
    files = sorted([*service.glob("*/migrations/*.py"), *service.glob("*/demo*")])
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return json.dumps([digest.hexdigest(), version("django"), lake.version()])
