"""Whether two documents are versions of one thing: a version is the one before it with a part of its words changed.

Reports from one template, minutes and chapters have names that count in the same way, and are not alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from loomworks_record.source.document import Document

_TOP = 12_000  # characters that are compared
_RUN = 5  # words in a row
_FEW = 20  # runs: a shorter text says little
_TAGS = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_MOST, _TITLED = 0.5, 0.3  # shares of the runs of the shorter text; the lesser where both have the same title


def are_versions(documents: Sequence[Document], others: Iterable[Document] = ()) -> bool:
    """Whether most of some documents, in their order, are alike the one before, beside what ``others`` have too: what
    a template gives to every page says nothing."""
    counted = Counter(run for each in others for run in _runs(_top(each)))
    common = frozenset(run for run, count in counted.items() if count > 1)
    pairs = [alike(before, after, common) for before, after in pairwise(documents)]
    return bool(pairs) and sum(pairs) > len(pairs) / 2


def alike(one: Document, other: Document, common: frozenset[int] = frozenset()) -> bool:
    few, many = sorted((_runs(_top(each)) - common for each in (one, other)), key=len)
    if len(few) < _FEW:
        return False
    same_title = bool(one.header.title) and _letters(one) == _letters(other)
    return len(few & many) / len(few) >= (_TITLED if same_title else _MOST)


def _letters(document: Document) -> str:
    return re.sub(r"\bv?\d+(?:[._]\d+)+\b|\bv\d+\b|[\W_]+", "", document.header.title or "").casefold()


def _top(document: Document) -> str:
    text = document.text[: 40 * _TOP]
    return (_TAGS.sub(" ", text) if document.form == "html" else text)[:_TOP]


@lru_cache(maxsize=4096)
def _runs(text: str) -> frozenset[int]:
    words = re.findall(r"\w+", text)
    return frozenset(hash(tuple(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1))
