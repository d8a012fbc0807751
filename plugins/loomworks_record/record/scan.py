"""Scanning: the words of a flat text that name something, left to right, by themselves.

One pattern finds the places where something may be named (a version, a §, a CR number, an identifier, an
``.md``); what stands before and after each place then says what it is. Every alternative of the pattern
begins with a letter, so plain text is skipped quickly and the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from loomworks_record.record.flat import Flat
from loomworks_record.record.identifiers import IdentifierGrammar
from loomworks_record.record.mention import Mention, What
from loomworks_record.record.phrases import Phrase, Phrases
from loomworks_record.source.version import Version, parse_version

_VERSION = r"v\d{1,4}[._]\d{1,4}(?:[._]\d{1,4})?(?!\w)"
_SEEDS = (
    r"(?P<version>v(?<![\w.@]v)\d{1,4}[._]\d{1,4}(?:[._]\d{1,4})?(?![^\W_]))",
    r"(?P<written>version (?<!\wversion )\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?!\w|\.\d))",
    r"(?P<section>§)",
    r"(?P<spelt>Section (?=\d))",
    r"(?P<number>CR-(?<![\w-]CR-)\d{4}-\d{3,4}(?![\w-]))",
    r"(?P<extension>\.(?:md|html)(?![\w-]))",
)
_NUMBER = re.compile(r"\s?(?P<number>\d{1,3}(?:\.\d{1,3})*(?:\.[A-Z](?![A-Za-z]))?(?:\.\d{1,3})*(?:[a-z](?![a-z]))?)")
_TITLE = re.compile(r"\s?(?P<title>[A-Z][\w'’/+-]*(?:[ \n][\w'’/+-]+){0,7})")
_TITLE_END = re.compile(r"\s+(?:plus|and|or|as|per|is|are|was|says|names|settles|for example)\s", re.IGNORECASE)
_JOIN = r"\s*(?:/|\+|&|,\s*(?:and\s|or\s|plus\s)?|(?:and|or|plus)\s)\s*"
_ARROW = r"\s*(?:→|->)\s*"
_RANGE = r"\s*(?:–|-|‑|\.\.\.?|…|(?:to|through)\s)\s*"
_NEXT_VERSION = re.compile(
    rf"(?:(?P<range>{_RANGE})|{_JOIN}|{_ARROW})(?P<version>v\d{{1,4}}[._]\d{{1,4}}(?:[._]\d{{1,4}})?)(?!\w)"
)
_NEXT_SECTION = re.compile(rf"(?:{_RANGE}|{_JOIN})(?P<number>\d{{1,3}}(?:\.\d{{1,3}})*(?:\.[A-Z](?![A-Za-z]))?[a-z]?)(?![\w%])")
_NEXT_VALUE = re.compile(rf"(?:{_RANGE}|{_JOIN})")
_STEM = re.compile(r"[A-Za-z0-9_-]*")
_STEM_BEFORE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*)$")
_FOLDERS_BEFORE = re.compile(r"(?:(?:~|\.{1,2})?/)?(?:(?:[A-Za-z0-9_@-]+|\.{1,2})/)*$")
_VERSIONED = re.compile(r"(?P<stem>[A-Za-z0-9].*?-v\d{1,4}_\d{1,4}(?:_\d{1,4})?)-*$", re.DOTALL)
_EXTENSION = re.compile(r"\.(?:md\.html|md|html|docx|pdf)(?![\w-])")
_TAIL = re.compile(r"\.[A-Za-z0-9]{1,6}(?![\w/.-])|/\w")  # ".bak", or a folder of that name
_NAMED_BEFORE = re.compile(r"\bversions?\s*\(?\s*$", re.IGNORECASE)
_LONGEST_STEM = 200
_PHASE = re.compile(r"\bPhase\s+(\d{1,4})\b(?!/)")
_PHASE_END = re.compile(r"\bPhase\s+(\d{1,4})(?:['’]s)?\s*$")
_CLAUSE_MARKS = (".", ";", ":", ",", "(", ")", "—", "\x1a")


@dataclass(frozen=True)
class Scanner:
    """What is looked for: the phrases and identifiers of one record."""

    phrases: Phrases
    identifiers: IdentifierGrammar
    seeds: re.Pattern[str]

    @classmethod
    def of(cls, phrases: Phrases, identifiers: IdentifierGrammar) -> Scanner:
        boundary = r"(?![\w-])"
        named = (seed.replace("(?P<", "(?P<", 1) + boundary for seed in identifiers.seeds)
        return cls(phrases, identifiers, re.compile("|".join((*_SEEDS, *named))))


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
        self.by_group: dict[str, Callable[[re.Match[str]], None]] = {
            "version": self._version,
            "written": self._version,
            "section": self._section,
            "spelt": self._spelt,
            "number": self._number,
            "extension": self._unversioned,
        }

    def run(self) -> list[Mention]:
        block = -1
        starts = self.flat.starts
        link = 0
        for seed in self.scanner.seeds.finditer(self.text):
            place = seed.start()
            while link < len(self.links) and self.links[link].end <= place:
                self._link(link)
                link += 1
            if place < self.taken or (link < len(self.links) and self.links[link].start <= place):
                continue
            while block + 1 < len(starts) and starts[block + 1] < place:
                block += 1
            self.low, self.high = self.flat.bounds(block)
            group = seed.lastgroup or ""
            handle = self.by_group.get(group)
            if handle:
                handle(seed)
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

    def _file(self, place: int) -> bool:
        """A file name around ``place``, where "-v" begins a version."""
        low = max(self.low, self.taken, place - _LONGEST_STEM)
        before = _STEM_BEFORE.search(self.text[low:place])
        after = _STEM.match(self.text, place, min(self.high, place + _LONGEST_STEM))
        end = after.end() if after else place
        self.taken = max(self.taken, end)
        if before is None:
            return False
        start = low + before.start()
        stem = _VERSIONED.fullmatch(self.text[start:end])
        if stem is None:
            return False
        end = start + len(stem["stem"])
        return self._named_file(start, end, weak=False)

    def _named_file(self, start: int, end: int, weak: bool) -> bool:
        extension = _EXTENSION.match(self.text, end, self.high)
        stop = extension.end() if extension else end
        self.taken = max(self.taken, stop)
        if self._goes_on(start, stop, extension is not None):
            return False
        written = self.text[end:stop].removesuffix(".html") if self.text[end:stop] == ".md.html" else self.text[end:stop]
        folder = self._folder(start)
        if folder is None:
            return False
        file = self.text[start:end] + written
        self._add(Mention(start - len(folder), stop, "file", file=file, folder=folder, weak=weak))
        return True

    def _goes_on(self, start: int, stop: int, has_extension: bool) -> bool:
        """Whether the name is only a part of a longer one."""
        previous = self.text[start - 1] if start else ""
        if previous and (previous in "<>_@=" or previous == "\ufffc"):
            return True
        following = self.text[stop : stop + 1]
        if following in ("<", "/", "@") or following == "\ufffc":
            return True
        return (following == "." and bool(_TAIL.match(self.text, stop)) and has_extension) or (
            following == "." and not has_extension and bool(re.match(r"\.[A-Za-z]", self.text[stop : stop + 2]))
        )

    def _folder(self, start: int) -> str | None:
        """The folders written before a name; None where they belong to a web address."""
        found = _FOLDERS_BEFORE.search(self.text[max(self.low, start - 240) : start])
        folder = found.group() if found else ""
        before = self.text[max(self.low, start - len(folder) - 12) : start - len(folder)]
        address = re.search(r"(?:https?:/?|//)$|\S*://\S*$", before + folder[:2])
        return None if address or "://" in folder else folder

    def _unversioned(self, seed: re.Match[str]) -> None:
        """A name like notes.md: a mention only if such a document is held."""
        place = seed.start()
        low = max(self.low, self.taken, place - _LONGEST_STEM)
        before = re.search(r"[A-Za-z0-9][A-Za-z0-9_.-]*$", self.text[low:place])
        if before:
            self._named_file(low + before.start(), place, weak=True)

    # Versions

    def _version(self, seed: re.Match[str]) -> None:
        place = seed.start()
        if self.text[place - 1 : place] == "-" and seed["version"]:
            self._file(place)
            return
        if seed["version"] and seed.end() < len(self.text) and self.text[seed.end()] == "_":
            return
        written = seed.group().removeprefix("version ")
        head = self._head(place)
        self._versions(place, written, seed.end(), head)

    def _head(self, place: int) -> Mention:
        """What the version at ``place`` is a version of, as a mention that still lacks it."""
        last = self.found[-1] if self.found else None
        if last and last.what == "number" and last.version is None and not last.section:
            between = self.text[last.end : place]
            if not between.strip(" \n,(") and len(between) < 4:
                return last
        phrase = self._phrase(place)
        if phrase is None:
            reverse = self._reversed(place)
            return reverse or Mention(place, place, "version", weak=True, cue=self._cue(place))
        what: What = "kind" if phrase.kinds else "subject"
        return Mention(
            phrase.start, place, what, phrase=phrase.name, kinds=phrase.kinds,
            phase=phrase.phase, cycle=phrase.cycle, own=phrase.own, subject=phrase.subject,
        )  # fmt: skip

    def _phrase(self, place: int) -> Phrase | None:
        low = max(self.low, self._last_end())
        phrase = self.scanner.phrases.before(self.text, low, place)
        if phrase is None:
            named = _NAMED_BEFORE.search(self.text, max(low, place - 14), place)
            if named:
                phrase = self.scanner.phrases.before(self.text, low, named.start())
                phrase = self._scoped(phrase)
                return replace(phrase, start=place) if phrase else None
        return self._scoped(phrase)

    def _scoped(self, phrase: Phrase | None) -> Phrase | None:
        """With the phase that is said around it, where it names none itself."""
        if phrase is None or phrase.phase is not None:
            return phrase
        return replace(phrase, phase=phase_around(self.text, self.low, phrase.start))

    def _last_end(self) -> int:
        """Where the last mention ends that a phrase must not reach into."""
        for mention in reversed(self.found[-3:]):
            if mention.what not in ("identifier", "version"):
                return mention.end
        return 0

    def _reversed(self, place: int) -> Mention | None:
        """ "v0.42 manifest": a mention only if that version is held."""
        version = re.compile(_VERSION).match(self.text, place, self.high)
        if version is None or self.text[version.end() : version.end() + 1] not in (" ", "\n"):
            return None
        after = self.scanner.phrases.after(self.text, version.end() + 1, self.high)
        if after is None or after[0].kinds[0] == "note":
            return None
        phrase = after[0]
        return Mention(place, place, "kind", phrase=phrase.name, kinds=phrase.kinds, weak=True, cue="reversed")

    def _cue(self, place: int) -> str:
        before = self.text[max(self.low, place - 24) : place]
        if re.search(r"\b(?:supersed(?:es|ing|ed by)|replac(?:es|ing|ed by))\s+$", before, re.IGNORECASE):
            return "supersedes"
        return ""

    def _versions(self, place: int, written: str, end: int, head: Mention) -> None:
        """The version at ``place`` and those joined to it: one mention for each."""
        version = parse_version(written)
        if version is None:
            return
        start = head.start if head.what != "version" else place
        if head is (self.found[-1] if self.found else None):
            self.found.pop()
            start = head.start
        if head.cue == "reversed":
            phrase = self.scanner.phrases.after(self.text, end + 1, self.high)
            end = phrase[1] if phrase else end
        self._add(replace(head, start=start, end=end, version=version))
        first, last = len(self.found) - 1, version
        if head.cue == "reversed":
            return
        while following := _NEXT_VERSION.match(self.text, end, self.high):
            version = parse_version(following["version"])
            if version is None:
                break
            if following["range"]:
                for inner in _between(last, version):
                    at = following.start("version")
                    self.found.append(replace(head, start=at, end=at, version=inner, implied=True))
            end, last = following.end("version"), version
            self._add(replace(head, start=following.start("version"), end=end, version=version))
        if head.what == "version" and not head.cue and self._archival(end):
            for at in range(first, len(self.found)):
                self.found[at] = replace(self.found[at], cue="archival")

    def _archival(self, end: int) -> bool:
        """Whether the words after say that versions are kept: "v0.1 + v0.2 both stay archived"."""
        after = self.text[end : min(self.high, end + 45)]
        return bool(re.match(r"[^.;:()]{0,24}\b(?:preserved|archived|superseded|alongside)\b", after))

    # CR numbers

    def _number(self, seed: re.Match[str]) -> None:
        self._add(Mention(seed.start(), seed.end(), "number", number=seed.group()))

    # Sections

    def _spelt(self, seed: re.Match[str]) -> None:
        number = _NUMBER.match(self.text, seed.end(), self.high)
        if number and (seed.start() == 0 or not self.text[seed.start() - 1].isalnum()):
            self._add(
                Mention(seed.start(), number.end(), "section", section=number["number"].rstrip("."), weak=True)
            )

    def _section(self, seed: re.Match[str]) -> None:
        place, after = seed.start(), seed.end()
        if self.text[after : after + 1] == "§":
            after += 1
        named = self.scanner.identifiers.seeds and self._section_name(after)
        number = None if named else _NUMBER.match(self.text, after, self.high)
        if named:
            section, end = named
        elif number:
            section, end = number["number"], number.end()
        else:
            title = _TITLE.match(self.text, after, self.high)
            if title is None:
                self.taken = max(self.taken, after)
                return
            section, end = self._title(title)
        self._add_section(place, end, section)
        if number:
            while following := _NEXT_SECTION.match(self.text, end, self.high):
                if after - place < 2:
                    break  # only "§§3–4" goes on without a sign of its own
                end = following.end()
                self._add(Mention(following.start("number"), end, "section", section=following["number"]))

    def _section_name(self, after: int) -> tuple[str, int] | None:
        named = self.scanner.identifiers.at_start(self.text[after : min(self.high, after + 24)])
        return (named.name, after + named.end) if named else None

    def _title(self, title: re.Match[str]) -> tuple[str, int]:
        words = title["title"]
        stop = _TITLE_END.search(words)
        if stop:
            words = words[: stop.start()]
        end = title.start("title") + len(words)
        # A § within the §: "§Open decisions §New at v0.2" is one place, named from the outside in.
        inner = re.compile(r"\s§([A-Z][\w'’-]*(?:\s[\w.'’-]*\w){0,4})").match(self.text, end, self.high)
        return words, inner.end() if inner else end

    def _add_section(self, place: int, end: int, section: str) -> None:
        """A § directly after a document is one mention with it."""
        last = self.found[-1] if self.found else None
        if last and last.names_document and not last.section and last.what != "link" and last.end > self.low:
            between = self.text[last.end : place]
            if re.fullmatch(r"(?:['’]s)?(?:\s+full)?\s+|['’]s\s*", between):
                self.found[-1] = replace(last, end=end, section=section)
                self.taken = max(self.taken, end)
                return
        phrase = self._scoped(
            self.scanner.phrases.before(self.text, max(self.low, self._last_end()), place, section=True)
        )
        if phrase and phrase.kinds and phrase.kinds[0] != "note":
            self._add(Mention(
                phrase.start, end, "kind", phrase=phrase.name, kinds=phrase.kinds,
                phase=phrase.phase, cycle=phrase.cycle, own=phrase.own, section=section,
            ))  # fmt: skip
            return
        self._add(Mention(place, end, "section", section=section))

    # Identifiers

    def _identifier(self, seed: re.Match[str]) -> None:
        place = seed.start()
        if place > self.low and (self.text[place - 1].isalnum() or self.text[place - 1] in "-_/§"):
            return
        grammar = self.scanner.identifiers
        kind, name, in_full = grammar.named(seed)
        value = name.rpartition(" ")[2] if grammar.is_worded(kind) else name
        at = seed.end() - len(value)
        plural = grammar.is_worded(kind) and self.text[place : at].rstrip(" \n(").endswith("s")
        opened = "(" in self.text[place:at]
        if opened and not plural:
            return
        start = at if opened else place
        weak = not in_full or grammar.is_silent(kind, name)
        phase = phase_around(self.text, self.low, place)
        first = Mention(start, seed.end(), "identifier", kind=kind, name=name, weak=weak, phase=phase)
        if not plural:
            self._add(first)
            return
        listed = list(self._values(kind, seed.end(), weak=not in_full, phase=phase))
        if listed:  # "Total gates 17" counts them
            for mention in (first, *listed):
                self._add(mention)

    def _values(self, kind: str, end: int, weak: bool, phase: int | None) -> Iterator[Mention]:
        """ "5 and 5b" after "Gates": one mention for each."""
        grammar = self.scanner.identifiers
        while join := _NEXT_VALUE.match(self.text, end, self.high):
            value = grammar.value_at(kind, self.text, join.end())
            if value is None or value.end() > self.high or self.text[value.end() : value.end() + 1].isalnum():
                return
            end = value.end()
            name = grammar.canonical(kind, value.group())
            quiet = weak or grammar.is_silent(kind, name)
            yield Mention(value.start(), end, "identifier", kind=kind, name=name, weak=quiet, phase=phase)


def phase_around(text: str, low: int, place: int) -> int | None:
    """The 49 of "Phase 49 Step 4", "Phase 49 (Step 4 → CR v0.3)", "Phase 49 was amended at Step 4".

    It is said in the same clause, or before the bracket that ``place`` stands in.
    """
    before = text[max(low, place - 160) : place]
    opened = before.rfind("(")
    if opened >= 0 and ")" not in before[opened:]:
        found = _PHASE_END.search(before, 0, opened)
        if found:
            return int(found[1])
    clause = before[max(before.rfind(mark) for mark in _CLAUSE_MARKS) + 1 :]
    said = _PHASE.findall(clause)
    return int(said[-1]) if said else None


def _between(first: Version, last: Version) -> Iterator[Version]:
    """The versions inside a range; none where the range is not of one major number."""
    if first.major == last.major and first.patch is None and last.patch is None and last.minor - first.minor <= 60:
        for minor in range(first.minor + 1, last.minor):
            yield Version(first.major, minor)
