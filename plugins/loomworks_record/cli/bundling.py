"""What the bundle commands share: the project's values as the bundle's functions take them."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import click

from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.log import Log
from loomworks_record.bundle.paths import shown
from loomworks_record.errors import UsageError
from loomworks_record.source.document import Document, read_guarded
from loomworks_record.source.names import EXTENSIONS
from loomworks_record.source.project import Project
from loomworks_record.source.store import UnreadableError, content_of, unread


def now() -> int:
    return int(time.time())


def readable_documents(project: Project, log: Log | None = None) -> tuple[Document, ...]:
    """Every document; of those that ``log`` has as they are, the name and the digest alone. Raises UnreadableError
    where one, or a folder, cannot be read: nobody knows what the log would lack."""
    content = content_of(project, by_name=log is not None)
    for problem in unread(content):
        said = "nothing was done; make it readable, and try again"
        raise UnreadableError(f"{problem.path}: {problem.message}; {said}")
    if log is None:
        return content.documents
    return tuple(each if _is_logged(each, log) else _read_whole(each, project) for each in content.documents)


def _is_logged(document: Document, log: Log) -> bool:
    is_held = not document.archived_by_folder or log.digest(document.path) == document.sha256
    return is_held and document.public_path in log.filed


def _read_whole(named: Document, project: Project) -> Document:
    config = project.config
    document, _ = read_guarded(named.path, named.data, config.kinds, config.notation, named.sha256)
    return replace(document, filed=named.filed, public_path=named.public_path)


def logged(project: Project, log: Log, text: str) -> str:
    """The path that ``text`` is, or names whole: of what the log has, or of what is held."""
    at = Path(text)
    is_path = at.is_absolute() or ".." in at.parts or at.exists() or (project.content_dir / at).exists()
    if is_path or any(entry.path == text for entry in log.entries):
        return below(project.content_dir, text)
    from loomworks_record.cli.names import document_named  # noqa: PLC0415 - reads the record: for what is not a path
    from loomworks_record.record.record import Record  # noqa: PLC0415 - likewise

    try:
        return document_named(Record(project.config, content_of(project)), text, whole=True).path
    except UsageError:
        if at.suffix in EXTENSIONS:
            return below(project.content_dir, text)
        raise


def below(folder: Path, given: str) -> str:
    """A path relative to ``folder`` (NFC), given as that or as any path that leads into it; UsageError otherwise."""
    direct = Path(given)
    inside = direct.resolve()
    if not direct.is_absolute() and (folder / direct).exists():
        inside = folder / direct
    if inside.is_relative_to(folder):
        return normalize("NFC", inside.relative_to(folder).as_posix())
    if direct.is_absolute() or ".." in direct.parts:
        raise UsageError(f"{given}: expected a path below {folder}")
    return normalize("NFC", direct.as_posix())


def signing_key(project: Project, given: Path | None) -> Path | None:
    """The key given, else the configured one (relative to the project's folder), else none."""
    if given is not None or project.config.signing_key is None:
        return given
    return project.root / project.config.signing_key


def cosign(project: Project, site: Path) -> tuple[str, ...]:
    """Ask the configured witnesses to cosign a built site; says on stderr who did not. CheckError below the quorum."""
    if not project.config.witnesses:
        return ()
    from loomworks_record.bundle.witness import cosign_site  # noqa: PLC0415 - cryptography and urllib: where configured

    found = cosign_site(site, project.config.witnesses)
    for line in found.failures:
        click.echo(shown(f"no cosignature: {line}"), err=True)
    wanted = project.config.witness_quorum
    if len(found.names) < wanted:
        raise CheckError(f"{len(found.names)} witnesses have cosigned, witness_quorum is {wanted}")
    return found.names
