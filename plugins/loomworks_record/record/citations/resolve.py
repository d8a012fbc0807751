"""Resolving mentions to what they name: held, superseded, elsewhere, unresolved, or not a mention at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from msgspec.structs import replace

from loomworks_record.record.chains import NeighbourChain
from loomworks_record.record.citations.choose import Chooser
from loomworks_record.record.citations.citation import Resolution
from loomworks_record.record.citations.index import Alike, Definition
from loomworks_record.record.citations.links import resolve_link
from loomworks_record.source.folding import fold
from loomworks_record.source.names import PhaseKey, parse_name
from loomworks_record.source.neighbour import Neighbour
from loomworks_record.source.version import IN_TEXT, Version, parse_version, said_version, version_key
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.mentions.phrases import folded

_PREFIXED = re.compile(r"P(\d{1,3})-")
_OWN_VERSIONS = frozenset({"supersedes", "superseded_by", "prior_versions", "trajectory"})
_BEFORE_VERSION = re.compile(r"\s*\b(?:v\d|\d+[._]\d|version \d+(?![.\d]))|§")
_MANY_LACKING = 2  # § that a text lacks itself, where they are more than a quarter of all
_VERSION_SAID = re.compile(rf"\b{IN_TEXT}\b")
_SAID_LIMIT = 100  # characters: a longer value tells of versions
_RELATIVE = re.compile(r"^(?:\.{1,2}/)+")


def resolve(chooser: Chooser, mentions: Sequence[Mention], field: str = "") -> list[Resolution | None]:
    """What the mentions of the chooser's document resolve to: one for each, None where it is not one after all.
    ``field`` is the header field's key."""
    return _Run(chooser, mentions, field).run()


