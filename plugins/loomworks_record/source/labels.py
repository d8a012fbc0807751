"""Header labels: the variants that authors write, the one field that each stands for, and lines of them
(``**Version.** 0.2 **Date.** 2026-05-12``, bold or plain, with a point or a colon), told from prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.source.folding import fold
from loomworks_record.source.tables import table

# field → labels as written. The first is the field's own name. Kept as one table so that plain labels
# ("Status. Draft") can be told from sentences: only these are read without bold type.
FIELDS = table("labels", dict[str, tuple[str, ...]])

_FIELD_OF: dict[str, str] = {variant.casefold(): field for field, variants in FIELDS.items() for variant in variants}
_BETWEEN = re.compile(r"[\s_-]+")  # the words of a label: "Superseded-By", "last_updated"
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")


@lru_cache(maxsize=256)  # a record has few labels
def field_of(label: str) -> str | None:
    """The field that a label stands for, a bracket at its end left out; None for a label not in the table."""
    words = _BETWEEN.sub(" ", fold(label)).strip().rstrip(".:").casefold()
    return _FIELD_OF.get(words) or _FIELD_OF.get(_QUALIFIER.sub("", words))


def own_key(label: str) -> str:
    """The key of a label that is not in the table: its own words, "What is urgent" → "what_is_urgent"."""
    return re.sub(r"\W+", "_", _QUALIFIER.sub("", label).casefold()).strip("_") or "note"


def known_labels() -> list[str]:
    """All labels of the table, longest first, so that "CR number" is tried before "CR"."""
    return sorted((label for labels in FIELDS.values() for label in labels), key=lambda text: (-len(text), text))


class Field(Struct, frozen=True):
    """One fact. ``label`` as filed (without its point), ``key`` the field it stands for, ``line`` 1-based."""

    label: str
    key: str
    value: str
    line: int


_BRACKET = r"(?:\s\([^()\n]{1,80}\))?"
_PLAIN = "|".join(re.escape(label).replace(r"\ ", "[ -]") for label in known_labels())  # "Obsoleted-by" too
# These seldom end a sentence: where one follows another value on the same line, that value needs no point.
_NO_WORDS = {"Version", "Date", "Status", "Author", "Provenance", "Purpose", "Priority", "Confidential", "Supersedes"}
_STRONG = "|".join(re.escape(label) for label in known_labels() if " " in label or label in _NO_WORDS)
_BOLD_LABEL = lazy.regex(
    r"(?:(?<=[\s>|])|^)(?:[-*+]\s+)?(?:\*\*|__)(?P<label>(?![a-z])[^\s*_](?:[^*\n]|\n(?=\S)){0,100}?)"
    r"(?:[.:](?:\*\*|__)|(?:\*\*|__)[.:])(?=\s|\d|<br|$)",
    re.MULTILINE,
)
# A plain label stands at the start of a line, or on the same line after the end of the value before it.
_PLAIN_LABEL = {
    ".": lazy.regex(
        rf"(?:^(?:[-*+]\s+)?|(?<=[.;:)\d>|·]\s)|(?<=\s)(?=(?:{_STRONG}){_BRACKET}\.))"
        rf"(?P<label>(?:{_PLAIN}){_BRACKET})\.(?=\s|$)",
        re.MULTILINE,
    ),
    ":": lazy.regex(rf"(?:^(?:[-*+]\s+)?|(?<=\s))(?P<label>(?:{_PLAIN}){_BRACKET}):(?=\s|$)", re.MULTILINE),
}
_PLAIN_START = lazy.regex(rf"^(?P<item>[-*+]\s+)?(?:{_PLAIN}){_BRACKET}(?P<point>[.:])(?=\s|$)")
# "Reviewer. Someone", "Open questions: two": what a label that is not in the table looks like.
_LABEL_LIKE = lazy.regex(r"^(?P<label>[A-Z][\w'’/&-]*(?: [\w'’/&-]+){0,4}" + _BRACKET + r")[.:](?=\s+\S)", re.MULTILINE)
_ITEM = lazy.regex(r"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+\S")
_LINE_BREAK = lazy.regex(r"(?:\\|<br\s*/?>)[ \t]*$", re.MULTILINE | re.IGNORECASE)


def is_label_line(line: str) -> bool:
    """Whether a paragraph that begins with ``line`` begins with a label: a bold one, or a plain one of the table."""
    plain = _PLAIN_START.match(line)
    return bool(_BOLD_LABEL.match(line) or (plain and not plain["item"]))


def is_label_item(line: str) -> bool:
    """``- Version: 0.1``: a list item under a plain label of the table."""
    plain = _PLAIN_START.match(line)
    return bool(plain and plain["item"])


def is_item(line: str) -> bool:
    """A list item that is not a bold label of its own ("- **Version:** 0.1" is one)."""
    return bool(_ITEM.match(line)) and not _BOLD_LABEL.match(line.strip())


def known_label(line: str) -> bool:
    """Whether ``line`` begins with a label of the table, bold or plain."""
    bold = _BOLD_LABEL.match(line)
    return field_of(bold["label"]) is not None if bold else bool(_PLAIN_START.match(line))


def looks_like_label(line: str) -> bool:
    """Whether ``line`` may begin with a plain label that is not in the table."""
    return bool(_LABEL_LIKE.match(line))


def split_labels(block: str, line: int, unknown: bool = False) -> Iterator[Field]:
    """The facts of one paragraph, one or several to a line; its first line is the ``line``-th of the file.

    ``unknown``: plain labels that are not in the table count too, where they begin a line. So they do where
    every line of the block begins with what looks like one.
    """
    places = sorted(_places(block, unknown), key=lambda place: place.start())
    counted = 0
    for place, following in zip_longest(places, places[1:]):
        line += block.count("\n", counted, place.start("label"))
        counted = place.start("label")
        value = block[place.end() : following.start() if following else len(block)]
        label = " ".join(place["label"].split()).rstrip(".:")
        yield Field(label, field_of(label) or own_key(label), _clean(value, bool(following)), line)


def _places(block: str, unknown: bool) -> Iterator[re.Match[str]]:
    plain = _PLAIN_START.match(block)
    if plain is None and not unknown:
        yield from _BOLD_LABEL.finditer(block)
        return
    lines = block.split("\n")
    places = list(_first_of_each(_PLAIN_LABEL[plain["point"]].finditer(block), block)) if plain else []
    yield from places
    if unknown or (len(lines) > 1 and all(_LABEL_LIKE.match(line) for line in lines)):
        taken = {place.start("label") for place in places}
        yield from (place for place in _LABEL_LIKE.finditer(block) if place.start("label") not in taken)


def _first_of_each(places: Iterator[re.Match[str]], block: str) -> Iterator[re.Match[str]]:
    """Without words of the table that come again within a line: then they are words of a value."""
    seen: set[str] = set()
    for place in places:
        begins_line = block[: place.start()].endswith("\n")
        if place["label"] not in seen or begins_line:
            yield place
        seen.add(place["label"])


def _clean(value: str, followed: bool) -> str:
    """A value in one line, without the marks that break the line, or part it from the next label."""
    folded = " ".join(_LINE_BREAK.sub("", value).split())
    return re.sub(r"\s*(?:<br\s*/?>|[|·•])+$", "", folded, flags=re.IGNORECASE) if followed else folded
