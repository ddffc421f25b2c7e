"""What somebody sees whom the service does not let do something."""

from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from clockstop.interfaces.config import urls


def test_a_refusal_has_a_page_of_its_own(book):
    request = RequestFactory().get("/pathways/")
    response = urls.handler403(request, PermissionDenied("a word of the code's"))
    assert response.status_code == 403
    page = response.content.decode()
    assert "You cannot do this" in page
    assert "a word of the code's" not in page
