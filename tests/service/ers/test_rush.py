"""However many programs book one slot through the API at once, on either store: one gets it."""

import pytest
from tests.service.directory.test_rush import check, started, told
from tests.sizes import SOAK

pytestmark = pytest.mark.django_db
RUSHING = "tests.service.ers.rushing"


def test_one_of_sixteen_programs_gets_the_slot(store):
    check(store, slots=1, rushing=RUSHING, people=16)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 64 programs at each of 20 slots")
def test_one_of_sixty_four_programs_gets_each_of_twenty_slots(store):
    check(store, slots=20, rushing=RUSHING)


def test_a_change_while_another_connection_holds_the_row_is_told_as_locked(store):
    busy, is_unchanged, after = told(started(store, "tests.service.ers.locking"))
    assert (busy, is_unchanged, after) == (423, True, 200)
