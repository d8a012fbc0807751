"""Inputs made to be hard: a comparison of them ends, soon, and still holds both documents."""

from __future__ import annotations

import random
import time

import pytest
from loomworks_record.comparison.comparison import compare
from loomworks_record.comparison.marks import canonical_html, reconstruct

SAME = "<p>the same paragraph</p>"


def words(size: int, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(f"w{min(4999, int(chance.paretovariate(0.9)))}" for _ in range(size))


def table(rows: int, factor: int) -> str:
    cells = (f"<tr><td>{row}</td><td>row text {row * factor % 97}</td></tr>" for row in range(rows))
    return f"<table><tbody>{''.join(cells)}</tbody></table>"


def hard(size: int) -> dict[str, tuple[str, str]]:
    """Pairs that grow with ``size``."""
    shuffled = random.Random(3).sample(range(size), size)
    alike = [f"<p>common words here number {number} end</p>" for number in range(size)]
    notes = "<h2>Notes</h2><p>{}</p>" * size
    return {
        "equal paragraphs, one put in": (SAME * size, SAME * (size // 2) + "<p>other</p>" + SAME * (size // 2)),
        "equal paragraphs, every second replaced": (SAME * size, (SAME + "<p>x y</p>") * (size // 2)),
        "alike paragraphs, shuffled": ("".join(alike), "".join(alike[number] for number in shuffled)),
        "equal headings": (notes.format(*["a"] * size), notes.format(*["b"] * size)),
        "one paragraph, other words": (f"<p>{words(size * 20, 1)}</p>", f"<p>{words(size * 20, 2)}</p>"),
        "one paragraph of signs": ("<p>" + ".," * size * 20 + "</p>", "<p>" + ",." * size * 20 + "</p>"),
        "one word": (f"<p>{'a' * size * 50}</p>", f"<p>{'b' * size * 50}</p>"),
        "rows changed": (table(size, 7), table(size, 11)),
        "equal rows": ("<table>" + "<tr><td>1</td><td>x</td></tr>" * size + "</table>",
                       "<table>" + "<tr><td>1</td><td>y</td></tr>" * size + "</table>"),
        "lists in lists": ("<ul><li>some words of an item" * 40 + "</li></ul>" * 40,
                           "<ul><li>some words of items" * 40 + "</li></ul>" * 40),
        "elements in elements": ("<p>" + "<b>a</b> " * size * 2 + "</p>", "<p>" + "<b>a</b> <i>b</i> " * size + "</p>"),
        "code": ("<pre><code>" + "".join(f"line {number % 100}\n" for number in range(size * 2)) + "</code></pre>",
                 "<pre><code>" + "".join(f"line {number % 101}\n" for number in range(size * 2)) + "</code></pre>"),
    }  # fmt: skip


def assert_bounded(old: str, new: str, seconds: float) -> None:
    start = time.process_time()
    comparison = compare(old, new)
    assert time.process_time() - start < seconds
    assert reconstruct(comparison.html, "old") == canonical_html(old)
    assert reconstruct(comparison.html, "new") == canonical_html(new)


@pytest.mark.parametrize("name", hard(1))
def test_hard(name: str) -> None:
    assert_bounded(*hard(500)[name], seconds=2)


@pytest.mark.full
@pytest.mark.parametrize("name", hard(1))
def test_hard_and_large(name: str) -> None:
    assert_bounded(*hard(10_000)[name], seconds=10)


def test_nesting_past_any_parser() -> None:
    old, new = (f"{'<blockquote>' * 50_000}<p>{word}</p>{'</blockquote>' * 50_000}" for word in ("one", "two"))
    start = time.process_time()
    comparison = compare(old, new)
    assert time.process_time() - start < 2
    assert ("one" in comparison.html, "two" in comparison.html) == (True, True)
