"""Every error as one shape, whatever went wrong."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from clockstop.analytics.forecast.book import NotWorkedOutError
from clockstop.analytics.forecast.forecast import LEAST_MONTHS
from clockstop.service.api.schemas.problems import Problem, WrongParameter
from clockstop.service.compare.book import NoDataYet
from clockstop.service.dashboards.book import current_figures

PROBLEM_JSON = "application/problem+json"


class ProblemError(Exception):
    """A request that cannot be answered, and why."""

    def __init__(
        self, status: HTTPStatus, detail: str, wrong: Sequence[WrongParameter] = ()
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.wrong = status, detail, [*wrong]


def not_found(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, detail)


def wrong_parameter(name: str, detail: str) -> ProblemError:
    return _wrong([WrongParameter(parameter=name, detail=detail)])


def problem_response(
    status: HTTPStatus, detail: str, wrong: Sequence[WrongParameter] = ()
) -> HttpResponse:
    """An error as the API sends it; nobody keeps it."""
    title = "Wrong parameters" if wrong else status.phrase
    problem = Problem(title=title, status=status, detail=detail, wrong=[*wrong])
    response = HttpResponse(problem.model_dump_json(), PROBLEM_JSON, status)
    response["Cache-Control"] = "no-store"
    return response


def described(document: Mapping[str, Any]) -> dict[str, Any]:
    """An OpenAPI document with the errors' own media type, which the framework cannot say."""
    made = dict(document)
    for path in made["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
                    content[PROBLEM_JSON] = content.pop("application/json")
    return made


def install(api: NinjaAPI) -> None:
    """Send the API's errors as problems."""
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(ProblemError, _problem)
    api.add_exception_handler(NoDataYet, _no_data)
    api.add_exception_handler(NotWorkedOutError, _not_worked_out)
    api.add_exception_handler(Http404, _absent)


def _wrong(wrong: Sequence[WrongParameter]) -> ProblemError:
    names = ", ".join(dict.fromkeys(each.parameter for each in wrong))
    return ProblemError(HTTPStatus.BAD_REQUEST, f"Look at: {names}.", wrong)


def _problem(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(error.status, error.detail, error.wrong)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return _problem(request, _wrong([_one_wrong(each) for each in error.errors]))


def _one_wrong(error: Mapping[str, Any]) -> WrongParameter:
    """A validation error; its place is where it was sent, its group, its name and so on."""
    place = error["loc"]
    names = [each for each in place[1:] if isinstance(each, str) and each != "asked"]
    detail = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        detail = "There is no such parameter"
    return WrongParameter(parameter=names[0] if names else str(place[-1]), detail=detail)


def _no_data(_request: HttpRequest, _error: Any) -> HttpResponse:
    detail = "No figures have been read in yet: see `clockstop data ingest`."
    return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def _not_worked_out(_request: HttpRequest, error: Any) -> HttpResponse:
    """Nobody has worked the forecasts out, perhaps since the months are too few."""
    held = len(current_figures().months)
    needs = f"{LEAST_MONTHS} consecutive months of returns, waits ahead one more"
    detail = f"{str(error).capitalize()}. Forecasts need {needs}; {held} are held."
    return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def _absent(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem_response(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
