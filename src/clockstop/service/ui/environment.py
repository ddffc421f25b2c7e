"""The Jinja2 environment of every page."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader


def environment(**options: Any) -> Environment:
    """Our templates first, then the NHS components; their macros need ChainableUndefined."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    options["undefined"] = ChainableUndefined
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701
    env.globals.update(static=static, url=_url)
    return env


def _url(name: str, *args: str, **kwargs: str) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
