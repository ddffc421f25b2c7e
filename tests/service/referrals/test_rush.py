"""However many book one slot at once, on either store: one referral gets it, the others are told."""

import pytest
from tests.service.directory.test_rush import SOAK, check

pytestmark = pytest.mark.django_db
RUSHING = "tests.service.referrals.rushing"


def test_one_of_sixty_four_referrals_gets_the_slot(store):
    check(store, slots=1, rushing=RUSHING)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 1,000 slots")
def test_one_of_sixty_four_referrals_gets_each_of_a_thousand_slots(store):
    check(store, slots=1_000, rushing=RUSHING)
