"""Booking references: twelve digits, each given out once."""

from django.db.models import F

from clockstop.service.referrals.models import UBRN_LENGTH, UbrnCounter

# National references came from e-RS alone; ours begin with a digit that marks them as local ones.
_FIRST = 9 * 10 ** (UBRN_LENGTH - 1)


def next_ubrn() -> str:
    """The next one, in the transaction of the referral that it is for."""
    UbrnCounter.objects.get_or_create(id=1)
    UbrnCounter.objects.filter(id=1).update(last=F("last") + 1)
    return f"{_FIRST + UbrnCounter.objects.get(id=1).last:0{UBRN_LENGTH}d}"
