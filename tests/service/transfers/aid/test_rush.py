"""However many come at once, on either store: one gets the last place, one message acts once."""

import pytest
from tests.service.directory.test_rush import SOAK, check

pytestmark = pytest.mark.django_db
RUSHING = "tests.service.transfers.aid.rushing"


def test_one_of_eight_requests_gets_the_last_place(store):
    check(store, slots=1, rushing=RUSHING, people=8)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 200 places and 64 people")
def test_one_of_sixty_four_requests_gets_each_of_two_hundred_places(store):
    check(store, slots=200, rushing=RUSHING)


def test_a_message_that_arrives_eight_times_at_once_acts_once(store):
    check(store, slots=2, rushing="tests.service.transfers.aid.repeating", people=8)
