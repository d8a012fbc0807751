"""Small records for these tests: paths with their text, and citations in a short form that reads well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from loomworks_record.record.citations.cite import Citations, cite
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.document import document_problems, read_document
from loomworks_record.source.store import Attachment, Content, read_content

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "content"
REAL = PROJECT.parent / "shared" / "record" / "documents"
NO_REAL = "the real documents are not beside this checkout (../shared/record/documents)"

PHASE = "phases/phase-70-ledger"
CR = f"{PHASE}/phase-70-cr-ledger"


def header(version: str = "0.1", **fields: str) -> str:
    """A title and a header block with these fields after version and date."""
    lines = [f"**Version.** {version}", "**Date.** 2026-05-12"]
    lines += [f"**{label.replace('_', ' ')}.** {value}" for label, value in fields.items()]
    return "# A title\n\n" + "\n".join(lines) + "\n\n"


def record_of(texts: Mapping[str, str], attachments: Iterable[str] = (), config: RecordConfig | None = None) -> Record:
    chosen = config or RecordConfig()
    documents = tuple(
        read_document(path, texts[path].encode(), chosen.kinds, chosen.notation) for path in sorted(texts)
    )
    problems = tuple(problem for document in documents for problem in document_problems(document))
    filed = tuple(Attachment(path, Path(path), 1) for path in attachments)
    return Record(chosen, Content(documents, filed, (), problems))


def with_places(*places: str) -> RecordConfig:
    return replace(RecordConfig(), places=places)


@cache
def cited(folder: Path) -> Citations:
    """The citations of a folder of documents, found once for all tests."""
    config = RecordConfig()
    return cite(Record(config, read_content(folder, config.kinds)))


def told(citations: Citations, path: str, where: str | None = None) -> list[str]:
    """What a document cites, one line each: ``text => outcome target#anchor``; the target without its folder."""
    return [
        short(citation.text, citation.outcome, citation.target, citation.anchor)
        for citation in citations.of(path)
        if where is None or (citation.where == "header") == (where == "header")
    ]


def short(text: str, outcome: str, target: str | None, anchor: str | None) -> str:
    name = (target or "").rpartition("/")[2]
    place = f" {name}#{anchor}" if anchor else f" {name}" if name else ""
    return f"{text} => {outcome}{place}"


LEDGER = {
    f"{CR}-v0_3.md": header("0.3", CR_number="CR-2026-170", Status="Supersedes v0.2.")
    + "## §1 Purpose\n\nWhy.\n\n## §7 Shape\n\n### §7.2 Sections\n\nWhich.\n\n## §12 Acceptance gates\n\n"
    + "| # | Gate | Where |\n|---|---|---|\n| 5 | Ready | Step 2 |\n| 5b | Signed in | Step 2a |\n\n"
    + "## §10 Build steps\n\n### Step 2a: Sign-in\n\nText.\n\n### Step 2b: Live\n\nText.\n\n"
    + "| Item | Setting |\n|---|---|\n| P70-D1 | One ledger |\n| P70-D7 | Delete at close |\n\n"
    + "**Candidate F.** Diagnosis first.\n\n### Sub-arc 4: Form\n\n#### 4a. Guard\n\nText.\n",
    f"{PHASE}/archive/phase-70-cr-ledger-v0_2.md": header("0.2", CR_number="CR-2026-170")
    + "## §1 Purpose\n\nWhy.\n\n## §7 Shape\n\nWhich.\n",
    f"{PHASE}/archive/phase-70-cr-ledger-v0_1.md": header("0.1", CR_number="CR-2026-170") + "## §1 Purpose\n\nWhy.\n",
    f"{PHASE}/loomworks-phase-70-scoping-note-v0_2.md": header("0.2") + "## Open construction decisions\n\nTwo.\n",
    f"{PHASE}/loomworks-phase-70-cr-amendment-handoff-v0_1.md": header() + "## 7. Shape\n\n### 7.2 Sections\n\nOne.\n",
    f"{PHASE}/loomworks-phase-70-cr-amendment-2-handoff-v0_1.md": header() + "## 8. Checks\n\nTwo.\n",
    "phases/phase-71-reports/phase-71-cr-reports-v0_1.md": header(CR_number="CR-2026-171")
    + "## §1 Purpose\n\nWhy.\n\n## §12 Gates\n\n| # | Gate |\n|---|---|\n| 5b | Another gate |\n\n"
    + "### Step 4: Reports\n\nText.\n\n| CRV-B3 | Check |\n|---|---|\n| CRV-B3 | Another check |\n",
    "current-status/current-status-manifest-v0_42.md": header("0.42") + "## §1 Counts\n\nMany.\n",
    "current-status/archive/current-status-manifest-v0_41.md": header("0.41") + "## §2 Principles\n\nFew.\n",
    "brand/loomworks-brand-guide-v0_15.html": "<html><title>Brand guide v0.15</title><h1>Brand</h1></html>",
    "protocols/ova/README.md": "# OVA\n\nA protocol.\n",
}
NOTE = f"{PHASE}/loomworks-phase-70-note-v0_1.md"


def in_note(text: str, path: str = NOTE, more: Mapping[str, str] | None = None, **fields: str) -> list[str]:
    """What ``text`` cites, as the body of a note in phase 70 of the ledger record."""
    return told(cite(record_of({**LEDGER, **(more or {}), path: header(**fields) + text + "\n"})), path)
