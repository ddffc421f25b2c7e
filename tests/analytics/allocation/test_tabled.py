"""The fast judge of all pairs says what the readable judge of one says."""

from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.allocation.made import TERMS, capacities, requests

from clockstop.analytics.allocation import Against, fit
from clockstop.analytics.allocation.tabled import BITS, against, tabled


@given(st.lists(requests(), min_size=1, max_size=6), st.lists(capacities(), min_size=1, max_size=6))
def test_looking_up_says_what_the_rules_say(asked, offered):
    found = tabled(asked, offered, TERMS)
    masks = against(found)
    for i, one in enumerate(asked):
        for j, other in enumerate(offered):
            said = [each.code for each in fit(one, other, TERMS).against]
            assert [code for code in Against if masks[i, j] >> BITS[code] & 1] == said
            meets = found.in_scope[found.asked.scope[i], found.offered.scope[j]]
            scope = {Against.STAGE, Against.FUNCTION, Against.PROCEDURE, Against.TEST}
            assert meets == (not scope & set(said))
