"""Rendering for the tests of comparison: texts by themselves, and pages of the sample record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from loomworks_record.render.body import render_body

CONTENT = Path(__file__).parents[2] / "content"
_VERSIONED = re.compile(r"(?P<stem>.*)-v(?P<version>\d+(?:_\d+)+)\.md")


def rendered(text: str) -> str:
    return render_body(text)


def chains() -> dict[str, list[Path]]:
    """Every chain of the sample record with more than one version, its files in order of their versions."""
    found: dict[str, list[tuple[tuple[int, ...], Path]]] = defaultdict(list)
    for path in CONTENT.rglob("*.md"):
        name = _VERSIONED.fullmatch(path.name)
        if name:
            folder = path.parent.parent if path.parent.name == "archive" else path.parent
            version = tuple(int(number) for number in name["version"].split("_"))
            found[f"{folder.relative_to(CONTENT)}/{name['stem']}"].append((version, path))
    return {stem: [path for _, path in sorted(held)] for stem, held in sorted(found.items()) if len(held) > 1}


def pairs() -> Iterator[tuple[Path, Path]]:
    """All pairs of versions of one chain, the older first."""
    for held in chains().values():
        yield from combinations(held, 2)
