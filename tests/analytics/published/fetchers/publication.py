"""Publication pages and zips in the shape of NHS England's."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from html import escape
from io import BytesIO

from clockstop.core.types import Month

UPLOADS = "/statistics/wp-content/uploads/sites/2"


def html_of(links: Iterable[tuple[str, str]], title: str = "RTT waiting times") -> str:
    """A page with these links among the others that such a page has."""
    listed = "\n".join(
        f'<p><a href="{escape(url)}">{escape(text)}</a><br /></p>' for text, url in links
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><title>{title}</title></head><body>
<nav><a href="/">Home</a> <a name="top">Top</a> <a href="#content">Skip</a></nav>
<main id="content"><h2>{title}</h2>
<p><a href="{UPLOADS}/Annual-report.pdf">Annual Report (PDF, 1M)</a></p>
{listed}
<p><a href="mailto:england.rtt@nhs.net">Contact</a></p></main></body></html>"""


def text_of(month: str, suffix: str = "") -> str:
    return f"Full CSV data file {Month.parse(month).census:%b%y} (ZIP, 4M){suffix}"


def url_of(month: str, suffix: str = "SrRW6y") -> str:
    name = f"Full-CSV-data-file-{Month.parse(month).census:%b%y}-ZIP-4M-{suffix}.zip"
    return f"{UPLOADS}/2025/02/{name}"


def packed(*members: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            dated = zipfile.ZipInfo(name)  # always the same day, so always the same bytes
            archive.writestr(dated, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
