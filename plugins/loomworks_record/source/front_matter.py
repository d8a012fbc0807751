"""Front matter: YAML, read with PyYAML; TOML and JSON. What cannot be parsed is kept as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from msgspec import Struct

from loomworks_record.source.header import Field
from loomworks_record.source.labels import field_of, own_key

_MARK = "---"
# The first line of other notations (Hugo, Zola, Eleventy), with the line that ends them.
_OTHERS = {"+++": ("TOML", "+++"), "---toml": ("TOML", "---"), ";;;": ("JSON", ";;;"), "---json": ("JSON", "---")}
_ENDS = (_MARK, "...")
# What a source of an Internet-Draft has in place of the closing line (kramdown-rfc 1.7): its first section, kept below.
_SECTION = re.compile(r"^--- (?:abstract|middle|back|note_\w+)$")
_KEY = re.compile(r"^\s*[\w\"'][^\n:#]*:(?:\s|$)", re.MULTILINE)
_OTHER_KEY = re.compile(r"[\w\"][\w\". -]*\s*[=:]")
_JSON_KEY = re.compile(r"\{\s*\"")
_TOP_KEY = re.compile(r"^([\w\"'][^\n:#]*?)\s*:(?=\s|$)", re.MULTILINE)
_QUOTES = re.compile(r"""^["']|["']$""")
_COLONS = 4  # of a line, that may end its key
_MARKDOWN = re.compile(r"^\s*$|^#{1,6}\s|\*\*", re.MULTILINE)


class _UnfoldedError(Exception):
    """Aliases (``*name``) unfold to more than is filed."""


@dataclass(slots=True)
class _Budget:
    """Characters that may still be written: a few lines of aliases can unfold without end."""

    left: int

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise _UnfoldedError("its aliases (*name) unfold to more than is filed")


class FrontMatter(Struct, frozen=True):
    """``lines`` is how many lines of the text it takes (0 for none); ``error`` is the parser's own complaint."""

    fields: tuple[Field, ...] = ()
    lines: int = 0
    error: str | None = None


def parse_front_matter(text: str) -> FrontMatter:
    """The front matter that ``text`` begins with, as facts in order; values as filed (0.10 stays 0.10)."""
    first = text.split("\n", 1)[0].rstrip() if text[:1] in ("-", "+", ";", "{") else ""
    if first in _OTHERS or first[:1] == "{":
        return _otherwise(text, *_OTHERS.get(first, ("JSON", "")))
    if first not in (_MARK, "---yaml"):
        return FrontMatter()
    lines = text.split("\n")
    ends = (at for at, line in enumerate(lines[1:], 1) if line.rstrip() in _ENDS or _SECTION.match(line.rstrip()))
    end = next(ends, None)
    if end is None:
        return _unclosed(lines)
    block = "\n".join(lines[1:end])
    if not _KEY.search(block) and _MARKDOWN.search(block):
        return FrontMatter()  # a rule, text and a rule
    return _parsed(block, lines[:end], end if _SECTION.match(lines[end].rstrip()) else end + 1)


def front_matter_reader() -> str:
    """What front matter is read with, and its version."""
    # As in _parsed. Whoever asks keeps what is read, in a project whose mkdocs.yml was read with it already.
    from yaml import __version__  # noqa: PLC0415

    return f"PyYAML {__version__}"


def _otherwise(text: str, notation: str, mark: str) -> FrontMatter:
    """TOML and JSON between lines of ``mark``; without one, the object of JSON that the text begins with."""
    import json  # noqa: PLC0415 - as in _parsed
    import tomllib  # noqa: PLC0415 - likewise

    lines = text.split("\n")
    closing = mark or "}"
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == closing), None)
    if end is None:
        return _unclosed(lines, mark) if mark else FrontMatter()
    # Without the mark, but not without its line: parsers say in which line they stop.
    block = "\n".join([*[""] * bool(mark), *lines[bool(mark) : end + (not mark)]])
    values: Any = None
    try:
        if notation == "TOML":
            values = tomllib.loads(block, parse_float=str)
        else:
            as_object = block if block.lstrip()[:1] == "{" else f"{{{block}}}"
            values = json.loads(as_object, parse_float=str, parse_int=str, object_pairs_hook=_once)
        facts = _facts(values, [line.strip() for line in lines[:end]], _Budget(4 * len(block) + 100))
        return FrontMatter(tuple(facts), end + 1)
    except (ValueError, RecursionError) as wrong:
        if not mark and not _JSON_KEY.match(block):
            return FrontMatter()  # "{% raw %}", "{note}"
        return FrontMatter(lines=end + 1, error=f"it is not {notation}: {_complaint(wrong)}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"the key '{twice[0]}' stands more than once")
    return dict(pairs)


def _unclosed(lines: list[str], mark: str = _MARK) -> FrontMatter:
    """Keys without a closing line: what stands before the first empty line was meant as front matter."""
    end = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    if end < 2 or not (_KEY if mark == _MARK else _OTHER_KEY).match(lines[1]):
        return FrontMatter()
    return FrontMatter(lines=end, error=f"no line '{mark}' closes it")


def _parsed(block: str, lines: list[str], taken: int) -> FrontMatter:
    # Imported when needed: PyYAML costs a tenth of the start-up time, and few documents have front matter.
    from yaml import BaseLoader, YAMLError, load  # noqa: PLC0415

    twice = [key for key, count in Counter(_TOP_KEY.findall(block)).items() if count > 1]
    if twice:
        return FrontMatter(lines=taken, error=f"the key '{twice[0]}' stands more than once")
    try:
        # BaseLoader reads every value as text: 0.10 is not a number, and 2026-02-30 is told as it stands.
        values = load(block, Loader=BaseLoader)
        if values and not isinstance(values, dict):
            return FrontMatter(lines=taken, error=f"expected 'key: value' lines, got {type(values).__name__}")
        return FrontMatter(tuple(_facts(values or {}, lines, _Budget(4 * len(block) + 100))), taken)
    except (YAMLError, RecursionError, _UnfoldedError) as wrong:
        return FrontMatter(lines=taken, error=_complaint(wrong))


def _complaint(wrong: Exception) -> str:
    """What is wrong and in which line of the file, in YAML's words where it has any."""
    mark, words = getattr(wrong, "problem_mark", None), getattr(wrong, "problem", None)
    if isinstance(wrong, RecursionError):
        return "it is nested too deeply"
    if mark is None or not words:
        return " ".join(str(wrong).split())
    return f"line {mark.line + 2}: {' '.join(str(words).split())}"


def _characters(text: str) -> str:
    """``text`` without halves of surrogate pairs: YAML's escapes can name them, and no file can hold them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _facts(values: dict[object, object], lines: list[str], budget: _Budget) -> Iterator[Field]:
    at = _lines_of_keys(lines)
    for name, value in values.items():
        label = _characters(str(name))
        key = field_of(label) or own_key(label)
        yield Field(label, key, _written(value, budget), at.get(label, 1))


def _lines_of_keys(lines: list[str]) -> dict[str, int]:
    """The first line that has each key, which may itself have a colon or two."""
    found: dict[str, int] = {}
    for at, line in enumerate(lines, 1):
        for colon in islice(re.finditer("[:=]", line), _COLONS):
            found.setdefault(_QUOTES.sub("", line[: colon.start()].rstrip()), at)
    return found


def _written(value: object, budget: _Budget) -> str:
    """A value in one line."""
    if isinstance(value, list):
        budget.take(1)
        return "; ".join(_written(item, budget) for item in value)
    if isinstance(value, dict):
        budget.take(1)
        return "; ".join(f"{_characters(str(name))}: {_written(item, budget)}" for name, item in value.items())
    said = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(_characters(said).split())
    budget.take(1 + len(text))
    return text
