"""The directory for the demo: what referrers of its people's ICB can reach."""

from collections.abc import Callable

from clockstop.analytics.published.lake import Lake
from clockstop.service.accounts.models import Membership
from clockstop.service.directory.filling import Filled, fill

MILES = 50


def fill_around(lake: Lake, progress: Callable[[str], None] = lambda _: None) -> Filled | None:
    """Fill the directory around the ICB of the people who sign in; none where nobody does."""
    boards = Membership.objects.exclude(icb_code="").order_by("icb_code")
    icb = boards.values_list("icb_code", flat=True).first()
    return fill(lake, near=icb, miles=MILES, progress=progress) if icb else None
