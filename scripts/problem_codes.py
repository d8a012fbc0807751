"""The tables of docs/problems.md, made from the code: ``python scripts/problem_codes.py`` writes them into the page."""

from __future__ import annotations

import re
from pathlib import Path

from loomworks_record.source.problem import CODES

PAGE = Path(__file__).resolve().parents[1] / "docs/problems.md"
_PLACE = re.compile(r"(<!-- codes: (?P<prefixes>[a-z -]+) -->\n)(?:.*?\n)??(<!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with its tables as the code has them now. Every code stands in exactly one of them."""
    placed = [code for found in _PLACE.finditer(page) for code in _codes(found["prefixes"])]
    wrong = sorted(code for code in CODES if placed.count(code) != 1)
    if wrong:
        raise SystemExit(f"{PAGE.name}: expected each code in one table, not so: {', '.join(wrong)}")
    return _PLACE.sub(lambda found: f"{found[1]}\n{_table(_codes(found['prefixes']))}\n\n{found[3]}", page)


def _codes(prefixes: str) -> list[str]:
    """The codes that begin with one of the words; a word may be a whole code."""
    return [code for code in CODES if any(re.match(rf"{word}(-|$)", code) for word in prefixes.split())]


def _table(codes: list[str]) -> str:
    rows = [f"| `{code}` | {CODES[code].severity} | {CODES[code].rule} | {CODES[code].remedy} |" for code in codes]
    return "\n".join(["| Code | Severity | Rule | What to do |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
