"""How many messages stand where."""

from datetime import date
from typing import Any

from django.db.models import Count

from clockstop.service.messaging.models import Message


def counted(template: str = "", since: date | None = None) -> list[dict[str, Any]]:
    """Messages by template, channel, state and reason: of one template, or since a day, or all."""
    rows = Message.objects.order_by()
    if template:
        rows = rows.filter(template=template)
    if since:
        rows = rows.filter(created_at__date__gte=since)
    by = ("template", "channel", "state", "reason")
    return list(rows.values(*by).annotate(messages=Count("pk")).order_by(*by))
