"""Phases: the folders of ``phases/``, each with its number, its title and its documents; and what its ``phase.yml`` may
say of it: its title, its state and its goal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS, KindTable
from loomworks_record.source.names import PhaseFolder, PhaseKey, parse_phase_folder, phase_folder
from loomworks_record.source.problem import Problem
from loomworks_record.source.version import version_key


class Phase(Struct, frozen=True):
    """One folder of ``phases/``. ``number`` is None for a track: a folder that is not ``phase-<number>[-slug]``.

    ``folder`` is its path below ``phases/`` and ``key`` what tells it apart: see ``names.PhaseFolder``.
    ``documents`` are all that lie in it, sorted by path.
    """

    folder: str
    number: int | None
    title: str
    documents: tuple[Document, ...]
    key: PhaseKey | None = None

    @property
    def label(self) -> str:
        """ "Phase 57", "Phase 61a", "Phase 57 of engine", or the folder's own words."""
        track, _, mark = str(self.key).rpartition("/")
        return self.title if self.number is None else f"Phase {mark} of {track}" if track else f"Phase {mark}"

    @property
    def heading(self) -> str:
        """ "Phase 57: Marketing Engagement Creation"."""
        return self.label if self.title == self.label else f"{self.label}: {self.title}"


def phases(
    documents: Iterable[Document], titles: Mapping[str, str] | None = None, kinds: KindTable | None = None
) -> list[Phase]:
    """By number, those without one last. ``titles`` (folder → title, from phase.yml) hold over our own."""
    grouped: dict[str, list[Document]] = defaultdict(list)
    folders: dict[PhaseKey | None, set[str]] = defaultdict(set)
    alone: list[tuple[PhaseFolder, Document]] = []  # that lie in no folder of the phase
    for document in documents:
        folder = phase_folder(document.path)
        if folder and folder.is_file:
            alone.append((folder, document))
        elif folder:
            grouped[folder.folder].append(document)
            folders[folder.key].add(folder.folder)
    for folder, document in alone:
        known = folders[folder.key]
        grouped[next(iter(known)) if len(known) == 1 else folder.folder].append(document)
    given = titles or {}
    found = [_phase(folder, held, given.get(folder), kinds or KindTable()) for folder, held in grouped.items()]
    return sorted(found, key=_place)


def _place(phase: Phase) -> tuple[bool, str, int, str]:
    """By number; those of tracks after the others, track by track."""
    track = phase.folder.rpartition("/")[0]
    return phase.number is None, track, phase.number or 0, phase.folder


def _phase(folder: str, documents: list[Document], given: str | None, kinds: KindTable) -> Phase:
    parsed = parse_phase_folder(folder)
    fallback = _words(parsed.slug) or Phase(folder, parsed.number, folder, (), parsed.key).label
    title = given or _title_of_change_request(documents, parsed.number, kinds) or fallback
    return Phase(folder, parsed.number, title, tuple(sorted(documents, key=lambda each: each.path)), parsed.key)


def _title_of_change_request(documents: list[Document], number: int | None, kinds: KindTable) -> str | None:
    """The phase's own name for itself: its newest change request's title without "Phase 57 CR —"."""
    if number is None:
        return None
    requests = [d for d in documents if d.role in REQUESTS and d.name.phase_number == number]
    requests = [d for d in requests if d.role == "request"] or requests
    if not requests:
        return None
    title = max(requests, key=lambda document: (version_key(document.version), document.path)).title
    said = rf"\bphase[ -]0*(\d+)\b|{kinds.numbers.pattern}|{kinds.request_words.pattern}|\(?\bv\d+\.\d+\b\)?"

    def another(found: re.Match[str]) -> str:
        return found.group() if found[1] and int(found[1]) != number else " "

    own = re.sub(said, another, title, flags=re.IGNORECASE)
    words = re.sub(r"^[\s—–:·,-]*(?:Loomworks(?=\s*[—–:·]))?[\s—–:·,-]*|[\s—–:·,-]+$", "", " ".join(own.split()))
    words = re.sub(r"\s*[—–]\s*[—–:]\s*", ": ", words)
    return words if len(words) > 2 else None


