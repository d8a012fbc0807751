"""Code: highlighted, and not a sign of it changed. The versions of a document have most of their code in common."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LONGEST = 100_000  # characters that are highlighted
LONGEST_KEPT = 8_000  # characters of a block
MOST_KEPT = 1_000  # blocks

_FORMATTER = HtmlFormatter(nowrap=True)


def code_html(code: str, language: str) -> str:
    """``code`` as HTML; without colours where the language is not known."""
    return (_kept if len(code) <= LONGEST_KEPT else _highlighted)(code, language)


def _highlighted(code: str, language: str) -> str:
    lexer = _lexer(language) if language and len(code) <= LONGEST else None
    if lexer is None:
        return escape(code, quote=False)
    return str(highlight(code, lexer, _FORMATTER))


_kept = lru_cache(maxsize=MOST_KEPT)(_highlighted)


@lru_cache(maxsize=100)
def _lexer(language: str) -> Lexer | None:
    """One that takes the code as it is: Pygments cuts empty lines at both ends by itself."""
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
