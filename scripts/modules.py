"""The list of modules in docs/architecture.md, made from their docstrings: ``python scripts/modules.py`` writes it."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "plugins/loomworks_record"
PAGE = ROOT / "docs/architecture.md"
_PLACE = re.compile(r"(<!-- modules -->\n).*?(<!-- end -->)", re.DOTALL)
_SENTENCE = re.compile(r"(.+?)(?:\.(?=\s|$)|$)")


def with_list(page: str) -> str:
    """The page with its list as the code has the modules now."""
    listed = "\n".join(_lines())
    return _PLACE.sub(lambda found: f"{found[1]}\n{listed}\n\n{found[2]}", page)


def modules() -> list[Path]:
    """Every module, as a path within the package, room by room."""
    found = (file.relative_to(PACKAGE) for file in PACKAGE.rglob("*.py") if file.name != "__init__.py")
    return sorted(found, key=lambda file: (file.parent.as_posix(), file.name))


def _lines() -> Iterator[str]:
    for number, (room, files) in enumerate(groupby(modules(), key=lambda file: file.parent.as_posix())):
        yield from ("",) * bool(number)
        yield f"**{room}/**\n" if room != "." else "**The package itself**\n"
        for file in files:
            yield textwrap.fill(f"- `{file.as_posix()}`: {_first_sentence(file)}", 118, subsequent_indent="  ",
                                break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _first_sentence(file: Path) -> str:
    said = ast.get_docstring(ast.parse((PACKAGE / file).read_text("utf-8"))) or ""
    found = _SENTENCE.match(" ".join(said.split()).replace("``", "`"))
    return found[1] if found else ""


if __name__ == "__main__":
    PAGE.write_text(with_list(PAGE.read_text("utf-8")), "utf-8")
