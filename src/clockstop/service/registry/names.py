"""Names in place of codes, for every page."""

from collections.abc import Iterable

from clockstop.service.registry.models import Organisation


def name_of(codes: Iterable[str]) -> dict[str, str]:
    """The name of each organisation, by one query; the code itself where we hold no name."""
    asked = list(codes)
    return {code: code for code in asked} | held_names(asked)


def held_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of those organisations that the register holds."""
    return dict(Organisation.objects.filter(code__in=set(codes)).values_list("code", "name"))
