"""Dropping what was added gives the old document, dropping what was removed the new one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import canonical_html, reconstruct
from loomworks_record.comparison.nodes import Element, Node, elements, parse
from loomworks_record.comparison.values import Comparison, Limits

from compare.documents import document, edited
from compare.rendering import pairs, rendered

PAIRS = list(pairs())
_GENERATED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def holds(old: str, new: str, limits: Limits | None = None) -> Comparison:
    """Compare, and check all that must hold of any comparison."""
    comparison = compare(old, new, limits=limits)
    html = comparison.html
    assert reconstruct(html, "old") == canonical_html(old)
    assert reconstruct(html, "new") == canonical_html(new)
    assert_ids_once(html)
    assert_rows_even(html)
    return comparison


def assert_ids_once(html: str) -> None:
    names = re.findall(r'<[^>]*\sid="([^"]*)"', html)
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert not any(name.startswith("r-") for name in names)


def assert_rows_even(html: str) -> None:
    for table in tables(parse(html, 500) or ()):
        widths = {width(row) for part in elements(table.children) for row in elements(part.children) if row.tag == "tr"}
        assert len(widths) <= 1, serialised_widths(table)


def tables(nodes: tuple[Node, ...]) -> list[Element]:
    found = []
    for node in elements(nodes):
        found += [node] if node.tag == "table" else tables(node.children)
    return found


def width(row: Element) -> int:
    return sum(int(cell.get("colspan") or 1) for cell in elements(row.children))


def serialised_widths(table: Element) -> list[int]:
    return [width(row) for part in elements(table.children) for row in elements(part.children)]


@_GENERATED
@given(edited())
def test_edited_documents(both: tuple[list[str], list[str]]) -> None:
    old, new = ("\n".join(side) for side in both)
    comparison = holds(old, new)
    if canonical_html(old) == canonical_html(new):
        assert comparison.is_same
        assert comparison.changes == ()


@_GENERATED
@given(document, document)
def test_unrelated_documents(old: list[str], new: list[str]) -> None:
    holds("\n".join(old), "\n".join(new))


@_GENERATED
@given(edited())
def test_limits_cost_detail_never_text(both: tuple[list[str], list[str]]) -> None:
    old, new = ("\n".join(side) for side in both)
    holds(old, new, Limits(cells=400, cells_at_once=20, pairs=3))


@pytest.mark.skipif(not PAIRS, reason="the sample record is not here")
@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda path: path.stem)
def test_sample_record(old: Path, new: Path) -> None:
    holds(rendered(old.read_text("utf-8")), rendered(new.read_text("utf-8")))
    holds(rendered(new.read_text("utf-8")), rendered(old.read_text("utf-8")))
