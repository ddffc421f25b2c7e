"""A column of codes: several values that a filter finds on any store."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.lookups import Contains

if TYPE_CHECKING:
    _Text = models.TextField[Iterable[str], tuple[str, ...]]
else:
    _Text = models.TextField  # knows of no types while it runs


class CodesField(_Text):
    """A tuple of codes without spaces, kept in one text: `` HIP KNEE ``.

    ``clinic_types__contains="HIP"`` finds rows with that very code.
    """

    def from_db_value(
        self, value: str | None, _expression: Any, _connection: Any
    ) -> tuple[str, ...]:
        """None comes from a join that found no row."""
        return tuple(value.split()) if value else ()

    def to_python(self, value: Iterable[str] | str) -> tuple[str, ...]:
        return tuple(value.split()) if isinstance(value, str) else tuple(value)

    def get_prep_value(self, value: Iterable[str] | str) -> str:
        return f" {' '.join(self.to_python(value))} "

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


@CodesField.register_lookup
class _Holds(Contains):
    """Whether one of the codes is this one."""

    def get_prep_lookup(self) -> str:
        return f" {self.rhs} "
