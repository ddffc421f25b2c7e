import pytest
from tests.service.people import PRACTICE, a_member, signed_in

from clockstop.service.accounts.roles import Role


@pytest.fixture
def gp(client):
    """A GP of the practice, signed in; ``.member`` is who that is."""
    member = a_member(Role.REFERRER, PRACTICE)
    client = signed_in(client, member)
    client.member = member
    return client


@pytest.fixture(autouse=True)
def figures(book):
    """The fake book of waits and places stands behind every page."""
    return book
