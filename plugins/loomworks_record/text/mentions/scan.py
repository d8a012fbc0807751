"""Scanning: the words of a flat text that name something, left to right, by themselves.

Patterns find the places where something may be named (``seeds.py``); what stands before and after each place then says
what it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from loomworks_record import lazy
from loomworks_record.source.kinds import NOTE
from loomworks_record.source.version import Version, version_in_text
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.file_names import FileName, plain_name, versioned_name
from loomworks_record.text.mentions.mention import Mention, What
from loomworks_record.text.mentions.others import follows_name
from loomworks_record.text.mentions.phrases import Phrase
from loomworks_record.text.mentions.seeds import Scanner
from loomworks_record.text.sets import (
    JOIN,
    RANGE,
    further_numbers,
    joined_versions,
    section_name,
    section_number,
)

_NEXT_VALUE = lazy.regex(rf"(?:{RANGE}|{JOIN})")
_JOINT = lazy.regex(r"(?:['’]s\s+|,\s+)$")
_VERSIONS_BEFORE = lazy.regex(r"\bversions?\s*\(?\s*$|\(\s*$", re.IGNORECASE)
_BETWEEN = lazy.regex(r"(?:['’]s)?\s{1,3}|\s?,\s{1,3}|\s?\(\s?")
_BEFORE_KIND = lazy.regex(r"\s+(?P<of>of\s+(?:the\s+)?)?")
_SUPERSEDING = lazy.regex(r"\b(?:supersed(?:es|ing|ed by)|replac(?:es|ing|ed by))\s+$", re.IGNORECASE)
# What a version of one number must begin for that to be said of it: a block or a clause, or "This note …".
_BEGINS = lazy.regex(r"(?:\x1a|[.;:(]\s+|\bthis\s+[\w-]+\s+(?:is\s+)?)$", re.IGNORECASE)
_OF_DOCUMENT = lazy.regex(r"\s+of\s+(?:the\s+)?")
_KEPT = lazy.regex(r"[^.;:()]{0,24}\b(?:preserved|archived|superseded|alongside)\b")
_ATTACHED = lazy.regex(r"(?:['’]s)?(?:\s+full)?\s+|['’]s\s*")
_NOTE_SECTION = lazy.regex(r"#(?P<words>[^\]\[|#^\x1a]{1,120})(?=\]\]|\|)")
_PHASE = lazy.regex(r"\bPhase\s+(\d{1,4})\b(?!/)")
_PHASE_END = lazy.regex(r"\bPhase\s+(\d{1,4})(?:['’]s)?\s*$")
_CLAUSE_MARKS = (".", ";", ":", ",", "(", ")", "—", "\x1a")


def scan(flat: Flat, scanner: Scanner) -> list[Mention]:
    """All that is named in ``flat``, in order of place; nothing is attached to anything yet."""
    return _Scan(flat, scanner).run()


class _Scan:
    def __init__(self, flat: Flat, scanner: Scanner) -> None:
        self.flat = flat
        self.text = flat.text
        self.scanner = scanner
        self.found: list[Mention] = []
        self.low = 0  # where the block that we are in begins, and ends
        self.high = 0
        self.taken = 0  # up to where the text is used up
        self.links = [link for link in flat.links if not link.image]

    def run(self) -> list[Mention]:
        starts = self.flat.starts
        link = 0
        for seed in self.scanner.seeds(self.text):
            place = seed.start()
            while link < len(self.links) and self.links[link].end <= place:
                self._link(link)
                link += 1
            if place < self.taken or (link < len(self.links) and self.links[link].start <= place):
                continue
            self.low, self.high = self.flat.bounds(bisect_left(starts, place) - 1)
            group = seed.lastgroup or ""
            handle = _BY_GROUP.get(group.rstrip("0123456789"))
            if handle:
                handle(self, seed)
            else:
                self._identifier(seed)
        for rest in range(link, len(self.links)):
            self._link(rest)
        return self.found

    def _add(self, mention: Mention) -> None:
        """A longer mention that reaches back over a shorter one takes its place ("Step 0 findings v0.1")."""
        while self.found and self.found[-1].end > mention.start and self.found[-1].what == "identifier":
            self.found.pop()
        self.found.append(mention)
        self.taken = max(self.taken, mention.end)

    def _link(self, number: int) -> None:
        link = self.links[number]
        self._add(Mention(link.start, link.end, "link", url=link.url))

    # Files

    def _unversioned(self, seed: re.Match[str]) -> None:
        """A name like notes.md: a mention only if such a document is held."""
        low = max(self.low, self.taken)
        self._file(*plain_name(self.text, low, self.high, seed.start()), weak=True)

    def _stem(self, seed: re.Match[str]) -> None:
        """A name like draft-fox-rates-03, without extension: likewise."""
        low = max(self.low, self.taken)
        self._file(*plain_name(self.text, low, self.high, seed.end()), weak=True)

    def _file(self, name: FileName | None, used: int, weak: bool) -> None:
        if name:
            found = Mention(name.start, name.end, "file", file=name.file, folder=name.folder, weak=weak)
            self._add(self._in_note_link(found) or found)
        self.taken = max(self.taken, used)

    def _in_note_link(self, file: Mention) -> Mention | None:
        """ "[[room-plan-v0_1#§1 Purpose]]", as other programs for notes link: the file with its section."""
        if self.text[max(self.low, file.start - 2) : file.start] != "[[":
            return None
        inner = _NOTE_SECTION.match(self.text, file.end, self.high)
        if inner is None:
            return None
        number = section_number(inner["words"].removeprefix("§"), 0, len(inner["words"]))
        section = number.section if number else inner["words"].strip()
        return replace(file, end=inner.end(), section=section)

    # Versions

    def _version(self, seed: re.Match[str]) -> None:
        place, is_bare = seed.start(), seed.lastgroup == "version"
        if self.text[place - 1 : place] == "-" and is_bare:
            self._file(*versioned_name(self.text, max(self.low, self.taken), self.high, place), weak=False)
            return
        if is_bare and seed.end() < len(self.text) and self.text[seed.end()] == "_":
            return
        written = seed.group().removeprefix("version ")
        version = version_in_text(written)
        if version is not None:
            self._versions(place, version, seed.end(), self._head(place, seed.end(), version))

    def _head(self, place: int, end: int, version: Version) -> Mention:
        """What the version at ``place`` is a version of, as a mention that still lacks it."""
        last = self.found[-1] if self.found else None
        if last and last.number and last.version is None and not last.section:
            between = self.text[last.end : place]
            if _BETWEEN.fullmatch(between):
                # "CR-2026-090 (v0.2)": the bracket is not part of the mention.
                return replace(last, start=place) if "(" in between else last
        phrase = self._phrase(place, version)
        if phrase is None:
            return self._reversed(place, end, version) or Mention(place, place, "version", weak=True)
        return _headed(phrase)

    def _phrase(self, place: int, version: Version) -> Phrase | None:
        low = max(self.low, self._last_end())
        phrase = self.scanner.phrases.before(self.text, low, place)
        if phrase is None and version.is_one_number and (joint := _JOINT.search(self.text, low, place)):
            phrase = self.scanner.phrases.before(self.text, low, joint.start())  # "the billing CR, version 1"
        if phrase and not phrase.kinds and phrase.name.isalpha() and (version.is_one_number or len(phrase.name) <= 5):
            phrase = None if follows_name(self.text, self.low, phrase.start) else phrase
        if phrase is None:
            named = _VERSIONS_BEFORE.search(self.text, max(low, place - 14), place)
            if named:
                phrase = self._scoped(self.scanner.phrases.before(self.text, low, named.start()))
                # "CR versions (v0.1 / v0.2)": the bracket is not part of the mention.
                return phrase._replace(start=place) if phrase and "(" in named.group() else phrase
        return self._scoped(phrase)

    def _scoped(self, phrase: Phrase | None) -> Phrase | None:
        """With the phase that is said around it, where it names none itself."""
        if phrase is None or phrase.phase is not None:
            return phrase
        return phrase._replace(phase=phase_around(self.text, self.low, phrase.start)[0])

    def _last_end(self) -> int:
        """Where the last mention ends that a phrase must not reach into."""
        for mention in reversed(self.found[-3:]):
            if mention.what not in ("identifier", "version"):
                return mention.end
        return 0

    def _reversed(self, place: int, end: int, version: Version) -> Mention | None:
        """ "v0.2 of the scoping note"; "v0.42 manifest", a mention only if that version is held."""
        joint = _BEFORE_KIND.match(self.text, end, self.high)
        if joint and version.is_one_number and not joint["of"]:
            return None  # "v8 engine spec"
        after = self.scanner.phrases.after(self.text, joint.end(), self.high, subjects=True) if joint else None
        if joint is None or after is None or after[0].kinds[:1] == (NOTE.kind,):
            return None
        phrase, end = after
        return replace(_headed(phrase), start=place, end=end, weak=not joint["of"], cue="reversed")

    def _cue(self, place: int, end: int, version: Version) -> str:
        """What is said of a version alone: that it was superseded, or is kept. Of one number it may be anybody's."""
        superseding = _SUPERSEDING.search(self.text, max(self.low, place - 24), place)
        if version.is_one_number:
            begin = superseding.start() if superseding else place
            if not _BEGINS.search(self.text, max(self.low - 1, begin - 40, 0), begin):
                return ""
        if superseding:
            return "supersedes"
        return "archival" if _KEPT.match(self.text, end, min(self.high, end + 45)) else ""

    def _versions(self, place: int, version: Version, end: int, head: Mention) -> None:
        """The version at ``place`` and those joined to it: one mention for each."""
        if self.found and head is self.found[-1]:
            self.found.pop()
        if head.cue == "reversed":
            self._add(replace(head, version=version))
            return
        self._add(replace(head, start=place if head.what == "version" else head.start, end=end, version=version))
        first = len(self.found) - 1
        for start, after, joined in joined_versions(self.text, end, self.high, version):
            end = after
            self._add(replace(head, start=start, end=end, version=joined, implied=start == end))
        if head.what == "version" and (cue := self._cue(place, end, version)):
            self.found[first:] = [replace(mention, cue=cue) for mention in self.found[first:]]

    # CR numbers

    def _number(self, seed: re.Match[str]) -> None:
        self._add_numbered(Mention(seed.start(), seed.end(), "number", number=seed.group()))

    def _add_numbered(self, mention: Mention) -> None:
        """With the version of it that is named before it: "v2 of CR-2026-090"."""
        last = self.found[-1] if self.found and mention.number else None
        if last and last.what == "version" and _OF_DOCUMENT.fullmatch(self.text, last.end, mention.start):
            self.found.pop()
            mention = replace(mention, start=last.start, version=last.version)
        self._add(mention)

    # Sections

    def _spelt(self, seed: re.Match[str]) -> None:
        number = section_number(self.text, seed.end(), self.high)
        if number and not (seed.start() > self.low and self.text[seed.start() - 1].isalnum()):
            self._add(Mention(seed.start(), number.end, "section", section=number.section, weak=True))

    def _section(self, seed: re.Match[str]) -> None:
        place, after = seed.start(), seed.end()
        several = self.text[after : after + 1] == "§"
        after += several
        number = section_number(self.text, after, self.high)
        name = number or section_name(self.text, after, self.high, self.scanner.identifiers)
        if name is None:
            self.taken = max(self.taken, after)
            return
        self._add_section(place, name.end, name.section)
        if number and several:
            for further in further_numbers(self.text, name.end, self.high):
                self._add(Mention(further.start, further.end, "section", section=further.section))

    def _add_section(self, place: int, end: int, section: str) -> None:
        """A § directly after a document is one mention with it."""
        last = self.found[-1] if self.found else None
        if last and last.names_document and not last.section and last.what != "link" and last.end > self.low:
            between = self.text[last.end : place]
            if _ATTACHED.fullmatch(between):
                self.found[-1] = replace(last, end=end, section=section)
                self.taken = max(self.taken, end)
                return
        phrase = self._scoped(
            self.scanner.phrases.before(self.text, max(self.low, self._last_end()), place, section=True)
        )
        if phrase and phrase.kinds[:1] != (NOTE.kind,):
            self._add(replace(_headed(phrase), end=end, section=section))
            return
        self._add(Mention(place, end, "section", section=section))

    # Identifiers

    def _identifier(self, seed: re.Match[str]) -> None:
        place = seed.start()
        if place > self.low and (self.text[place - 1].isalnum() or self.text[place - 1] in "-_/§"):
            return
        grammar = self.scanner.identifiers
        kind, name, in_full = grammar.named(seed)
        at = seed.start(seed.lastgroup or 0) if grammar.has_values(kind) else place
        plural = grammar.is_plural(kind, self.text[place:at])
        opened = "(" in self.text[place:at]
        if opened and not plural:
            return
        start = at if opened else place
        weak = not in_full or grammar.is_silent(kind, name)
        phase, sure = phase_around(self.text, self.low, place)
        cue = "" if phase is None or sure else "around"
        number = name if grammar.names_documents(kind) else ""
        first = Mention(start, seed.end(), "identifier", number=number, kind=kind, name=name, weak=weak, phase=phase,
                        cue=cue)  # fmt: skip
        if not plural:
            self._add_numbered(first)
            return
        listed = list(self._values(first, weak=not in_full))
        if listed:  # "Total gates 17" counts them
            for mention in (first, *listed):
                self._add(mention)

    def _values(self, first: Mention, weak: bool) -> Iterator[Mention]:
        """ "5 and 5b" after "Gates": one mention for each."""
        grammar, end = self.scanner.identifiers, first.end
        while join := _NEXT_VALUE.match(self.text, end, self.high):
            value = grammar.value_at(first.kind, self.text, join.end())
            if value is None or value.end() > self.high or self.text[value.end() : value.end() + 1].isalnum():
                return
            end = value.end()
            name = grammar.canonical(first.kind, value.group())
            quiet = weak or grammar.is_silent(first.kind, name)
            number = name if first.number else ""
            yield replace(first, start=value.start(), end=end, name=name, number=number, weak=quiet)


