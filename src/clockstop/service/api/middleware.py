"""Errors that arise before or around the views of the APIs, in the APIs' own shape."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from clockstop.service.api.problems import PROBLEM_JSON, problem_response

_FIGURES, _MUTUAL_AID = "/api/v1/", "/api/mutual-aid/"
_ONLY_READ = "Figures can only be read: use GET or HEAD."
_WORDS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.UNAUTHORIZED: "Send a token of a provider that holds, with the scope.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The fault is ours; it has been logged.",
}


class ProblemMiddleware:
    """Under the APIs' addresses, a page about an error becomes a problem in JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        if not (is_error and request.path.startswith((_FIGURES, _MUTUAL_AID))):
            return response
        if response["Content-Type"] == PROBLEM_JSON:
            return response
        return _as_problem(response, is_read_only=request.path.startswith(_FIGURES))


def _as_problem(response: HttpResponse, *, is_read_only: bool) -> HttpResponse:
    status = HTTPStatus(response.status_code)
    words = _WORDS.get(status, status.description or status.phrase)
    if is_read_only and status == HTTPStatus.METHOD_NOT_ALLOWED:
        words = _ONLY_READ
    problem = problem_response(status, words)
    if "Allow" in response:
        problem["Allow"] = ", ".join(sorted(response["Allow"].split(", ")))
    if "Retry-After" in response:
        problem["Retry-After"] = response["Retry-After"]
    return problem
