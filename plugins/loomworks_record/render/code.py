"""Fenced code: highlighted once. The versions of a document have most of their code in common."""

from __future__ import annotations

from functools import partial
from typing import Any

from pymdownx.highlight import Highlight, HighlightExtension

LONGEST_KEPT = 8_000  # characters of a block
MOST_KEPT = 1_000  # blocks


class CodeExtension(HighlightExtension):  # type: ignore[misc] # untyped
    """``pymdownx.highlight`` that keeps what it made of blocks without options of their own."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._made: dict[tuple[str, str, str], str] = {}

    def get_pymdownx_highlighter(self) -> Any:
        """What fenced code asks for its highlighter (pymdownx.superfences)."""
        return partial(_Keeping, self._made)


class _Keeping(Highlight):  # type: ignore[misc] # untyped
    def __init__(self, made: dict[tuple[str, str, str], str], *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._made = made

    def highlight(self, src: str, language: str, css_class: str = "highlight", **options: Any) -> Any:
        if len(src) > LONGEST_KEPT or _has_own(options):
            return super().highlight(src, language, css_class, **options)
        key = src, language, css_class
        if key not in self._made:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            self._made[key] = super().highlight(src, language, css_class, **options)
        return self._made[key]


def _has_own(options: dict[str, Any]) -> bool:
    """Whether a block asks for anything: lines, names, a title. The count of blocks names lines, which we never do."""
    numbers = ("linestart", "linestep", "linespecial")
    return any(
        value > 0 if name in numbers else bool(value) for name, value in options.items() if name != "code_block_count"
    )
