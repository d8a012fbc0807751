"""Choosing: which document "CR v0.2" or "amendment handoff §7" means, among all that are of that kind.

The document's own words come first (its own chain, the CR that it aims at, the file names that it uses),
then its phase, then the only such chain of the record. Where two remain, nothing is chosen: a wrong link is
worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from loomworks_record.record.chains import NeighbourChain
from loomworks_record.record.citations.index import RecordIndex, chain_subject
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.kinds import AMENDMENTS, HANDOFFS, REQUESTS, KindTable, Role
from loomworks_record.source.names import PhaseKey, parse_name
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.version import Version, parse_version
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.mentions.phrases import folded
from loomworks_record.text.reading import OwnWords

_VERSION_NEXT = re.compile(r"\s+(?=v\d)")


class Choice(Struct, frozen=True):
    """A chain of the record, or the name of a file that is not held; both None where nothing was chosen."""

    chain: NeighbourChain | None = None
    file: str = ""
    document: Neighbour | None = None


NOTHING = Choice()
NONE_CHOSEN = "?"  # several remain, and nothing else is to be tried
Preference = Callable[[NeighbourChain], bool]


# (phase, cycle) → the halt notes that the amendments of the cycle name and no earlier cycle's name.
Halts = Mapping[tuple[PhaseKey | None, int], tuple[str, ...]]


@dataclass(frozen=True)
class Chooser:
    """Chooses for one ``document``. ``own`` is what it says of others by itself."""

    index: RecordIndex
    document: Document
    own: OwnWords
    halts: Halts

    @cached_property
    def cycle(self) -> int | None:
        """The amendment cycle that its name says."""
        return self.document.name.cycle

    @cached_property
    def target(self) -> tuple[str, Version | None] | None:
        """The CR number and version of its "CR target"."""
        said = fold_markdown(self.document.header.first("cr_target") or "")
        found = self._kinds.numbers.search(said)
        if found is None:
            return None
        version = _VERSION_NEXT.match(said, found.end())
        return found.group(), parse_version(said[version.end() :]) if version else None

    def choose(self, mention: Mention, nearest: str = "") -> Choice:
        """What a kind mention means. ``nearest`` is the last file name of its kind said before it, in its block."""
        document = self.document
        if mention.own:
            return Choice(self.index.chain(document), document=document)
        if mention.phase is not None:
            phase = self.index.phase_said(mention.phase, document.phase_key)
            if phase != document.phase_key:
                return self._of_phase(mention, phase)
        for step in (self._own, self._target, self._named):
            choice = step(mention, nearest)
            if choice is not None:
                return choice
        choice = self._of_phase(mention, document.phase_key) if document.phase_key is not None else NOTHING
        return choice if choice is not NOTHING else self._of_record(mention)

    # The document's own words

    def _own(self, mention: Mention, nearest: str) -> Choice | None:
        document = self.document
        if document.kind != mention.kinds[0] or (mention.cycle is not None and mention.cycle != self.cycle):
            return None
        chain = self.index.chain(document)
        if not self._subject_fits(mention, chain):
            return None
        if mention.version is not None:
            held = self.index.version_of(chain, mention.version)
            # A phase's amendment of a CR is not a version of the CR itself.
            if held is None or document.role == "amending":
                return None if self._others(mention, chain) else Choice(chain)
            return Choice(chain)
        return Choice(chain, document=document)

    def _others(self, mention: Mention, own: NeighbourChain) -> bool:
        """Whether the phase has other chains of the kind that hold the version."""
        assert mention.version is not None  # asked of versions only
        chains = self.index.chains_of.get((self.document.phase_key, mention.kinds[0]), ())
        return any(chain is not own and self.index.version_of(chain, mention.version) for chain in chains)

    def _target(self, mention: Mention, nearest: str) -> Choice | None:
        """The CR that an amendment's handoff aims at."""
        target = self.target
        if target is None or self._role(mention) != "request" or self.document.role in REQUESTS:
            return None
        number, version = target
        chain = self.index.by_number.get(number)
        if chain is None:
            return None
        if mention.version is not None or version is None:
            return Choice(chain)
        held = self.index.version_of(chain, version)
        return Choice(chain, document=held) if held else Choice(chain, file=f"{number} v{version}")

    def _named(self, mention: Mention, nearest: str) -> Choice | None:
        """A file name of the kind that the document uses."""
        if mention.version is not None:
            return self._named_version(mention)
        cycle = mention.cycle
        if self._role(mention) == "halt":
            return self._halt(mention, nearest)
        if nearest and cycle is None and not self._says_which(mention) and self._name_fits(mention, nearest):
            return self._file(nearest)
        for kinds in self._narrow_first(mention):
            files = [file for kind in kinds for file in self.own.named.get(kind, ())]
            if self._closes(mention):
                files = [file for file in files if "close" in file]
            files = [
                file for file in files
                if _phase_fits(file, self.document.phase) and self._name_fits(mention, file)
            ]  # fmt: skip
            if cycle is not None:
                files = [file for file in files if _cycle(file) == cycle]
            if files:
                in_header = [file for kind in kinds for file in self.own.in_header.get(kind, ())]
                return self._only(mention, files, in_header)
        return None

    def _named_version(self, mention: Mention) -> Choice | None:
        """ "handoff v0.1" where exactly one file of that kind and version is named."""
        if self._role(mention) == "request":
            return None
        slug = f"-{mention.version.slug}" if mention.version else ""
        files = [
            file for file in self.own.named.get(mention.kinds[0], ())
            if slug in file and _phase_fits(file, self.document.phase)
            and (mention.cycle is None or _cycle(file) == mention.cycle) and self._name_fits(mention, file)
        ]  # fmt: skip
        return self._file(files[0]) if len(files) == 1 else None

    def _halt(self, mention: Mention, nearest: str) -> Choice | None:
        """The halt note of the cycle said; else the last one named, the only one, the own cycle's."""
        document = self.document
        files = self.own.named.get(mention.kinds[0], ())
        if mention.cycle is None:
            for only in ((nearest,) if nearest else (), files, self.own.in_header.get(mention.kinds[0], ())):
                if len(only) == 1:
                    return self._file(only[0])
        cycle = mention.cycle if mention.cycle is not None else self.cycle
        if cycle is not None:
            known = self.halts.get((document.phase_key, cycle), ())
            if len(known) == 1 or cycle in self.own.halts:
                return self._file(self.own.halts.get(cycle) or known[0])
        return Choice(file=NONE_CHOSEN) if files or mention.cycle is not None else None

    def _only(self, mention: Mention, files: Sequence[str], in_header: Sequence[str]) -> Choice:
        """The one file, or the one that has the section, of this cycle, unnumbered, or named in the header."""
        distinct = list(dict.fromkeys(files))
        if len(distinct) == 1:
            return self._file(distinct[0])
        choices = [self._file(file) for file in distinct]
        if mention.section and all(choice.chain for choice in choices):
            having = [choice for choice in choices if self._has_section(choice, mention.section)]
            if len(having) == 1:
                return having[0]
        if self._says_which(mention):
            for wanted in (self.cycle, 1):
                fitting = [file for file in distinct if wanted and _cycle(file) == wanted]
                if len(fitting) == 1:
                    return self._file(fitting[0])
        named = [file for file in distinct if file in in_header]
        return self._file(named[0]) if len(named) == 1 else Choice(file=NONE_CHOSEN)

    def _says_which(self, mention: Mention) -> bool:
        """Whether the phrase names an amendment; a bare "handoff" may be any."""
        return self._role(mention) in AMENDMENTS

    def _has_section(self, choice: Choice, section: str) -> bool:
        document = choice.document or (choice.chain.current or choice.chain.newest if choice.chain else None)
        if document is None:
            return False
        index = self.index.sections(document)
        return bool(index.number(section) or section in index.by_identifier or index.titled(section))

    def _file(self, file: str) -> Choice:
        held = self.index.by_file.get(file) or self.index.by_stem.get(file.removesuffix(".md"))
        if held:
            return Choice(self.index.chain(held[0]), document=held[0])
        return Choice(file=file)

    # Its phase, and the record

    def _of_phase(self, mention: Mention, phase: PhaseKey | None) -> Choice:
        for kinds in self._narrow_first(mention):
            chains = [chain for kind in kinds for chain in self.index.chains_of.get((phase, kind), ())]
            if self._closes(mention):
                chains = [chain for chain in chains if "close" in chain.newest.name.subject]
            if mention.cycle is not None:
                chains = [chain for chain in chains if chain.newest.name.cycle == mention.cycle]
            chains = [chain for chain in chains if self._subject_fits(mention, chain)]
            if chains:
                return self._one_of(chains, *self._held_first(mention), *self._by_name(mention))
        return NOTHING

    def _of_record(self, mention: Mention) -> Choice:
        """The only such chain; from a phase, other phases' documents cannot be meant."""
        kinds = mention.kinds[:1]
        if mention.cycle is not None:
            return NOTHING
        chains = [chain for kind in kinds for chain in self.index.chains_of_kind.get(kind, ())]
        if self.document.phase_key is not None:
            chains = [chain for chain in chains if chain.newest.phase_key is None]
        chains = [chain for chain in chains if self._subject_fits(mention, chain)]
        if mention.version is not None:
            chains = [chain for chain in chains if chain.newest.version is not None]
        return self._one_of(chains, *self._by_name(mention)) if chains else NOTHING

    def _one_of(self, chains: list[NeighbourChain], *preferences: Preference) -> Choice:
        for better in preferences if len(chains) > 1 else ():
            chains = [chain for chain in chains if better(chain)] or chains
        return Choice(chains[0]) if len(chains) == 1 else Choice(file=NONE_CHOSEN)

    def _held_first(self, mention: Mention) -> Iterator[Preference]:
        """In a phase: what holds the version or has the section is meant before what does not."""
        version, section = mention.version, mention.section
        if self._role(mention) == "request":
            yield lambda chain: chain.newest.name.cycle is None
        if version is not None:
            yield lambda chain: self.index.version_of(chain, version) is not None
        elif section:
            yield lambda chain: self._has_section(Choice(chain), section)
        if self._role(mention) in AMENDMENTS:
            yield lambda chain: chain.newest.name.cycle == (self.cycle or 1)

    def _by_name(self, mention: Mention) -> Iterator[Preference]:
        """What is called by the kind alone: ``loomworks-methodology`` before other methodology documents."""
        yield lambda chain: chain_subject(chain) == mention.phrase

    # What the table of kinds says of a mention

    @property
    def _kinds(self) -> KindTable:
        return self.index.config.kinds

    def _role(self, mention: Mention) -> Role:
        return self._kinds.row(mention.kinds[0]).role

    def _broad(self, mention: Mention) -> bool:
        return self._kinds.row(mention.kinds[0]).broad

    def _closes(self, mention: Mention) -> bool:
        """ "close handoff"."""
        return mention.phrase.startswith("close ") and self._role(mention) in HANDOFFS

    def _narrow_first(self, mention: Mention) -> Iterable[tuple[str, ...]]:
        """The kind itself, then what the word may also mean: "handoff" that of an amendment, "scoping note" not."""
        amendments = tuple(kind for kind in mention.kinds if self._kinds.row(kind).role in AMENDMENTS)
        if mention.cycle is not None:
            yield amendments or mention.kinds[:1]
            return
        yield mention.kinds[:1]
        if len(mention.kinds) > 1:
            left_out = () if self._role(mention) == "handoff" else amendments
            yield tuple(kind for kind in mention.kinds[1:] if kind not in left_out)

    def _subject_fits(self, mention: Mention, chain: NeighbourChain) -> bool:
        return self._name_fits(mention, chain.newest.name.subject)

    def _name_fits(self, mention: Mention, name: str) -> bool:
        """Of a broad kind, only what has the words before it in its name."""
        if not mention.subject or not self._broad(mention):
            return True
        return _has_words(name, mention.subject)


def _phase_fits(file: str, phase: int | None) -> bool:
    """A file that is named after another phase is not meant by a bare kind."""
    from_name = folded(file).split()
    if "phase" not in from_name[:2]:
        return True
    number = from_name[from_name.index("phase") + 1] if len(from_name) > 1 else ""
    return phase is None or not number.isdigit() or int(number) == phase


def _has_words(name: str, words: Iterable[str]) -> bool:
    said = set(folded(name).replace(".", " ").split())
    return all(word in said for word in words)


def _cycle(file: str) -> int | None:
    return parse_name(file).cycle
