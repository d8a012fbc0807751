"""What a person types, brought to the words that names are kept by: ``P57 b10``, ``v03``, an address, a file name.

Names are read by the same function as questions, so neither has to be right, only alike. The browser reads questions
by the same rules (``overrides/assets/record/names.js``); a table of cases runs in both.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, normalize
from urllib.parse import unquote

from msgspec import Struct

from loomworks_record import lazy

# What is said around a name and names nothing.
FILLERS = frozenset((
    "a", "all", "an", "and", "at", "by", "current", "document", "docs", "every", "file", "for", "from", "in",
    "is", "it", "latest", "list", "me", "my", "newest", "of", "on", "open", "please", "record", "show", "the",
    "to", "what", "where", "which", "with",
))  # fmt: skip
# One word for words that mean the same.
SAME = {"halted": "halt", "halting": "halt", "superseded": "archived", "ver": "v"}
# What a word that nothing has may stand for.
ORDINALS = {"first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4", "4th": "4"}
# The first folders of addresses, and of a checkout: they say in which form a thing is shown.
FORMS = frozenset({"view", "raw", "latest", "history", "timemap", "compare", "content", "documents"})

_UNSEEN = lazy.regex("[\u00ad\u200b\u2060\\\\]")
_AROUND = " \t\n<>\"'`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb()[]{},;"  # what a text is quoted in
_ADDRESS = lazy.regex(r"[a-z][a-z0-9+.-]*:(?://[^/]*)?")
_URL_WITHIN = lazy.regex(r"(?<=\s)[a-z][a-z0-9+.-]*://\S+")
_ROOTED = lazy.regex(r"(?:[a-z][a-z0-9+.-]*:)?[/~.]")
_QUESTION = lazy.regex(r"[?&](?:q|text)=([^&#]+)")
_MALFORMED = lazy.regex("%(?![0-9a-f]{2})")
_BESIDE = lazy.regex(r"index\.html?|context\.md|print\.html|feed\.atom|page-[0-9]+|archive|\.*")
_ENDING = lazy.regex(r"\.(?:md|html?|link|atom)(?=$|[\s.#?])")
_COMPARED = lazy.regex(r"[-/]v?[0-9][0-9_.]*?[a-z]*(?:-to-|\.\.\.?|\u2026)(?=v?[0-9])")
_SECTION = lazy.regex(r"(?:§+|\bsection|\bsec\.)\s*([0-9]+(?:\.[0-9a-z]+)*)")
_ANCHOR = lazy.regex(r"s([0-9]+(?:-[0-9a-z]+)*)")
_VERSION = lazy.regex(
    r"(?:(?:(?<![a-z0-9])|(?<=[0-9])(?=v[0-9]+[._][0-9]))"
    r"v(?:ersion|er)?[ ._]?(0 [0-9]{1,3}(?![0-9._])|[0-9]{1,4}(?:[._][0-9]{1,4}){0,2})"
    r"|(?<![a-z0-9.])([0-9]{1,4}[._][0-9]{1,4}(?:[._][0-9]{1,4})?))((?:[a-z](?![a-z0-9]))?)"
)
_MARK = lazy.regex(r"[\W_]+")
_SPELT_VERSION = lazy.regex(r"v[0-9.]+[a-z]?")
_WORD = lazy.regex(r"§[0-9a-z.]+|[^\W_]+")
_ZEROS = lazy.regex(r"(?<=^[^\W\d_])0+(?=[0-9])")  # P57-B010
_PLURAL = lazy.regex(r"[^\W\d_][^\W\d_s]s\W*$")
_PARTS = lazy.regex(r"([^\W\d_]{3,})([0-9].*)")


class Question(Struct, frozen=True):
    """``words`` in their order; ``joined`` is the same without any mark, ``folders`` are the words of the folders of a
    pasted address, ``section`` the number of a §, "" for none. ``bare`` are versions that were written without v.
    ``plural``: it ends in a noun in the plural."""

    words: tuple[str, ...]
    joined: str
    folders: tuple[str, ...] = ()
    section: str = ""
    bare: frozenset[str] = frozenset()
    plural: bool = False

    @property
    def key(self) -> str:
        """The words in one order, each once: what is asked for, however it is put."""
        return " ".join(sorted(set(self.words)))


@lru_cache(maxsize=1 << 14)  # the versions of a chain share their names
def read(text: str) -> Question:
    """What ``text`` asks for. Never fails."""
    plain = _folded(text)
    if within := _URL_WITHIN.search(plain):
        plain = within[0]
    plain = plain.lstrip(_AROUND).rstrip(f"{_AROUND}.")
    is_path = "/" in plain and (not re.search(r"\s", plain) or bool(_ROOTED.match(plain)))
    if is_path and (question := _QUESTION.search(plain)):
        return read(_decoded(question[1].replace("+", " ")))
    plain, folders, section = _unpathed(plain) if is_path else (plain, "", "")
    found = _SECTION.search(plain)
    if found:
        plain, section = f"{plain[: found.start()]} {plain[found.end() :]}", found[1]
    plain = _ENDING.sub(" ", plain)
    bare: set[str] = set()
    spelt = _VERSION.sub(lambda match: f" {_version(match, bare)} ", plain)
    joined = _MARK.sub("", plain)
    plural = not is_path and bool(_PLURAL.search(plain))
    return Question(tuple(_words(spelt)), joined, tuple(_words(folders)), section, frozenset(bare), plural)


def _unpathed(text: str) -> tuple[str, str, str]:
    """(what is named, its folders, its section) of an address or a path."""
    start = _ADDRESS.match(text)
    path, _, anchor = text[start.end() if start else 0 :].partition("#")
    path = _COMPARED.sub("-", _folded(_decoded(path.partition("?")[0])))
    parts = [part for part in path.split("/") if not _BESIDE.fullmatch(part)]
    if len(parts) > 1 and parts[0] in FORMS:
        parts = parts[1:]
    section = _ANCHOR.fullmatch(anchor)
    return "".join(parts[-1:]), " ".join(parts[:-1]), section[1].replace("-", ".") if section else ""


def _folded(text: str) -> str:
    """In small letters without marks; a backslash is that of a path, or hides a sign from Markdown."""
    if not text.isascii():
        text = "".join(sign for sign in normalize("NFKD", text) if category(sign)[0] != "M")
    return _UNSEEN.sub("", re.sub(r"\\(?=[a-z0-9])", "/", text.lower()))


def _decoded(text: str) -> str:
    """Without percent-encoding; one that is malformed is taken as it came."""
    if _MALFORMED.search(text.lower()):
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _version(match: re.Match[str], bare: set[str]) -> str:
    """ "v0.3" for v0_3, v03, 0.3, v0 3: as numbers, without zeros at the end."""
    written = match[1] or match[2]
    if re.fullmatch("0[0-9]+", written):
        written = f"0.{written[1:]}"
    numbers = [str(int(number)) for number in re.split("[ ._]", written)]
    while len(numbers) > 1 and numbers[-1] == "0":
        numbers.pop()
    version = f"v{'.'.join(numbers)}{match[3]}"
    if not match[1]:
        bare.add(version)
    return version


def _words(text: str) -> list[str]:
    """The words of a text, singular; ``phase 57`` is one."""
    found: list[str] = []
    for piece in text.split():
        for word in _words_of(piece):
            if found and found[-1] == "phase" and word.isascii() and word.isdigit():
                found[-1] = f"phase{word}"
            else:
                found.append(word)
    return found


@lru_cache(maxsize=1 << 14)
def _words_of(piece: str) -> tuple[str, ...]:
    if _SPELT_VERSION.fullmatch(piece):
        return (piece,)
    parted = ((word, _PARTS.fullmatch(word)) for word in _WORD.findall(piece))
    return tuple(_one(part) for word, parts in parted for part in (parts.groups() if parts else (word,)))


def _one(word: str) -> str:
    """A word as it is kept: a number without zeros before it, a noun in the singular."""
    if re.fullmatch("[0-9]+", word):
        return word.lstrip("0") or "0"
    word = _ZEROS.sub("", word)
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss") and word.isalpha():
        word = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    return SAME.get(word, word)


def digest(text: str) -> int:
    """FNV-1a of 32 bits over UTF-8: tells in which file a word or a key stands."""
    value = 0x811C9DC5
    for byte in text.encode("utf-8", "replace"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or changed about; ``most + 1`` where it is more than ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for place, compared in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != compared))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == compared:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