# By function and not by bound method: a scan that held its own methods would be freed by nothing but a collector.
_BY_GROUP: dict[str, Callable[[_Scan, re.Match[str]], None]] = {
    "version": _Scan._version,
    "single": _Scan._version,
    "written": _Scan._version,
    "section": _Scan._section,
    "spelt": _Scan._spelt,
    "small": _Scan._spelt,
    "number": _Scan._number,
    "extension": _Scan._unversioned,
    "draft": _Scan._stem,
    "formed": _Scan._stem,
}


def _headed(phrase: Phrase) -> Mention:
    """A mention that begins with a phrase and still lacks its version or section."""
    what: What = "kind" if phrase.kinds else "subject"
    return Mention(
        phrase.start, phrase.start, what, phrase=phrase.name, kinds=phrase.kinds, phase=phrase.phase,
        cycle=phrase.cycle, own=phrase.own, subject=phrase.subject,
    )  # fmt: skip


def phase_around(text: str, low: int, place: int) -> tuple[int | None, bool]:
    """The 49 of "Phase 49 Step 4", "Phase 49 (Step 4 → CR v0.3)", "Phase 49 was amended at Step 4".

    It is said directly before, or before the bracket that ``place`` stands in: then it is sure. Else in the
    same clause.
    """
    low = max(low, place - 160)
    if text.find("Phase", low, place) < 0:
        return None, False
    before = text[low:place]
    if adjacent := _PHASE_END.search(before, max(0, len(before) - 18)):
        return int(adjacent[1]), True
    opened = before.rfind("(")
    if opened >= 0 and ")" not in before[opened:]:
        found = _PHASE_END.search(before, 0, opened)
        if found:
            return int(found[1]), True
    clause = before[max(before.rfind(mark) for mark in _CLAUSE_MARKS) + 1 :]
    said = _PHASE.findall(clause)
    return (int(said[-1]) if said else None), False
