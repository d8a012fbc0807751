"""Supersession across names: which chain another document has replaced, by the headers' own words."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from loomworks_record import lazy
from loomworks_record.record.chains import Chain, rank
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem
from loomworks_record.source.statuses import OwnWord, StatusWord, own_word, supersedes

_LONG = 120  # characters: a longer value tells of parts
_LINK = lazy.regex(r"\]\(\s*<?([^)\s>]+)|\[\[([^\]|]+)")
_WORD = lazy.regex(r"[\w./%-]*[\w]")
_NUMBERED = lazy.regex(r"(?:^|[^\w])(?:[A-Za-z]{2,8})?[-_ #]?0*(?P<number>\d{1,6})(?![\w.])")
_NEXT = lazy.regex(r"\s*(?:,|;|&|/|\band\b)\s*(?:and\s+)?(?:[A-Za-z]{2,8}[-_ #]?|#)?0*(?P<number>\d{1,6})(?![\w.])")
_TITLE_NUMBER = lazy.regex(r"^(?P<number>[^\W\d_][^\d:]{0,40}\d{1,6})(?:\s*[:–—]|\s+-|\.)\s")  # "Decision 2: Fees"
_ZEROS = lazy.regex(r"(?<=[^\W\d_])[-_ ]?0*(?=\d)")
_NUMBER_IN_NAME = lazy.regex(r"^(?:[A-Za-z]{2,8}[-_])?0*(\d{1,6})(?![\d.])")


@dataclass(frozen=True)
class Supersession:
    """The chains with their successors across names, and what is told of what headers say of standing."""

    chains: tuple[Chain, ...]
    problems: tuple[Problem, ...]


def supersession(chains: Sequence[Chain], words: tuple[StatusWord, ...]) -> Supersession:
    """Every chain, with the document that has replaced it and those that it replaces."""
    return _Reading(chains, words).read()


class _Reading:
    def __init__(self, chains: Sequence[Chain], words: tuple[StatusWord, ...]) -> None:
        self.chains = chains
        self.of = {document.path: chain for chain in chains for document in chain.versions}
        self.by_path = {document.path: document for document in self._documents()}
        self.said = {document.path: own_word(document.header, words) for document in self._documents()}
        self.names: dict[str, list[Document]] = defaultdict(list)
        self.numbers: dict[str, list[Document]] = defaultdict(list)  # "decision 2", as titles begin → documents
        self.against: dict[str, str] = {}  # chain id → the word of its current version that says it does not hold
        self.problems: list[Problem] = []

    def _documents(self) -> Iterator[Document]:
        for chain in self.chains:
            yield from chain.versions

    def read(self) -> Supersession:
        talks = any(self.said.values()) or any(supersedes(document.header) for document in self._documents())
        if not talks:
            return Supersession(tuple(self.chains), ())
        for document in self._documents():
            for name in {document.name.stem, document.name.subject, str(document.name), document.title}:
                self.names[name.casefold()].append(document)
            numbered = _TITLE_NUMBER.match(document.title)
            if numbered:
                self.numbers[_plain(numbered["number"])].append(document)
        after = self._without_cycles(self._edges())
        before: dict[str, list[Document]] = defaultdict(list)
        for identity, successor in after.items():
            before[self.of[successor.path].id].append(next(c for c in self.chains if c.id == identity).newest)
        for document in self._documents():
            self._contradictions(document, after)
        linked = tuple(
            replace(
                chain,
                current=None if chain.id in after else chain.current,
                replaced_by=after.get(chain.id),
                replaces=tuple(before.get(chain.id, ())),
                against=self.against.get(chain.id, ""),
            )
            if chain.id in after or chain.id in before or chain.id in self.against
            else chain
            for chain in self.chains
        )
        return Supersession(linked, tuple(self.problems))

    def _edges(self) -> dict[str, Document]:
        """Chain id → what has replaced it: by its own word first, else by the word of the other."""
        edges: dict[str, Document] = {}
        for chain in self.chains:
            for document in _newest(chain):
                found = self._named_by(document)
                if found:
                    edges.setdefault(chain.id, found[0])
        for document in self._documents():
            for old in [] if document.archived_by_folder else self._named_before(document):
                chain = self.of[old.path]
                own = edges.get(chain.id)
                if rank(old) != rank(chain.versions[-1]):
                    continue
                if own is None:
                    if posixpath.dirname(old.chain) == posixpath.dirname(document.chain):
                        edges[chain.id] = document
                    self._tell(
                        old, "supersession-one-sided", f"'{document.path}' says that it supersedes this; this does not"
                    )
                elif self.of[own.path] is not self.of[document.path]:
                    said = f"'{document.path}' says that it supersedes this, and '{own.path}' stands as its successor"
                    self._tell(old, "supersession-contradiction", said)
        return edges

    def _named_by(self, document: Document) -> list[Document]:
        """The held documents of other chains that a document says it is superseded by."""
        word = self.said[document.path]
        if word is None or word.means == "in-force" or not word.by:
            return []
        found = self._resolve(document, word.by)
        if [other.path for other in found] == [document.path]:
            self._tell(
                document, "supersession-contradiction", f"says that it is superseded by itself: '{word.by}'", word.line
            )
        return [other for other in found if self.of[other.path] is not self.of[document.path]]

    def _named_before(self, document: Document) -> list[Document]:
        field = supersedes(document.header)
        found = self._resolve(document, field.value) if field else []
        if field and len(field.value) < _LONG and [other.path for other in found] == [document.path]:
            self._tell(
                document, "supersession-contradiction", f"says that it supersedes itself: '{field.value}'", field.line
            )
        chain = self.of[document.path]
        return [other for other in found if self.of[other.path] is not chain]

    def _without_cycles(self, edges: Mapping[str, Document]) -> dict[str, Document]:
        """The edges, but for those that lead round in a circle: of those none can hold."""
        sound: dict[str, Document] = {}
        for identity, successor in edges.items():
            seen, at = {identity}, self.of[successor.path].id
            while at in edges and at not in seen:
                seen.add(at)
                at = self.of[edges[at].path].id
            if at == identity:
                self._tell(next(c for c in self.chains if c.id == identity).newest, "supersession-contradiction",
                           f"its successor '{successor.path}' leads back to this: neither is replaced")  # fmt: skip
            else:
                sound[identity] = successor
        return sound

    def _contradictions(self, document: Document, after: Mapping[str, Document]) -> None:
        """The header's word against what folder, name and the other headers say."""
        word, chain = self.said[document.path], self.of[document.path]
        successor = after.get(chain.id)
        newest = rank(document) == rank(chain.versions[-1])
        if word is None or word.means == "in-force":
            return
        if not newest:
            self._other_successor(document, word, chain)
        elif successor is None and not document.archived_by_folder:
            why = f"'{word.by[:80]}' is not held" if word.by else "nothing says by what"
            self.against[chain.id] = word.word
            self._tell(document, "status-not-in-force",
                       f"the header says '{word.said[:80]}', and it stands as Current: {why}", word.line)  # fmt: skip
        elif successor is not None:
            if document.date and successor.date and successor.date < document.date:
                self._tell(document, "date-contradiction",
                           f"dated {document.date}, its successor '{successor.path}' {successor.date}")  # fmt: skip
            if not self._says_before(successor, chain):
                self._tell(successor, "supersession-one-sided",
                           f"'{document.path}' says that this supersedes it; this does not")  # fmt: skip

    def _says_before(self, successor: Document, chain: Chain) -> bool:
        return any(
            self.of[old.path] is chain
            for document in self.of[successor.path].versions
            for old in self._before(document)
        )

    def _before(self, document: Document) -> list[Document]:
        field = supersedes(document.header)
        return self._resolve(document, field.value) if field else []

    def _other_successor(self, document: Document, word: OwnWord, chain: Chain) -> None:
        """An older version that says it is superseded by something else than the next version of its chain."""
        others = (
            [other for other in self._resolve(document, word.by) if self.of[other.path] is not chain] if word.by else []
        )
        if others and document.path not in {twin.path for twin in chain.twins(chain.newest)}:
            self._tell(document, "supersession-contradiction",
                       f"says that '{others[0].path}' supersedes it; a later version is held", word.line)  # fmt: skip

    def _resolve(self, document: Document, text: str) -> list[Document]:
        """The held documents that a text names: by link, by path or name, by title, by version, by number."""
        folder = posixpath.dirname(document.path)
        found: list[Document] = []
        links = [first or second for first, second in _LINK.findall(text)]
        words = [] if links else [word for word in _WORD.findall(text) if re.search(r"[-_./]", word)]
        for link in [*links, *words]:
            path = posixpath.normpath(posixpath.join(folder, unquote(link.partition("#")[0])))
            held = self.by_path.get(path)
            found += [held] if held else self._named(document, posixpath.basename(path))
        if not found:
            found += self._named(document, re.sub(r"[*_`\"“”]|^\[|\].*$", "", text).strip(" ."))
        if not found and not links:
            found += self._numbered(document, text)
        unique = {other.path: other for other in found}
        return list(unique.values())

    def _named(self, document: Document, name: str) -> list[Document]:
        """The one document or chain of a name, the nearest where there are several; of a chain the newest."""
        if name.casefold() in ("readme", "index", "readme.md", "index.md"):
            return []
        plain = name.casefold()
        held = self.names.get(plain) or self.names.get(plain.removesuffix(".md")) or self.numbers.get(_plain(name), [])
        chains = {self.of[other.path].id for other in held}
        if len(chains) > 1:
            held = [other for other in held if posixpath.dirname(other.chain) == posixpath.dirname(document.chain)]
            chains = {self.of[other.path].id for other in held}
        if len(chains) != 1:
            return []
        exact = [other for other in held if str(other.name) == name or other.name.stem == name]
        return exact[:1] or [self.of[held[0].path].newest]

    def _numbered(self, document: Document, text: str) -> list[Document]:
        """ "ADR-5", "EIP-20", "0005", "1, 3": for each the one document of the folder whose name begins with it."""
        found = _NUMBERED.search(text)
        if found is None or _NUMBER_IN_NAME.match(document.name.stem) is None:
            return []
        beside: dict[str, list[Document]] = defaultdict(list)
        for other in self._documents():
            number = _NUMBER_IN_NAME.match(other.name.stem)
            if number and posixpath.dirname(other.chain) == posixpath.dirname(document.chain):
                beside[number[1]].append(other)
        numbers = [found["number"]]
        while found := _NEXT.match(text, found.end()):
            numbers.append(found["number"])
        single = (beside[each] for each in numbers if len({other.chain for other in beside[each]}) == 1)
        return [other for those in single for other in those]

    def _tell(self, document: Document, code: str, message: str, line: int | None = None) -> None:
        problem = document.problem(code, message, line)
        if problem not in self.problems:
            self.problems.append(problem)


def _newest(chain: Chain) -> list[Document]:
    last = rank(chain.versions[-1])
    return [document for document in chain.versions if rank(document) == last]


def _plain(number: str) -> str:
    """ "Decision-02" as "decision 2"."""
    return _ZEROS.sub(" ", " ".join(number.casefold().split()))
