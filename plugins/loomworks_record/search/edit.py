"""A shard after one of its pages was edited: what Pagefind makes of that page alone, put in the place of the old.

Pagefind takes ten milliseconds for a page of 25 kB, and most of them for words that nobody touched. The words of a
shard stand in chunks (Pagefind 1.5), CBOR: ``[[[word, [page, …], [[spelling, [page, …]], …]], …]]`` in their order,
where ``page`` is ``[number, [position, …], [place in a field, …]]``, its number less that of the page before, and a
negative number changes the weight, or the field. ``spelling`` is another one of the word. A chunk ends with the word
that fills it. What stays is handled as bytes: values of all would take as long as Pagefind does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise, takewhile
from operator import attrgetter
from re import DOTALL
from typing import Any

import cbor2

from loomworks_record import lazy
from loomworks_record.search import form
from loomworks_record.search.engine import CHUNK

_INT = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
_ARRAY = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)"
_SHORT = b"|".join(rb"\x%02x.{%d}" % (0x60 + length, length) for length in range(24))
_LONG = b"|".join(rb"\x%02x.{%d}" % (length, length) for length in range(24, 256))
_TEXT = rb"(?:%b|\x78(?:%b))" % (_SHORT, _LONG)
_PAGE = rb"\x83(%b)((%b)%b*+(%b)%b*+)" % (_INT, _ARRAY, _INT, _ARRAY, _INT)
_LIST = rb"%b(?:\x83%b%b%b*+%b%b*+)*+" % (_ARRAY, _INT, _ARRAY, _INT, _ARRAY, _INT)
_ENTRIES = lazy.regex(rb"(\x83(%b)(%b)(%b(?:\x82%b%b)*+))" % (_TEXT, _LIST, _ARRAY, _TEXT, _LIST), DOTALL)
_SPELLINGS = lazy.regex(rb"\x82(%b)(%b)" % (_TEXT, _LIST), DOTALL)
_PAGES = lazy.regex(_PAGE, DOTALL)
_HEADS = {0x98: 2, 0x99: 3, 0x9A: 5}  # bytes of the head of a list, by the first; else one
_NONE = b"\x80"  # an empty list

Words = Mapping[str, tuple[bytes, Mapping[str, bytes]]]


@dataclass(slots=True)
class _Entry:
    """Of a word: its lists of pages and of other spellings, and all of it, as CBOR."""

    word: str
    pages: bytes = _NONE
    spellings: bytes = _NONE
    data: bytes = b""
    numbers: list[int] = field(init=False)  # of the pages
    size: int = field(init=False)  # how much of a chunk it fills: each place of the pages, and one for each page

    def __post_init__(self) -> None:
        self.data = self.data or b"\x83" + cbor2.dumps(self.word) + self.pages + self.spellings
        self.numbers, self.size = _measured(self.pages)


def edited(files: Mapping[str, bytes], number: int, page: Mapping[str, bytes]) -> dict[str, bytes] | None:
    """The published files of a shard (``form.published``) in which its page ``number`` reads otherwise: as in ``page``,
    Pagefind's files over it alone. The same bytes as of the shard made anew.

    None where that cannot be told: its address, its filters or its fields have changed, or something is not of the form
    above. Raises IndexFormError."""
    (meta_path, meta), (_, alone) = form.meta_of(files), form.meta_of(page)
    fragment = f"fragment/{meta[form.PAGES][number][0]}.pf_fragment"
    made = [path for path in page if path.endswith(".pf_fragment")]
    if len(made) != 1 or _told(files, fragment) != _told(page, made[0]):
        return None
    words = dict(_words(page, alone, meta[form.FIELDS]))
    entries: list[_Entry] = []
    for *_, name in meta[form.CHUNKS]:
        here = _entries(form.unpacked(files, _chunk_file(name)), is_last=name == meta[form.CHUNKS][-1][2])
        if here is None:
            return None
        entries += filter(None, (_with(one, number, *words.pop(one.word, (b"", {}))) for one in here))
    entries += filter(None, (_with(_Entry(word), number, *its) for word, its in words.items()))
    meta[form.PAGES][number][1] = form.about(alone[form.PAGES][0][1])
    meta[form.CHUNKS], chunks = _chunked(sorted(entries, key=attrgetter("word")), files)
    kept = {path: data for path, data in files.items() if not path.endswith(".pf_index")}
    return {**kept, fragment: page[made[0]], **chunks, meta_path: form.packed(meta)}


def _told(files: Mapping[str, bytes], fragment: str) -> list[Any]:
    """What of a page other files depend on, but for its words."""
    told = json.loads(form.unpacked(files, fragment))
    return [told["url"], told["filters"], sorted(told["meta"])]


def _words(files: Mapping[str, bytes], meta: Sequence[Any], fields: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The words of an index of one page: their places, b"" for none, and those of each other spelling; fields numbered
    as they stand in ``fields``."""
    there = {-1 - at: -1 - fields.index(name) for at, name in enumerate(meta[form.FIELDS])}

    def places(pages: Sequence[Any]) -> bytes:
        return b"".join(map(cbor2.dumps, (pages[0][1], [there.get(at, at) for at in pages[0][2]]))) if pages else b""

    for *_, name in meta[form.CHUNKS]:
        for word, pages, spellings in cbor2.loads(form.unpacked(files, _chunk_file(name)))[0]:
            yield word, (places(pages), {spelling: places(its) for spelling, its in spellings})


