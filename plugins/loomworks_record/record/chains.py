"""Chains and standing: which version of a document holds, and what stands before and after each (RFC 5829)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, Protocol

from loomworks_record.source.document import Document
from loomworks_record.source.names import RETIRED_FOLDERS
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.problem import Problem
from loomworks_record.source.statuses import DEFAULT_STATUSES, StatusWord, own_word
from loomworks_record.source.version import Version, version_key

_LIVING = (1 << 40, 0, 0, 0, 0, 0)
Standing = Literal["current", "archived"]


class NeighbourChain(Protocol):
    """A chain as others see it: see the members of the same names of ``Chain``."""

    @property
    def id(self) -> str: ...
    @property
    def versions(self) -> Sequence[Neighbour]: ...
    @property
    def current(self) -> Neighbour | None: ...
    @property
    def replaced_by(self) -> Neighbour | None: ...
    @property
    def against(self) -> str: ...
    @property
    def newest(self) -> Neighbour: ...
    def named(self) -> Sequence[Neighbour]: ...


@dataclass(frozen=True)
class Chain:
    """All held versions of one document, oldest first; twins stand side by side, the ``.md`` first.

    ``id`` is the path without ``archive/``, version and extension. ``current`` is the version in force
    (of twins outside ``archive/``, the ``.md``), or None when the newest held version lies in ``archive/`` or another
    document has replaced it. ``replaced_by`` is that document, of another chain; ``replaces`` are those that this chain
    has replaced. ``against`` is the word of the current version's own header that says it does not hold ("Withdrawn"),
    where nothing in the record replaces it; else "".
    """

    id: str
    versions: tuple[Document, ...]
    current: Document | None
    replaced_by: Document | None = None
    replaces: tuple[Document, ...] = ()
    against: str = ""

    @property
    def newest(self) -> Document:
        """The named form of the newest held version: the current one, else the ``.md``."""
        return self.current or self._of_rank(self._ranks[-1])[0]

    def standing(self, document: Document) -> Standing:
        """Archived if it lies in ``archive/``, a later version is held or another document replaces it; else current.

        So twins are equal in standing, unless one lies in ``archive/`` and one outside (a problem): then each
        has the standing of its own folder, and the one outside is the version in force.
        """
        superseded = rank(document) < self._ranks[-1]
        holds = not (superseded or document.archived_by_folder or self.replaced_by or document.is_pointer)
        return "current" if holds else "archived"

    def against_of(self, document: Document) -> str:
        """``against``, for a version that stands as current; else ""."""
        return self.against if self.standing(document) == "current" else ""

    def predecessor(self, document: Document) -> Document | None:
        """The previous held version, in the same form where there is one."""
        at = bisect_left(self._ranks, rank(document))
        return _alike(self._of_rank(self._ranks[at - 1]), document) if at else None

    def successor(self, document: Document) -> Document | None:
        """The next held version, in the same form where there is one."""
        at = bisect_right(self._ranks, rank(document))
        return _alike(self._of_rank(self._ranks[at]), document) if at < len(self._ranks) else None

    def replacement(self, document: Document) -> Document | None:
        """What has replaced a chain across a change of name, as the successor of its newest version."""
        return self.replaced_by if rank(document) == self._ranks[-1] else None

    def replaced(self, document: Document) -> Document | None:
        """What the first version of a chain has replaced across a change of name, as its predecessor."""
        return self.replaces[0] if self.replaces and rank(document) == rank(self.versions[0]) else None

    def twins(self, document: Document) -> tuple[Document, ...]:
        """Other forms of the same version, and its translations."""
        return tuple(other for other in self._of_rank(rank(document)) if other.path != document.path)

    def named(self) -> tuple[Document, ...]:
        """One document for each version (of twins, the ``.md``), oldest first."""
        return self._named

    @cached_property
    def _named(self) -> tuple[Document, ...]:
        first = {rank(document): document for document in reversed(self.versions)}
        return tuple((first | {rank(self.newest): self.newest}).values())[::-1]

    @cached_property
    def _ranks(self) -> list[tuple[int, ...]]:
        return [rank(document) for document in self.versions]

    def place(self, document: Document) -> int:
        """Where the version of ``document`` stands in ``named``."""
        return bisect_left(self._named, rank(document), key=rank)

    def _of_rank(self, wanted: tuple[int, ...]) -> tuple[Document, ...]:
        return self.versions[bisect_left(self._ranks, wanted) : bisect_right(self._ranks, wanted)]


def rank(document: Document) -> tuple[int, ...]:
    """Sorts what a chain holds: by version; a document without version that lies outside ``archive/`` is after its
    copies inside, with another date in their names or none."""
    if document.version is None and not document.archived_by_folder:
        return _LIVING
    return version_key(document.version)


def chains(documents: Iterable[Document]) -> list[Chain]:
    """Every document in exactly one chain; chains sorted by id."""
    grouped: dict[str, list[Document]] = defaultdict(list)
    held = list(documents)
    versioned = {document.chain for document in held if document.version and not document.version.is_day}
    for document in held:
        identity = document.chain
        if document.version is None and identity in versioned:
            identity += document.name.extension  # "notes.md" beside "notes-v0_1.md": a chain of its own
        grouped[identity].append(document)
    return [_chain(identity, grouped[identity]) for identity in sorted(grouped)]


def chain_problems(chain: Chain, words: tuple[StatusWord, ...] = DEFAULT_STATUSES) -> Iterator[Problem]:
    """The three witnesses (folder, name, header's date) compared, over one chain."""
    yield from _duplicates(chain)
    yield from _gaps(chain)
    yield from _misplaced(chain, words)
    yield from _apart(chain)
    yield from _misdated(chain)


def chain_collisions(chains: Iterable[Chain]) -> Iterator[Problem]:
    """No two chains of a folder differ only in case, as addresses would. (Paths that do are told where they are read.)
    """
    seen: dict[str, Chain] = {}
    for chain in chains:
        other = seen.setdefault(chain.id.casefold(), chain)
        paths = [{document.path.casefold() for document in each.versions} for each in (chain, other)]
        if other is not chain and _folder(other) == _folder(chain) and paths[0].isdisjoint(paths[1]):
            said = f"its name differs from that of '{other.newest.path}' only in case, so it is not a version of that"
            yield Problem(chain.newest.path, None, "name-collision", said)


def _folder(chain: Chain) -> str:
    return chain.id.rpartition("/")[0]


def _chain(identity: str, documents: list[Document]) -> Chain:
    ordered = tuple(sorted(documents, key=_order))
    newest = rank(ordered[-1])
    outside = [d for d in ordered if rank(d) == newest and not d.archived_by_folder and not d.is_pointer]
    return Chain(identity, ordered, outside[0] if outside else None)


def _order(document: Document) -> tuple[tuple[int, ...], str, bool, bool, str]:
    # Of one version: translations last, .md before .html, outside before inside archive/.
    html, archived = document.form == "html", document.archived_by_folder
    return (rank(document), document.name.language, html, archived, document.path)


def _alike(candidates: Sequence[Document], document: Document) -> Document | None:
    same_language = [each for each in candidates if each.name.language == document.name.language] or candidates
    same_form = [candidate for candidate in same_language if candidate.form == document.form]
    return next(iter(same_form or same_language), None)


def _duplicates(chain: Chain) -> Iterator[Problem]:
    """A version is held once in each form."""
    held: dict[tuple[tuple[int, ...], str, str], Document] = {}
    for document in chain.versions:
        first = held.setdefault((rank(document), document.name.extension, document.name.language), document)
        if first is not document:
            same = "with the same bytes" if first.sha256 == document.sha256 else "with other bytes"
            said = f"v{document.version}" if document.version else "this document"
            yield document.problem("version-duplicate", f"{said} is also held at '{first.path}', {same}")


def _gaps(chain: Chain) -> Iterator[Problem]:
    """The held versions follow each other; what comes before the first one held is not asked for."""
    held = chain.named()
    for before, after in pairwise(held):
        missing = _missing(before.version, after.version)
        if missing:
            yield after.problem("version-gap", f"{missing} not held, between '{before.path}' and this")


def _missing(before: Version | None, after: Version | None) -> str:
    if before is None or after is None:
        return ""
    first = before.minor + 1 if before.major == after.major else 0
    count = after.minor - first
    if count < 2:
        return f"v{after.major}.{first} is" if count == 1 else ""
    return f"v{after.major}.{first} {'to' if count > 2 else 'and'} v{after.major}.{after.minor - 1} are"


def _is_retired(chain: Chain, words: tuple[StatusWord, ...]) -> bool:
    """Whether the newest version belongs in ``archive/``: by its own word, its folder, or what has replaced it."""
    word = own_word(chain.newest.header, words)
    if any(folder.lower() in RETIRED_FOLDERS for folder in chain.newest.path.split("/")[:-1]):
        return True
    return chain.replaced_by is not None or (word is not None and word.means != "in-force")


def _misplaced(chain: Chain, words: tuple[StatusWord, ...]) -> Iterator[Problem]:
    """Superseded versions lie in ``archive/``, the newest one outside, unless it is retired or has no version."""
    newest = chain.newest
    outside = [document for document in chain.versions if not document.archived_by_folder]
    older_outside = [document for document in outside if rank(document) != rank(newest)]
    if newest.archived_by_folder and not older_outside and newest.version and not _is_retired(chain, words):
        yield newest.problem("newest-in-archive", "the newest held version lies in archive/: no later version is held")
    inside = next((document for document in reversed(chain.versions) if document.archived_by_folder), None)
    for document in older_outside:
        if inside and rank(inside) > rank(document):
            yield document.problem(
                "older-outside-newer-archived",
                f"v{document.version} lies outside archive/ while the newer v{inside.version} lies inside",
            )
        elif not ((word := own_word(document.header, words)) and word.means != "in-force"):  # its header says so
            yield document.problem(
                "superseded-outside-archive",
                f"v{document.version} is superseded by v{newest.version} and lies outside archive/",
            )


def _apart(chain: Chain) -> Iterator[Problem]:
    """Both forms of the newest version lie together. (Of an older one, what lies outside is misplaced already.)"""
    newest = [document for document in chain.versions if rank(document) == rank(chain.newest)]
    outside = {_form(document): document for document in newest if not document.archived_by_folder}
    for document in newest:
        if document.archived_by_folder and outside and _form(document) not in outside:
            other = next(iter(outside.values()))
            yield document.problem(
                "twins-apart",
                f"lies in archive/ while '{other.path}', the same version in its other form, lies outside",
            )


def _form(document: Document) -> tuple[str, str]:
    return document.form, document.name.language


def _misdated(chain: Chain) -> Iterator[Problem]:
    """A version is not dated before the version that it supersedes."""
    held = [document for document in chain.named() if document.date]
    for before, after in pairwise(held):
        if before.date and after.date and after.date < before.date:
            yield after.problem("date-contradiction", f"dated {after.date}, before v{before.version} of {before.date}")
