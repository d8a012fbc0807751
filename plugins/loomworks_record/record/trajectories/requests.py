"""The change requests of a phase: which chain is the phase's own, and which of its versions a text means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from msgspec import Struct

from loomworks_record.record.chains import Chain
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.trajectories.named_documents import NamedDocument, words_of
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.version import Version, parse_version, version_key

_VERSIONS = re.compile(
    r"(?<![\w.])v(?:ersion )?(\d+[._]\d+(?:[._]\d+)?)(?!\w)|-v(\d+_\d+(?:_\d+)?)(?!\d)", re.IGNORECASE
)
_OTHER_PHASE = re.compile(r"\bphase[ -]0*(\d+)\b", re.IGNORECASE)


class Target(Struct, frozen=True):
    """A version of a change request that is led to, held or not."""

    chain: Chain
    version: Version


def change_request(record: Record, phase: Phase) -> Chain | None:
    """The phase's own change request, or None when it holds none."""
    return next(iter(change_requests(record, phase)), None)


def change_requests(record: Record, phase: Phase) -> tuple[Chain, ...]:
    """The chains of change requests in a phase, its own first: named after its number, with most versions held."""
    documents = (d for d in phase.documents if d.role == "request")
    chains = {chain.id: chain for chain in map(record.chain, documents)}
    return tuple(sorted(chains.values(), key=lambda chain: _weight(chain, phase)))


@dataclass(frozen=True)
class Requests:
    """The change requests of one phase. ``names`` gives the documents that a document names."""

    number: int | None
    chains: tuple[Chain, ...]
    kinds: KindTable
    names: Callable[[Document], Sequence[NamedDocument]]

    def versions(self) -> list[Document]:
        """Every held version of every change request, chain by chain, oldest first."""
        return [document for chain in self.chains for document in chain.named()]

    def meant(self, named: NamedDocument) -> Target | None:
        """The version that is named, if it is one of a change request of this phase."""
        if named.version is None or not self.chains:
            return None
        if named.subject:
            chain = next((c for c in self.chains if c.newest.name.subject == named.subject), None)
            return Target(chain, named.version) if chain else None
        words = words_of(named.citation)
        number = self.kinds.numbers.search(words)
        if number:
            return next((Target(c, named.version) for c in self.chains if c.newest.cr_number == number.group()), None)
        other = _OTHER_PHASE.search(words)
        ours = other is None or int(other[1]) == self.number
        return Target(self.chains[0], named.version) if ours and self.kinds.request_words.search(words) else None

    def declared(self, value: str) -> Target | None:
        """The version that a header's "CR target" gives: the highest before what it says to be superseded."""
        value = fold_markdown(value)
        ahead = re.split(r"\bsupersed", value, maxsplit=1, flags=re.IGNORECASE)[0]
        written = _VERSIONS.findall(ahead) or _VERSIONS.findall(value)
        versions = [version for one in written if (version := parse_version(one[0] or one[1]))]
        if not versions or not self.chains:
            return None
        by_name = (c for c in self.chains if c.newest.name.subject in value)
        by_number = (c for c in self.chains if c.newest.cr_number and c.newest.cr_number in value)
        return Target(next(by_name, next(by_number, self.chains[0])), max(versions))

    def answer(self, target: Target | None) -> Document | None:
        """The lowest held version that is the target or a later one."""
        if target is None:
            return None
        wanted = version_key(target.version)
        return next((d for d in target.chain.named() if version_key(d.version) >= wanted), None)

    def first_naming(self, subjects: Iterable[str], after: Target | None = None) -> Target | None:
        """The first version, later than ``after`` where that is given, that names one of ``subjects``."""
        wanted = set(subjects)
        for chain in self.chains:
            for document in chain.named():
                version = document.version
                if version is None or (after and after.chain is chain and version <= after.version):
                    continue
                if any(named.subject in wanted for named in self.names(document)):
                    return Target(chain, version)
        return None


def _weight(chain: Chain, phase: Phase) -> tuple[bool, int, str]:
    return (chain.newest.name.phase_number != phase.number, -len(chain.named()), chain.id)
