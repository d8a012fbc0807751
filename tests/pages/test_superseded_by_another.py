"""A document that another one replaced, of another name: its banner leads there, and there is nothing to compare."""

from __future__ import annotations

import re
from collections.abc import Callable

from support.crawl import crawl
from support.site import Build

CONTENT = {
    "notes/old-fees.md": "# Old fees\n\n**Status.** Superseded by new-fees.md\n\nWords.\n",
    "notes/plan.md": "# Plan\n\nAs old-fees.md says, and [the table](table.html#x) of today.\n",
    "notes/table.html": "<title>Table</title><h1>Table</h1><h2 id=x>X</h2>",
    "notes/new-fees.md": "# New fees\n\n**Supersedes.** old-fees.md\n\nWords.\n",
}


def test_its_page_is_made_and_leads_on(build_site: Callable[..., Build]) -> None:
    built = build_site(CONTENT, config={"plugins": [{"record": {"search": False}}]})
    assert built.status == 0, built.output
    page = built.text("view/notes/old-fees.md.html")
    banner = page.partition("r-banner")[2].partition("</ul>")[0]
    assert "was superseded by New fees" in banner and "Go to New fees" in banner
    assert not crawl(built.site).broken
    assert "new-fees.md.html" in banner and "history/notes/old-fees.html" in banner
    plan = built.text("view/notes/plan.md.html").partition("r-cites")[2]
    assert re.search(r"current is\s*<a [^>]*new-fees.md.html[^>]*>\s*New fees", plan)
    entry = re.search(r"Log entry</t?dt?h?>.*", page, re.DOTALL)
    assert entry and "when it lies in archive/" in entry.group()
