"""Whose a folder is: a site is written only where a build made all that would be taken away, one build at a time.

A build that begins leaves a note in the folder (``paths.UNSEALED``), in which every path that builds made or are about
to make is listed. Sealing takes it away; where that cannot be, all files are listed in it. So what builds made is known
by the manifest or by that list; after one that was stopped and ran plugins of others, who write what they like, not at
all.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, structs

from loomworks_record.bundle import paths
from loomworks_record.bundle.files import LEFTOVER, Sign, WalkedFolder, read_bounded, walk, write_atomic
from loomworks_record.bundle.manifest import MAX_MANIFEST, parse_manifest
from loomworks_record.errors import RecordError, UsageError, raise_refusal

T = TypeVar("T")

_NOTE = (
    b"A build of loomworks-record writes here. If none is at work: one was stopped, and the next one finishes it,\n"
    b"or the site has no name to be sealed with (site_url).\n"
)


class ForeignFolderError(UsageError):
    """The folder of the site holds what no build put there."""


class BusyFolderError(RecordError):
    """Another build writes into the folder."""

    exit_code = 6


class SiteContents(Struct, frozen=True):
    """What stands in the folder of a site as a build begins. ``others`` are left alone; ``tree`` and ``signs``: see
    ``walk``. ``tell`` is told each path before a file is made there."""

    others: frozenset[str] = frozenset()
    tree: WalkedFolder = WalkedFolder((), ())
    signs: Mapping[str, Sign] = {}
    tell: Callable[[str], None] = lambda path: None


def contents_of(site: Path) -> SiteContents:
    """Of a folder in which all is ours."""
    signs: dict[str, Sign] = {}
    return SiteContents(tree=walk(site, signs, besides=is_dotted), signs=signs)


def refuse_foreign(site: Path, content: Path | None = None) -> SiteContents:
    """What stands in ``site``. A build has to leave alone what begins with a dot at its top, and a host's CNAME, where
    they were not filed as such (a manifest lists what it met, too).

    ForeignFolderError where it holds anything else that no earlier build put there, or lies in ``content``, CheckError
    where a folder of it cannot be listed. Nothing is touched.
    """
    refuse_place(site, content or site.with_name(f"{site.name} documents"))
    if site.is_symlink() and not site.exists():
        raise ForeignFolderError(f"{site}: is a link that leads nowhere; remove it, or build into another folder")
    if not site.exists():
        return SiteContents()
    if not site.is_dir():
        raise ForeignFolderError(f"{site}: is a file, expected a folder for the site; nothing was touched")
    made, note, filed = (_listed(site / name) for name in (paths.MANIFEST, paths.UNSEALED, paths.SOURCES))
    if not made and note is None:
        _refuse_any(site)
    found = contents_of(site)
    tree = found.tree
    there = {*tree.files, *(fault.path for fault in tree.faults)}
    ours = note or made or frozenset()
    dotted = {path for path in there if path.startswith(".") or path == paths.CNAME}
    others = frozenset(dotted - (ours & (filed or frozenset())))
    # A stamp that was killed in place leaves a file beside those of the seal.
    left = {path for path in there if path.startswith(paths.FOLDER) and LEFTOVER.fullmatch(path)}
    left |= {path for path in there if note and path.startswith(paths.TLOG)}  # one that was stopped while it sealed
    foreign = sorted(there - ours - others - left - paths.NOT_LISTED - {paths.UNSEALED})
    if foreign and note != frozenset():  # that lists nothing: it is not known
        more = f" and {len(foreign) - 1:,} more" if len(foreign) > 1 else ""
        raise _foreign(site, f"{paths.shown(foreign[0])}{more}")
    return structs.replace(found, others=others)


def is_dotted(path: str) -> bool:
    """Whether it lies below a name at the top that begins with a dot, which may be anybody's."""
    return path.startswith(".")


def _listed(manifest: Path) -> frozenset[str] | None:
    """The paths that a manifest names, none where it is not a manifest; None where there is no such file."""
    data = read_bounded(manifest, MAX_MANIFEST)
    return None if data is None else frozenset(parse_manifest(data, name=manifest.name).digests)


