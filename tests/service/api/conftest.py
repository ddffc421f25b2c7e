import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.analytics.forecast.waits_ahead import table_of
from tests.analytics.story import LEEDS
from tests.service.dashboards import told

from clockstop.analytics.forecast.expected.waits import (
    Accuracy,
    ExpectedWaits,
    Facts,
    expected_file,
    keep,
)
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month
from clockstop.service.api.api import document
from clockstop.service.compare import book as shelf

ROOT = "/api/v1"


FACTS = Facts(Month(2025, 9), 157, (Accuracy(3, 13.0, 6, 2.45, 5.0, 4.0, 0.8),), (0, 65), (65,))


@pytest.fixture(autouse=True)
def _figures(book, figures, tmp_path, settings, monkeypatch) -> None:
    """Every test reads the figures of the story, and forecasts and waits ahead made by hand."""
    settings.CLOCKSTOP_HOME = tmp_path
    lake = Lake(tmp_path)
    told.write(lake)
    file = expected_file(lake)
    keep(file, table_of(provider=LEEDS), FACTS)
    monkeypatch.setattr(
        shelf, "waits_of", lambda _home: ExpectedWaits(file) if file.exists() else None
    )


@pytest.fixture
def get(client) -> Callable[..., Any]:
    """Ask the API; whatever it answers must be what its own document says."""

    def ask(path: str, status: int = 200, **query: Any) -> Any:
        response = client.get(ROOT + path, query)
        assert response.status_code == status, response.content
        body = json.loads(response.content)
        errors = [*validator(response, path).iter_errors(body)]
        assert not errors, errors[0]
        return body

    return ask


def validator(response: Any, path: str) -> Draft202012Validator:
    """What checks a response against the schema that the document gives for it."""
    content = document()["paths"][template(path)]["get"]["responses"][response.status_code]
    schema = content["content"][response["Content-Type"]]["schema"]
    return Draft202012Validator(schema | {"components": document()["components"]})


_NAMED = {
    "areas": "/{kind}/{code}",
    "forecasts": "/{kind}/{code}",
    "expected-waits": "/{provider}/{function}",
}


def template(path: str) -> str:
    """The path of the document that an address is of."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"{ROOT}/{first}{_NAMED[first]}" if rest else ROOT + path
