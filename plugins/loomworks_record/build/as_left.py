"""A site as its last build left it. Where that is so, and all that it was made of is as it was, its stamp is renewed
and nothing else is done: nothing of the record is decoded, planned or sealed.

What is filed counts as it was where names, sizes and times are, and then all bytes are read and hashed: times alone
prove nothing. The files of the site count by their names, sizes and times, as in every build.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from loomworks_record.build.cache_place import cache_to_build
from loomworks_record.build.look import Additions
from loomworks_record.build.sealing import Read, builder
from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import CheckError, Fault
from loomworks_record.bundle.files import Sign, digest_files, read_bounded, walk
from loomworks_record.bundle.git import Revision, read_revision
from loomworks_record.bundle.inputs import Parts, digest_if_file, digest_sources
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.manifest import MAX_MANIFEST
from loomworks_record.bundle.provenance import sources_digest
from loomworks_record.bundle.seal import Seal, write_stamp
from loomworks_record.bundle.statements import Stamp, issue
from loomworks_record.endings import WHY
from loomworks_record.filing.journal import interrupted
from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import Shelf
from loomworks_record.opening.checkout import left_out_problems
from loomworks_record.opening.open_record import baseline_file, read_baseline
from loomworks_record.source.baseline import Baseline, BaselineComparison, compare_problems
from loomworks_record.source.problem import Problem, all_read
from loomworks_record.source.project import Project

# What a new stamp writes over.
_OF_STAMP = frozenset({paths.STAMP, paths.SIGNATURE, paths.NOTE, paths.TLOG_NOTE})


class _KeptState(msgspec.Struct, frozen=True):
    filed: bytes  # names, sizes and times below content/, before any of it was read
    site: bytes  # the same of the site, as it was written
    made_of: bytes
    manifest: str  # sha256 (hex), as of the next
    checkpoint: str
    problems: tuple[Problem, ...]


@dataclass
class AsLeft:
    """Of one project and the folder of its site. ``folders``: where its templates are; ``host``: see ``seal_site``."""

    project: Project
    site: Path
    parts: Parts
    site_url: str
    added: Additions
    folders: Sequence[Path]
    host: Mapping[str, str]
    _filed: bytes = field(default=b"", init=False)

    def renewed(self, may_be: bool = True) -> BaselineComparison | None:
        """The problems of the record, where nothing has changed: the site has a new stamp then. Else None, and nothing
        was touched. To be asked before the record is read, and while nobody else writes the site.
        ``may_be``: no other program writes files into the site."""
        self._filed = _seen(self.project.content_dir)
        with cache_to_build(self.project) as cache:
            kept = Shelf(cache, "site", _KeptState).get(self._key)
        asked = os.environ.get(WHY)  # then it is planned, and told
        if not may_be or kept is None or asked or kept.filed != self._filed:
            return None
        with suppress(CheckError, OSError):  # something cannot be read: the build tells it
            if kept.site == _seen(self.site, _is_sealed) and (stamp := self._stamp(kept)):
                file = baseline_file(self.project)
                compared = compare_problems(read_baseline(file) if file else Baseline(), kept.problems)
                write_stamp(self.site, stamp, self._signing_key)
                return compared
        return None

    def keep(self, read: Read, sealed: Seal, problems: tuple[Problem, ...]) -> None:
        """Note how the site was left, once it is sealed: what it was made of is what was ``read``."""
        stamp, site = sealed.stamp, _digest(sealed.signs, (), _is_sealed)
        if not all_read(problems):
            return
        with suppress(CheckError), cache_to_build(self.project) as cache:
            made_of = self._made_of(stamp.sources, bytes(read.log), read.revision)
            kept = _KeptState(self._filed, site, made_of, stamp.manifest, stamp.checkpoint, problems)
            Shelf(cache, "site", _KeptState).put_many({self._key: kept})

    @property
    def _key(self) -> bytes:
        return digest("as left", str(self.site.resolve()))

    @property
    def _signing_key(self) -> Path | None:
        key = self.project.config.signing_key
        return self.project.root / key if key else None

    def _stamp(self, kept: _KeptState) -> Stamp | None:
        """A new one, if the site was made of what is there now. What git and the log say is asked for before and after
        the documents are read, as in a build."""
        before = read_log_bytes(self.project.log_file), read_revision(self.project.root)
        log, revision = before
        sources = sources_digest(digest_sources(self.project.content_dir))
        manifest = read_bounded(self.site / paths.MANIFEST, MAX_MANIFEST) or b""
        checkpoint = read_bounded(self.site / paths.CHECKPOINT, MAX_MANIFEST) or b""
        if (
            kept.made_of != self._made_of(sources, log, revision)
            or interrupted(self.project.root)
            or before != (read_log_bytes(self.project.log_file), read_revision(self.project.root))
        ):
            return None
        stamp = issue(
            manifest=manifest, checkpoint=checkpoint, sources=sources, commit=revision.commit if revision else None,
            issued=int(time.time()), days=self.project.config.stamp_days,
        )  # fmt: skip
        return stamp if (stamp.manifest, stamp.checkpoint) == (kept.manifest, kept.checkpoint) else None

    def _made_of(self, sources: str, log: bytes, revision: Revision | None) -> bytes:
        """The digest of all that a site is made of. Raises CheckError where a part of it cannot be read."""
        project = self.project
        beside = [digest_if_file(file) for file in (baseline_file(project), self._signing_key) if file]
        return digest(
            ground(), builder(self.host), str(project.root), str(project.content_dir), project.site_url, project.config,
            self.site_url, self.added, self.parts.digests, [_tree(folder) for folder in self.folders],
            beside, list(left_out_problems(project)), sources, log, revision,
        )  # fmt: skip


def _tree(folder: Path) -> dict[str, str | None]:
    """The sha256 (hex) of every file of a folder of templates. Raises CheckError where it has links."""
    tree = walk(folder)
    if tree.faults:
        raise CheckError(str(tree.faults[0]))
    return digest_files(folder, tree.files)


def _seen(folder: Path, counts: Callable[[str], bool] = bool) -> bytes:
    """The digest of what is seen of a folder without reading a file."""
    signs: dict[str, Sign] = {}
    tree = walk(folder, signs, besides=lambda _: True)
    return _digest(signs, tree.faults, counts)


def _digest(signs: Mapping[str, Sign], faults: Sequence[Fault], counts: Callable[[str], bool]) -> bytes:
    counted = sorted(filter(counts, signs))
    names = "\0".join(counted).encode("utf-8", "surrogateescape")
    return digest(names, [signs[path] for path in counted], sorted(map(str, faults)))


def _is_sealed(path: str) -> bool:
    """Whether it is a file of the bundle that a new stamp does not write."""
    is_beside = path.startswith(".") and paths.PUBLISHERS.fullmatch(path.partition("/")[0])
    return not (path.endswith("/") or path in _OF_STAMP or is_beside)
