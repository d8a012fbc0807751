"""``phase.yml``: what a phase's folder may say of the phase itself: its title, its state and its goal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from loomworks_record.source.names import phase_folder
from loomworks_record.source.problem import Problem

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