def _entries(raw: bytes, *, is_last: bool) -> list[_Entry] | None:
    """Those of a chunk; None where it is not of the form above, or does not end where Pagefind would end it."""
    found = _ENTRIES.findall(raw)
    if not found or raw != _chunk([data for data, *_ in found]):
        return None
    made = [_Entry(cbor2.loads(word), pages, spellings, data) for data, word, pages, spellings in found]
    filled = sum(entry.size for entry in made)
    return made if filled - made[-1].size < CHUNK and (is_last or filled >= CHUNK) else None


def _with(entry: _Entry, number: int, places: bytes, spellings: Mapping[str, bytes]) -> _Entry | None:
    """The entry, in which a page has these places, other spellings those, and no others; None where nothing is left."""
    if not places and not spellings and entry.spellings == _NONE and number not in entry.numbers:
        return entry
    pages = _placed(entry.pages, number, places)
    spelt = {cbor2.loads(spelling): its for spelling, its in _SPELLINGS.findall(entry.spellings)}
    spelt |= {each: _placed(spelt.get(each, _NONE), number, spellings.get(each, b"")) for each in {*spelt, *spellings}}
    # In the order in which Pagefind meets them: page by page, and in fields after all else.
    first = {each: _first_page(its) for each, its in spelt.items() if its != _NONE}
    order = sorted(first, key=lambda each: (first[each][0], first[each][1].startswith(_NONE), each))
    others = _list([b"\x82" + cbor2.dumps(each) + spelt[each] for each in order])
    return _Entry(entry.word, pages, others) if order or pages != _NONE else None


def _placed(pages: bytes, number: int, places: bytes) -> bytes:
    """A list of pages in which that page has these places; b"": it is not there."""
    head = pages[: _HEADS.get(pages[0], 1)]
    start, before, now, following = len(head), 0, 0, None  # where it stands, and the numbers around it
    for found in _PAGES.finditer(pages, start):
        now += _value(found[1])
        if now >= number:
            following = found
            break
        start, before = found.end(), now
    count = _value(head) + bool(places)
    if following and now == number:
        count -= 1
        following = _PAGES.match(pages, following.end())
        now += _value(following[1]) if following else 0
    own = b"\x83" + cbor2.dumps(number - before) + places if places else b""
    rest = b""
    if following:
        rest = b"\x83" + cbor2.dumps(now - (number if places else before)) + following[2] + pages[following.end() :]
    return _head(count) + pages[len(head) : start] + own + rest


def _first_page(pages: bytes) -> tuple[int, bytes]:
    """Number and places of the first page of a list."""
    found = next(_PAGES.finditer(pages))
    return _value(found[1]), found[2]


def _measured(pages: bytes) -> tuple[list[int], int]:
    """The numbers of the pages of a list, and how much of a chunk they fill."""
    if pages == _NONE:
        return [], 0
    steps, _, positions, fields = zip(*_PAGES.findall(pages), strict=True)
    return list(accumulate(map(_value, steps))), sum(map(_value, (*positions, *fields))) + len(steps)


@cache
def _value(head: bytes) -> int:
    """A whole number, or the length of a list, by its head: both are written alike."""
    return int(cbor2.loads(bytes([head[0] & 0x1F]) + head[1:]))


def _list(items: Sequence[bytes]) -> bytes:
    return _head(len(items)) + b"".join(items)


@cache
def _head(count: int) -> bytes:
    """The head of a list of so many."""
    return cbor2.dumps([0] * count)[: -count or None]


def _chunk(entries: Sequence[bytes]) -> bytes:
    return b"\x81" + _list(entries)


def _chunk_file(name: str) -> str:
    return f"index/{name}.pf_index"


def _chunked(entries: Iterable[_Entry], files: Mapping[str, bytes]) -> tuple[list[list[str]], dict[str, bytes]]:
    """The chunks of these, as the meta file has them, and their files; one that is among ``files`` stays."""
    before = {form.unpacked(files, path): data for path, data in files.items() if path.endswith(".pf_index")}
    listed: list[list[str]] = []
    made: dict[str, bytes] = {}
    for at, part in enumerate(_filled(entries)):
        begins = _beginning(listed[-1][1], part[0].word) if at else part[0].word
        name = form.chunk_name(begins, at)
        listed.append([begins, part[-1].word, name])
        raw = _chunk([entry.data for entry in part])
        made[_chunk_file(name)] = before.get(raw) or form.packed_words(raw)
    for chunk, following in pairwise(listed):
        chunk[1] = following[0]
    return listed, made


def _filled(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    """Chunk by chunk, as Pagefind fills them."""
    part: list[_Entry] = []
    filled = 0
    for entry in entries:
        part.append(entry)
        filled += entry.size
        if filled >= CHUNK:
            yield part
            part, filled = [], 0
    if part:
        yield part


def _beginning(last: str, first: str) -> str:
    """As much of the ``first`` word of a chunk as tells it from the ``last`` one before."""
    common = takewhile(lambda pair: pair[0] == pair[1], zip(last, first, strict=False))
    return first[: sum(1 for _ in common) + 1]
