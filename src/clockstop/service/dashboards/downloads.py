"""A panel's table and chart as files: the same figures, unrounded."""

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string

from clockstop.analytics.engine.files import TABLE_TYPES, table_file
from clockstop.service.dashboards.panels import Panel, Table

SVG = "svg"


def download(panel: Panel, name: str, extension: str) -> HttpResponse:
    """The panel as a file of that kind. Raises Http404 if it has none."""
    if extension == SVG and panel.chart:
        template = "ui/bars.svg.jinja" if panel.has_bars else "ui/chart.svg.jinja"
        text = render_to_string(template, {"chart": panel.chart})
        return attached(text.encode(), "image/svg+xml", f"{name}.svg")
    if extension in TABLE_TYPES and panel.table:
        content = table_file(_columns(panel.table), extension)
        return attached(content, TABLE_TYPES[extension], f"{name}.{extension}")
    raise Http404


def _columns(table: Table) -> dict[str, list[object]]:
    """The columns of the page, and before them codes that only files carry."""
    shown = {column.key for column in table.columns}
    codes = [key for key in (table.rows[0].values if table.rows else {}) if key not in shown]
    keys = [*codes, *(column.key for column in table.columns)]
    return {key: [row.values.get(key) for row in table.rows] for key in keys}


def attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, of a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
