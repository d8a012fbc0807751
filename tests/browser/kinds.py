"""Every kind of page, with an address that shows it. Two sites: the sample record, and a small one of corner cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PHASE = "phases/phase-57-marketing-engagement-creation"
REQUEST = f"{PHASE}/phase-57-cr-marketing-engagement-creation"
ARCHIVED = f"{PHASE}/phase-57-cr-marketing-engagement-creation"


@dataclass(frozen=True, slots=True)
class Kind:
    """``template`` is the file below ``overrides/record`` that draws it. ``heavy`` pages take axe seconds each."""

    name: str
    template: str
    address: str
    site: Literal["sample", "corners"] = "sample"
    status: int = 200
    heavy: bool = False

    def __str__(self) -> str:
        return self.name


KINDS = (
    Kind("document", "document", f"/view/{REQUEST}-v0_4.md", heavy=True),
    Kind("archived", "document", f"/view/{ARCHIVED}-v0_1.md", heavy=True),
    Kind("short-document", "document", f"/view/{PHASE}/phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md"),
    Kind("html-document", "document", "/view/brand/loomworks-brand-guide-v0_15.html"),
    Kind("everything-markdown-has", "document", "/view/notes/everything-v0_2.md", "corners"),
    Kind("archived-everything", "document", "/view/notes/everything-v0_1.md", "corners"),
    Kind("no-later-version", "document", "/view/notes/lonely-v0_1.md", "corners"),
    Kind("empty-document", "document", "/view/notes/empty-v0_1.md", "corners"),
    Kind("unreadable-document", "document", "/view/notes/unreadable-v0_1.md", "corners"),
    Kind("withdrawn", "withdrawn", "/view/notes/secret-v0_1.md", "corners"),
    Kind("home", "home", "/"),
    Kind("home-of-few", "home", "/", "corners"),
    Kind("phases", "phases", "/phases/"),
    Kind("no-phases", "phases", "/phases/", "corners"),
    Kind("phase", "phase", f"/{PHASE}/", heavy=True),
    Kind("small-phase", "phase", "/phases/phase-56/"),
    Kind("to-be-printed", "print", "/phases/phase-55-terms-of-use/print"),
    Kind("documents", "documents", "/documents/"),
    Kind("documents-further-down", "documents", "/documents/page-2/"),
    Kind("documents-filtered", "documents", "/documents/?kind=change-request&standing=archived"),
    Kind("history", "history", f"/history/{REQUEST}"),
    Kind("history-without-current", "history", "/history/notes/lonely", "corners"),
    Kind("compare", "compare", "/compare/notes/everything-v0_1-to-v0_2", "corners"),
    Kind("since", "since", f"/since/{REQUEST}", heavy=True),
    Kind("moved", "moved", "/registers/moved/"),
    Kind("move", "move", f"/latest/{REQUEST}"),
    Kind("registers", "registers", "/registers/"),
    Kind("register", "register", "/registers/gates/"),
    Kind("not-held", "not-held", "/registers/not-held/"),
    Kind("halts", "halts", "/registers/halts/"),
    Kind("problems", "problems", "/registers/problems/", "corners"),
    Kind("filed", "filed", "/filed/"),
    Kind("search", "search", "/search/"),
    Kind("search-results", "search", "/search/?q=passkey"),
    Kind("integrity", "integrity", "/integrity/"),
    Kind("not-found", "not-found", "/view/phases/phase-57-cr-marketing-v0_9.md", status=404),
)

# One of each template, none of them heavy.
TEMPLATES = tuple({kind.template: kind for kind in reversed(KINDS) if not kind.heavy}.values())
