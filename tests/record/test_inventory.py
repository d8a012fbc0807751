"""All rows of the real record's inventory, as small files in every header style, read by ``record list --json``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from record import inventory
from record.inventory import HTML, MARKDOWN, Row, Style
from support.site import write_content

pytestmark = pytest.mark.skipif(
    not inventory.FILE.is_file(), reason="the inventory of the real record lies beside the repository and is not here"
)


def listed(content: Mapping[str, bytes], folder: Path) -> dict[str, Any]:
    write_content(content, folder)
    command = [sys.executable, "-m", "loomworks_record.cli.main", "list", "--json", "--content", str(folder)]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stderr
    whole: dict[str, Any] = json.loads(finished.stdout)
    return whole


def faults(rows: list[Row], whole: dict[str, Any]) -> Iterator[str]:
    """All that was read wrongly, row by row."""
    documents = {document["path"]: document for document in whole["documents"]}
    if sorted(documents) != sorted(row.path for row in rows):
        yield f"paths: {sorted(set(documents) ^ {row.path for row in rows})}"
    for row in rows:
        read = documents[row.path]
        for key, expected in wanted(row, rows).items():
            if read[key] != expected:
                yield f"{row.path}: {key}: expected {expected!r}, got {read[key]!r}"
    chains = {chain["id"]: chain for chain in whole["chains"]}
    for identity, (versions, current) in wanted_chains(rows).items():
        chain = chains.pop(identity, {"versions": None, "current": None})
        if (chain["versions"], chain["current"]) != (versions, current):
            yield f"{identity}: expected {versions} with {current}, got {chain}"
    yield from (f"a chain that is none: {identity}" for identity in chains)


def wanted(row: Row, rows: list[Row]) -> dict[str, object]:
    version = inventory.expected_version(row.path)
    chain = inventory.expected_chain(row.path)
    newest = max(number(other.path) for other in rows if inventory.expected_chain(other.path) == chain)
    archived = "/archive/" in row.path or number(row.path) < newest
    assert row.standing_shown in (None, "archived" if archived else "current"), row.path
    return {
        "version": version,
        "phase": inventory.expected_phase(row.path),
        "standing": "archived" if archived else "current",
        "date": row.date or dated(row.path),
        "title": row.title,
        "chain": chain,
        "section": row.path.split("/")[0],
    }


def wanted_chains(rows: list[Row]) -> dict[str, tuple[list[str], str | None]]:
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (number(row.path), not row.path.endswith(".md"))):
        found.setdefault(inventory.expected_chain(row.path), []).append(row.path)
    newest = {chain: [path for path in paths if number(path) == number(paths[-1])] for chain, paths in found.items()}
    return {chain: (paths, newest[chain][0]) for chain, paths in found.items()}


def number(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in (inventory.expected_version(path) or "-1").split("."))


def dated(path: str) -> str | None:
    return "2026-05-08" if "2026-05-08" in path else None


def mismatches(whole: dict[str, Any]) -> list[str]:
    codes = {"header-version-mismatch", "date-invalid", "date-contradiction", "front-matter-malformed"}
    return [problem["message"] for problem in whole["problems"] if problem["code"] in codes]


def test_there_are_64_rows() -> None:
    assert len(inventory.rows()) == 64


@pytest.mark.parametrize("capture", [0, 1], ids=["as rendered", "the other capture"])
def test_each_row_in_its_own_style(tmp_path: Path, capture: int) -> None:
    rows = inventory.rows()
    whole = listed({row.path: inventory.written(row, inventory.own_styles(row)[capture]) for row in rows}, tmp_path)
    assert list(faults(rows, whole)) == []
    assert mismatches(whole) == []
    documents = {document["path"]: document for document in whole["documents"]}
    for row in rows:
        labels = [label.rstrip(".:") for label in row.labels if label not in inventory.RUN_IN]
        if not row.header.startswith(("sentence", "none")):
            assert [label for label in labels if label not in documents[row.path]["header"]] == [], row.path


STYLES = [(name, "html stamp") for name in MARKDOWN] + [("bold one line", name) for name in list(HTML)[1:]]


@pytest.mark.parametrize(("markdown", "html"), STYLES, ids=[" and ".join(pair) for pair in STYLES])
def test_every_row_in_every_style(tmp_path: Path, markdown: str, html: str) -> None:
    rows = inventory.rows()
    whole = listed({row.path: inventory.written(row, _style(row, markdown, html)) for row in rows}, tmp_path)
    assert list(faults(rows, whole)) == []
    assert mismatches(whole) == []


def _style(row: Row, markdown: str, html: str) -> Style:
    return HTML[html] if row.is_html else MARKDOWN[markdown]


def test_extensions_that_the_inventory_leaves_out(tmp_path: Path) -> None:
    """The rows without extension, filed with one: the same chain, the same everything but the path."""
    rows = [row for row in inventory.rows() if not row.path.endswith((".md", ".html"))]
    assert rows
    plain = listed({row.path: inventory.written(row, inventory.html_stamp) for row in rows}, tmp_path / "plain")
    filed = listed(
        {f"{row.path}.html": inventory.written(row, inventory.html_stamp) for row in rows}, tmp_path / "html"
    )
    keys = ("title", "kind", "version", "date", "standing", "header", "chain", "sha256")
    assert [[document[key] for key in keys] for document in plain["documents"]] == [
        [document[key] for key in keys] for document in filed["documents"]
    ]
