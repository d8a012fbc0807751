"""``sitemap.xml`` (sitemaps.org, protocol 0.9): the pages that a search engine should know, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape


def sitemap(pages: Iterable[tuple[str, date | None]]) -> bytes:
    """``pages`` are (absolute URL, date of the newest text on it or None)."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for url, day in pages:
        dated = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(url)}</loc>{dated}</url>")
    return ("\n".join([*lines, "</urlset>"]) + "\n").encode()
