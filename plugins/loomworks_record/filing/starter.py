"""A record to begin with: its configuration, and four short documents filed as any others are."""

from __future__ import annotations

from importlib.resources import files

from loomworks_record.bundle.log import FILED, Log, append_filed
from loomworks_record.filing.former_filings import adopted
from loomworks_record.filing.plan import Settings, decide
from loomworks_record.filing.values import IncomingFile
from loomworks_record.record.record import Record
from loomworks_record.source.config import RecordConfig
from loomworks_record.source.project import CONFIG_FILE, LOG_FILE
from loomworks_record.source.store import Content

CONTENT = "content"
IGNORED = ".gitignore"
PHASE_FILE = f"{CONTENT}/phases/phase-1-room-booking/phase.yml"
_STORED_AS = {
    CONFIG_FILE: "mkdocs.yml", IGNORED: "gitignore", ".gitattributes": "gitattributes", PHASE_FILE: "phase.yml",
}  # fmt: skip


def starter_files() -> dict[str, bytes]:
    """Every file of a new record by its path, the configuration last: with it the folder becomes a project."""
    folder = files("loomworks_record.filing") / "starter"
    documents = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".md")), key=lambda entry: entry.name
    )
    incoming = [IncomingFile(entry.name, entry.name, entry.read_bytes()) for entry in documents]
    record = Record(RecordConfig(), Content((), (), (), ()))
    plan = decide(record, Log(), incoming, Settings())
    if plan.refusals:
        raise AssertionError(plan.refusals[0])  # our own documents: a test files them all
    made = {f"{CONTENT}/{filed.document.path}": filed.document.data for filed in plan.filed}
    archived = Log(tuple(entry for entry in plan.after.entries if entry.type != FILED))
    made[LOG_FILE] = bytes(append_filed(archived, adopted(filed.document for filed in plan.filed)))
    return made | {path: (folder / stored).read_bytes() for path, stored in reversed(_STORED_AS.items())}