def _words(slug: str) -> str:
    small = {"and", "or", "of", "the", "to", "in", "as", "a", "for", "by", "with"}
    return " ".join(
        word if at and word in small else word[:1].upper() + word[1:] for at, word in enumerate(slug.split("-")) if word
    )


STATES = ("active", "halted", "open", "paused", "planned", "closed")
KEYS = ("title", "state", "goal")
_LONGEST = 1 << 16  # bytes; such a file has three short lines
_DEEPEST = 20  # levels of nesting; three plain lines have one


class PhaseFile(Struct, frozen=True):
    """What one file says; "" for what it leaves to the documents."""

    path: str
    title: str = ""
    state: str = ""
    goal: str = ""


def read_phase_files(files: Iterable[tuple[str, bytes]]) -> tuple[Mapping[str, PhaseFile], tuple[Problem, ...]]:
    """Folder of ``phases/`` → what its file says, and what was wrong with the files.

    ``files`` are (path, bytes). Of a file that is wrong in part, the right part holds.
    """
    found: dict[str, PhaseFile] = {}
    problems: list[Problem] = []
    for path, data in files:
        folder = phase_folder(path)
        if folder is None or folder.is_file or not path.removesuffix("/phase.yml").endswith(f"/{folder.folder}"):
            problems.append(_wrong(path, None, "lies in no phase's folder: expected phases/<phase>/phase.yml"))
            continue
        read = PhaseFile(path)
        for said in _values(path, data):
            if isinstance(said, Problem):
                problems.append(said)
            else:
                read = replace(read, **{said[0]: said[1]})
        found[folder.folder] = read
    return found, tuple(problems)


def _values(path: str, data: bytes) -> Iterator[tuple[str, str] | Problem]:
    """Each key with its text, and each thing that is wrong, in the order of the file."""
    try:
        node = _parsed(data)
    except ValueError as wrong:
        message, line = wrong.args
        yield _wrong(path, line, message)
        return
    seen: set[str] = set()
    for key, value in node.value if node is not None else ():
        name = str(key.value) if key.id == "scalar" else ""
        message = _fault(name, value, seen)
        seen.add(name)
        yield _wrong(path, key.start_mark.line + 1, message) if message else (name, " ".join(value.value.split()))


def _parsed(data: bytes) -> Any:
    """The mapping in the file as YAML nodes, which know their lines; None for an empty file.

    Raises ValueError(message, line) for anything else.
    """
    # Imported when needed: PyYAML costs a tenth of the start-up time, and few phases have such a file.
    import yaml  # noqa: PLC0415

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text", None) from None
    if len(data) > _LONGEST or _depth(text) > _DEEPEST:
        raise ValueError("is too large: expected up to three lines 'key: text'", None)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise ValueError(f"is not YAML: {wrong.problem or wrong.context}", mark.line + 1 if mark else None) from None
    except yaml.YAMLError as wrong:  # a character that YAML does not allow
        raise ValueError(f"is not YAML: {' '.join(str(wrong).split())}", None) from None
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise ValueError(f"expected lines 'key: text' with {', '.join(KEYS)}", node.start_mark.line + 1)
    return node


def _fault(name: str, value: Any, seen: set[str]) -> str:
    """What is wrong with one line, or ""."""
    if not name:
        return f"has a key that is not text: expected {', '.join(KEYS)}"
    if name not in KEYS:
        return f"has the unknown key '{name}': expected {', '.join(KEYS)}"
    if name in seen:
        return f"has the key '{name}' twice: the first holds"
    if value.id != "scalar":
        return f"'{name}' is a {value.id}: expected a text"
    if name == "state" and value.value.strip() not in STATES:
        return f"'state' is '{value.value}': expected one of {', '.join(STATES)}"
    return ""


def _depth(text: str) -> int:
    """An upper bound of the levels of nesting, found without a parser that recurses."""
    brackets = text.count("[") + text.count("{")
    indents = {len(line) - len(line.lstrip(" ")) for line in text.split("\n")}
    return brackets + len(indents) + text.count("- -")


def _wrong(path: str, line: int | None, message: str) -> Problem:
    return Problem(path, line, "phase-file-malformed", message)