def refuse_place(folder: Path, documents: Path) -> None:
    """ForeignFolderError where no site belongs: in the folder of the documents, around it, in a repository's own
    folder, in a home (what begins with a dot is let be: one without other files would pass for a folder that is free).
    """
    real, documents = Path(os.path.realpath(folder)), Path(os.path.realpath(documents))
    whats = {
        "it lies in the folder of the documents": real.is_relative_to(documents),
        "the folder of the documents lies in it": documents.is_relative_to(real),
        "it is a home, or the root of the disk": str(real) in (os.path.realpath(Path.home()), real.anchor),
        "it lies in what git keeps": ".git" in real.parts,
    }
    for what in (what for what, is_so in whats.items() if is_so):
        raise ForeignFolderError(f"{folder}: {what}; nothing was touched: give another folder")


def _refuse_any(site: Path) -> None:
    """Refuse a folder that no build wrote to at its first file, where nothing else is to be known: it may be a home."""
    for entry in sorted(site.iterdir()):
        if not entry.name.startswith(".") and entry.name != paths.CNAME:
            walked = os.walk(entry, onerror=raise_refusal)
            inside = (f"{top}/{name}" for top, _, names in walked for name in names)
            left = entry.name == paths.FOLDER  # a build may have been stopped while it wrote its note
            found = (
                next((path for path in inside if not (left and LEFTOVER.fullmatch(path))), None)
                if entry.is_dir() and not entry.is_symlink()
                else str(entry)
            )
            if found:
                raise _foreign(site, paths.shown(os.path.relpath(found, site)))


def _foreign(site: Path, what: str) -> ForeignFolderError:
    return ForeignFolderError(
        f"{site}: holds what no build of a record put there ({what}); "
        "nothing was touched: move that away, or build into another folder (site_dir, --site-dir)"
    )


@contextmanager
def leave_note(site: Path, *, lists: bool = True) -> Iterator[Callable[[str], None]]:
    """Note that a build writes into ``site``; sealing takes the note away, or lists there what cannot be sealed. Gives
    what is to be told each path before it is written. ``lists``: others do not write there, so that all can be told."""
    note = site / paths.UNSEALED
    note.parent.mkdir(parents=True, exist_ok=True)
    before = _listed(note)
    if not lists or before == frozenset():
        write_atomic(note, _NOTE)
        yield lambda path: None
        return
    ours = read_bounded(note if before else site / paths.MANIFEST, MAX_MANIFEST) or b""
    unlisted = (*paths.SEALED, *paths.NOT_SERVED, paths.UNSEALED)
    write_atomic(note, b"".join((b"" if before else _NOTE, ours, *map(_line, unlisted))))
    with note.open("ab", buffering=0) as file:

        def tell(path: str) -> None:
            file.write(_line(path))

        yield tell


def _line(path: str) -> bytes:
    """As a manifest has it, of a file that is not made yet."""
    return f"{'0' * 64}  {path}\n".encode("utf-8", "surrogateescape")


def take(
    site: Path, content: Path, held: ExitStack, renewed: Callable[[], T | None], *, lists: bool = True
) -> SiteContents | T:
    """Hold the folder of a site for a build, as long as ``held`` is open, and leave a note there; what stands in it.
    Or what ``renewed`` gives: then there is nothing to build. ``lists``: see
    ``leave_note``. Raises as ``refuse_foreign`` and ``alone_in``."""
    is_there = site.is_dir()
    if is_there:
        held.enter_context(alone_in(site))
    if done := renewed():
        return done
    found = refuse_foreign(site, content)
    if not is_there:
        held.enter_context(alone_in(site))
        found = contents_of(site)
    return structs.replace(found, tell=held.enter_context(leave_note(site, lists=lists)))


@contextmanager
def alone_in(site: Path) -> Iterator[None]:
    """Hold the folder of a site, which is made if it is not there, against other builds.

    BusyFolderError where one is at work. The system lets go of it when the process ends, however that happens.
    """
    site.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(site, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"{site}: another command is at work here; nothing was done, try again when it has ended"
            raise BusyFolderError(message) from None
        yield
    finally:
        os.close(descriptor)
