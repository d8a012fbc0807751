"""YAML front matter, read with python-frontmatter's YAML handler; what it cannot parse is kept as text."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from loomworks_record.source.header import Field
from loomworks_record.source.labels import field_of, own_key


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """``lines`` is how many lines of the text it takes (0 for none); ``error`` is YAML's own complaint."""

    fields: tuple[Field, ...] = ()
    lines: int = 0
    error: str | None = None


def parse_front_matter(text: str) -> FrontMatter:
    """The front matter that ``text`` begins with, as facts in order."""
    if not text.startswith("---\n"):
        return FrontMatter()
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        return FrontMatter()
    # Imported when needed: PyYAML costs a tenth of the start-up time, and few documents have front matter.
    from frontmatter.default_handlers import YAMLHandler  # noqa: PLC0415
    from yaml import YAMLError  # noqa: PLC0415

    block = "\n".join(lines[1:end])
    try:
        values = YAMLHandler().load(block)
    except YAMLError as wrong:
        return FrontMatter(lines=0, error=" ".join(str(wrong).split()))
    if values is None:
        return FrontMatter(lines=end + 1)
    if not isinstance(values, dict):
        return FrontMatter(lines=0, error=f"expected 'key: value' lines, got {type(values).__name__}")
    return FrontMatter(tuple(_fields(values, lines[:end])), end + 1)


def _fields(values: dict[object, object], lines: list[str]) -> list[Field]:
    found = []
    for name, value in values.items():
        label = str(name)
        line = next((at for at, line in enumerate(lines, 1) if line.startswith(f"{label}:")), 1)
        key = field_of(label.replace("_", " ").replace("-", " ")) or own_key(label)
        found.append(Field(label, key, _written(value), line))
    return found


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_written(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_written(item)}" for name, item in value.items())
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return " ".join(str(value).split())
