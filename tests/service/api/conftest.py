import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clockstop.service.api.api import document

ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def _figures(book, figures, tmp_path, settings) -> None:
    """Every test reads the figures of the story."""
    settings.CLOCKSTOP_HOME = tmp_path


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


def template(path: str) -> str:
    return f"{ROOT}/areas/{{kind}}/{{code}}" if path.startswith("/areas/") else ROOT + path
