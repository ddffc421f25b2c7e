"""Errors that arise before or around the API's own views, in the API's own shape."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from clockstop.service.api.problems import PROBLEM_JSON, problem_response

_PREFIX = "/api/v1/"
_WORDS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Figures can only be read: use GET or HEAD.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The fault is ours; it has been logged.",
}


class ProblemMiddleware:
    """Under the API's addresses, a page about an error becomes a problem in JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        if not (is_error and request.path.startswith(_PREFIX)):
            return response
        if response["Content-Type"] == PROBLEM_JSON:
            return response
        return _as_problem(response)


def _as_problem(response: HttpResponse) -> HttpResponse:
    status = HTTPStatus(response.status_code)
    problem = problem_response(status, _WORDS.get(status, status.description or status.phrase))
    if "Allow" in response:
        problem["Allow"] = ", ".join(sorted(response["Allow"].split(", ")))
    return problem
