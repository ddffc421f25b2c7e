"""Pages of lists that are long: keys alone are counted and put in order, then a page is read."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator


class KeyPaginator(Paginator):  # type: ignore[type-arg]
    """As Django's, of a query whose index holds all by which it is cut and put in order.

    The store then reads the index for the whole list, and rows for one page alone.
    """

    def page(self, number: int | str) -> Page[Any]:
        """The rows of a page, in the order of the list."""
        at = self.validate_number(number)
        first = (at - 1) * self.per_page
        rows: Any = self.object_list
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        found = rows.order_by().in_bulk(keys)
        return Page([found[key] for key in keys if key in found], at, self)