class _Run:
    def __init__(self, chooser: Chooser, mentions: Sequence[Mention], field: str) -> None:
        self.index = chooser.index
        self.document = chooser.document
        self.chooser = chooser
        self.kinds = chooser.index.config.kinds
        self.found = mentions
        self.field = field
        self.done: dict[int, Resolution | None] = {}
        self.nearest: dict[str, str] = {}
        self.own: dict[str, Resolution] = {}  # its own sections, by what they were called
        self.chain = self.index.chain(self.document)
        self.phase = self.index.phase_of[self.document.path]
        self.local = {kind.kind for kind in self.index.config.identifiers if kind.local}

    def run(self) -> list[Resolution | None]:
        block = 0
        for at, mention in enumerate(self.found):
            if mention.block > block:
                self.nearest = {}
            block = mention.block
            self._at(at)
            if mention.what == "file" and not mention.weak:
                self.nearest[self.kinds.of(parse_name(mention.file), "")] = mention.file
        return [self.done[at] for at in range(len(self.found))]

    def _at(self, at: int) -> Resolution | None:
        if at not in self.done:
            self.done[at] = None  # a ring of owners ends here
            self.done[at] = self._resolve(at, self.found[at])
        return self.done[at]

    def _resolve(self, at: int, mention: Mention) -> Resolution | None:
        match mention.what:
            case "file":
                found = self._file(mention)
            case "number":
                found = self._number(mention, self.index.by_number.get(mention.number))
            case "identifier" if mention.number in self.index.numbers.by_name:
                found = self._number(mention, self.index.numbers.by_name[mention.number].chain)
            case "kind":
                found = self._kind(mention)
            case "subject":
                found = self._subject(mention)
            case "version":
                return self._version(at, mention)
            case "section":
                return self._section(mention)
            case "link":
                return resolve_link(self.index, self.document, mention.url)
            case _:
                return self._identifier(mention)
        if found is None or not self._is_meant(mention, found):
            return None
        return self._with_section(found, mention.section) if mention.section else found

    def _is_meant(self, mention: Mention, found: Resolution) -> bool:
        """A weak mention is one only where it is held; a version of one number only where its chain has such."""
        if mention.version is not None and mention.version.is_one_number and not mention.number:
            return found.chain is not None and self._has_one_number(self.index.chains[found.chain])
        return not mention.weak or found.document is not None

    def _has_one_number(self, chain: NeighbourChain) -> bool:
        return any(each.version and each.version.is_one_number for each in chain.versions)

    # Documents

    def held(self, document: Neighbour, chain: NeighbourChain | None = None, version_cited: bool = True) -> Resolution:
        """Held, or superseded where a newer version is current and this very version was cited, or where a document
        of another name has replaced it."""
        own = chain or self.index.chain(document)
        if document.path == self.document.path:
            return self.index.resolution(document, own)
        current, now = own.current, self.index.in_place_of(own)
        if now is None and version_cited and current is not None and current.version != document.version:
            now = current
        return self.index.resolution(document, own, now)

    def missing(
        self, mention: Mention, named: str, chain: NeighbourChain | None = None, version: Version | None = None
    ) -> Resolution:
        place = self._place(mention) or (self.chooser.own.places.get(named, "") if mention.version is None else "")
        newest = chain.newest if chain else None
        newer = bool(
            chain and newest and newest.version and version and version_key(version) > version_key(newest.version)
            and (self._has_one_number(chain) or not version.is_one_number)
            and self._is_surely(mention, newest) and not self._said_at_least(newest, version)
        )  # fmt: skip
        if chain and version:
            named = f"{chain.newest.name.subject}-{version.slug}{chain.newest.name.extension}"
        number = self.index.chain_number(chain) if chain else None
        return Resolution("elsewhere" if place else "unresolved", chain=number, named=named, place=place, newer=newer)

    def _is_surely(self, mention: Mention, document: Neighbour) -> bool:
        """Of a broad kind only what is called by the end of its name: "OPF spec" may be another than
        "opf-print-authority-spec"."""
        if mention.what == "version":  # "Supersedes: the other spec v1.2"
            return self.field not in _OWN_VERSIONS
        if mention.what != "kind" or not self.kinds.row(mention.kinds[0]).broad:
            return True
        said = folded(" ".join((*mention.subject, mention.phrase)))
        return folded(document.name.subject).endswith(said)

    def _said_at_least(self, document: Neighbour, version: Version) -> bool:
        """Whether the header says this version of the document, or a later one: a file may be amended under its
        name."""
        status, *values = self.index.said_versions(document)
        said = [said_version(value) for value in values if len(value) < _SAID_LIMIT]
        own = document.version or version
        for written in _VERSION_SAID.findall(status):
            found = parse_version(written)  # "v1.0.5 in place" of a file v1.0
            said += [found] if found and (found.major, found.minor) == (own.major, own.minor) else []
        return any(each and version_key(each) >= version_key(version) for each in said)

    def _place(self, mention: Mention) -> str:
        """Where the text says that it is held; a folder of the record itself is no other place."""
        folder = mention.folder
        ours = folder and (
            _RELATIVE.match(folder) or folder.lstrip("/").split("/")[0] in (*self.index.top_folders, "content")
        )
        return "" if ours and mention.place.endswith(folder) else mention.place

    def _file(self, mention: Mention) -> Resolution | None:
        alike = self.index.alike(mention.file)
        folder = _RELATIVE.sub("", mention.folder).lstrip("/")
        if mention.weak and not (alike and self._plainly_named(mention, alike, folder)):
            return None
        if alike:
            document = alike.best(folder, self.document)
            return self.held(document) if document else self.missing(mention, mention.file)
        name = parse_name(mention.file)
        chains = self.index.by_name_subject.get(name.subject, [])
        return self.missing(mention, mention.file, chains[0] if len(chains) == 1 else None, name.version)

    def _plainly_named(self, mention: Mention, alike: Alike, folder: str) -> bool:
        """A name without version is a document's only with its folder, or if no other file could be meant."""
        if folder:
            return mention.file in self.index.by_file and alike.lies_in(folder)
        return alike.is_one_version and mention.file.casefold() not in ("readme.md", "index.md", "index.html")

    def _number(self, mention: Mention, chain: NeighbourChain | None) -> Resolution:
        said = f"{mention.number} v{mention.version}" if mention.version else mention.number
        if chain is None:
            return self.missing(mention, said)
        if mention.version is None:
            return self.held(chain.current or chain.newest, chain, version_cited=False)
        return self._of_chain(mention, chain, said)

    def _of_chain(self, mention: Mention, chain: NeighbourChain, said: str) -> Resolution:
        """The version cited of a chain; without one, the current."""
        if mention.version is None:
            return self.held(chain.current or chain.newest, chain, version_cited=False)
        document = self.index.version_of(chain, mention.version)
        if document is None:
            return self.missing(mention, said, chain, mention.version)
        return self.held(document, chain)

    def _kind(self, mention: Mention) -> Resolution:
        nearest = next((self.nearest[kind] for kind in mention.kinds if kind in self.nearest), "")
        choice = self.chooser.choose(mention, nearest)
        said = _said(mention)
        if choice.document is not None and mention.version is None:
            cited = choice.document.path != self.document.path
            return self.held(choice.document, choice.chain, version_cited=cited)
        if choice.file and (choice.chain is None or mention.version is None):
            a_name = "." in choice.file or " v" in choice.file
            return self.missing(mention, choice.file if a_name else said, choice.chain)
        if choice.chain is None:
            return self.missing(mention, said)
        return self._of_chain(mention, choice.chain, said)

    def _subject(self, mention: Mention) -> Resolution | None:
        chains = self.index.by_subject.get(mention.phrase, [])
        own = [chain for chain in chains if chain.newest.phase_key == self.phase]
        kept = chains if len(chains) == 1 else own
        return self._of_chain(mention, kept[0], _said(mention)) if len(kept) == 1 else None

    # Versions, sections

    def _version(self, at: int, mention: Mention) -> Resolution | None:
        """A bare version: of the document before it, or of what the header or the CR target says."""
        in_header = self.field in _OWN_VERSIONS
        version = mention.version
        assert version is not None  # a version mention has one
        if mention.foreign or not (mention.cue or in_header):
            return None
        before = self._antecedent(mention)
        # "Supersedes: rates-v0_1 … v0_3": of what is named before; a header's bare version is of its own document.
        chain = self.index.chains[before.chain] if before and before.chain is not None else None
        if in_header and chain is self.chain:
            chain = None
        strong = chain is not None or self.field in ("status", "amendment_record") or in_header
        if chain is None:
            target = self.chooser.target
            chain = (self.index.by_number.get(target[0]) if target else None) or self.index.chain(self.document)
        document = self.index.version_of(chain, version)
        if mention.cue == "section" and not self._is_plain(mention, chain):
            return None
        if document is None:
            if version.is_one_number and not self._has_one_number(chain):
                return None
            known = in_header or (strong and mention.cue == "supersedes") or self._kept(at, chain)
            return self.missing(mention, f"{chain.newest.name.subject} v{version}", chain, version) if known else None
        return None if document.path == self.document.path else self.held(document, chain)

    def _antecedent(self, mention: Mention) -> Resolution | None:
        return self._at(mention.antecedent) if mention.antecedent is not None else None

    def _is_plain(self, mention: Mention, chain: NeighbourChain) -> bool:
        """Whether a version alone with a § is that of ``chain``: nothing else is named before it, and not both that
        and the document itself have such a version."""
        if mention.antecedent is None:
            return True
        before = self._antecedent(mention)
        if before is None or before.chain is None or self.index.chains[before.chain] is not chain:
            return False
        assert mention.version is not None  # asked of versions only
        return chain is self.chain or self.index.version_of(self.chain, mention.version) is None

    def _kept(self, at: int, chain: NeighbourChain) -> bool:
        """Whether a version is said to be kept somewhere, or stands in one set with a held one: "v0.1 + v0.2"."""
        mention = self.found[at]
        if mention.cue != "archival":
            return False
        beside = self.found[max(0, at - 1) : at + 2]
        set_of = [each for each in beside if each.what == "version" and each.cue == "archival" and each.version]
        return bool(mention.place) or any(self.index.version_of(chain, each.version) for each in set_of if each.version)

    def _section(self, mention: Mention) -> Resolution | None:
        owner = self._at(mention.owner) if mention.owner is not None else None
        if mention.owner is not None and owner is None and self.found[mention.owner].what != "version":
            return None
        if owner is None:
            return self._own_section(mention)
        if owner.document is None:
            return replace(owner, named=f"{owner.named} §{mention.section}".strip(), newer=False)
        bare = replace(owner, section=None, missing="", problem="")
        return self._with_section(bare, mention.section)

    def _own_section(self, mention: Mention) -> Resolution | None:
        """Of the document itself, if it has that section and no other name claims it: else of nobody who is known."""
        found = self._in_itself(mention)
        owner = self.found[mention.owner] if mention.owner is not None else None
        is_own = owner is None or (owner.version == self.document.version and self._is_plain(owner, self.chain))
        is_free = not mention.foreign and is_own
        if found.section and is_free and not self._is_about and mention.antecedent not in self._lacking:
            # "Section 3" alone may be any document's; "Section 3.2" is ours if we have one.
            return None if mention.weak and "." not in mention.section else found
        return None if mention.weak else Resolution("unresolved")

    def _in_itself(self, mention: Mention) -> Resolution:
        found = self.own.get(mention.section)
        if found is None:
            home = self.index.resolution(self.document, self.chain)
            found = self.own[mention.section] = self._with_section(home, mention.section)
        return found

    @cached_property
    def _is_about(self) -> bool:
        """Whether the text is about another one, whose § it gives without a name (a plan, a review): it lacks many of
        them itself."""
        lacking = len(self._lacking_each)
        return lacking >= _MANY_LACKING and 4 * lacking > len(self._bare)

    @cached_property
    def _bare(self) -> list[Mention]:
        return [each for each in self.found if each.what == "section" and each.owner is None and not each.foreign]

    @cached_property
    def _lacking_each(self) -> list[Mention]:
        return [each for each in self._bare if self._in_itself(each).section is None]

    @cached_property
    def _lacking(self) -> frozenset[int | None]:
        """The sentences with a § that the text lacks: the others in them are not its own either."""
        return frozenset(each.antecedent for each in self._lacking_each)

    def _with_section(self, found: Resolution, section: str) -> Resolution:
        document = None if found.document is None else self.index.documents[found.document]
        if document is None or document.form == "html":
            return found
        index = self.index.sections(document)
        place = index.number(section) or index.by_identifier.get(section) or index.titled(section)
        return replace(found, section=place.anchor) if place else replace(found, missing=section)

    # Identifiers

    def _identifier(self, mention: Mention) -> Resolution | None:
        definition = self._definition(mention)
        if definition:
            chain = self.index.chain(definition.document)
            return self.index.resolution(definition.document, chain, section=definition.section.anchor)
        titled = self.index.numbers.by_name.get(mention.name)
        if titled and mention.owner is None and not mention.cue:
            return self.held(titled.chain.current or titled.chain.newest, titled.chain, version_cited=False)
        if mention.weak or mention.owner is not None or mention.cue == "former":
            return None
        if mention.cue == "around" and self._phase_of(mention) != self.phase:
            return None  # "as Phase 72 did at Step 2a": it may or may not be Phase 72's
        return Resolution("unresolved", named=mention.name)

    def _definition(self, mention: Mention) -> Definition | None:
        if mention.cue == "former":
            return None
        known = self.index.definitions
        phase = self._phase_of(mention)
        if mention.owner is not None:
            owner = self._at(mention.owner)
            if owner is None or owner.document is None:
                return None
            path = self.index.documents[owner.document].path
            inside = known.in_document.get((mention.name, path))
            if inside or self.found[mention.owner].what == "version":
                return inside
            phase = self.index.phase_of[path]
        if phase == self.phase:
            here = known.in_document.get((mention.name, self.document.path)) if mention.kind in self.local else None
            found = here or known.in_chain.get((mention.name, self.chain.id))
            if found:
                return found
        found = known.in_phase.get((mention.name, phase)) if phase is not None else None
        return found or known.in_record.get(mention.name)

    def _phase_of(self, mention: Mention) -> PhaseKey | None:
        """The phase whose identifiers are meant: 57 of "P57-D7", 49 of "Phase 49 Step 4", else our own."""
        prefixed = _PREFIXED.match(mention.name)
        number = int(prefixed[1]) if prefixed else mention.phase
        return self.phase if number is None else self.index.phase_said(number, self.phase)


def _said(mention: Mention) -> str:
    """What was named, in the author's words, for the list of what is not held."""
    if not mention.version:
        return _plain(mention.words)
    head = _plain(_BEFORE_VERSION.split(mention.words)[0]).strip(" (") if not mention.implied else ""
    phase = f"Phase {mention.phase} " if mention.phase is not None and not head.startswith("Phase") else ""
    return f"{phase}{head or mention.phrase} v{mention.version}"


def _plain(words: str) -> str:
    return " ".join(fold(words).replace("\ufffc", "").split())
