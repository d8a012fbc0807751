"""Whose § it is, where no document before it is known: another name directly before it, or after it, takes it away.

"RFC 2119 §3", "the tech guide §1.2", "§15 HGB" and "§4 of the tariff model" are sections of something else, whatever
sections the text has itself. A name is told by how it is written: this is not a list of names.
"""

from __future__ import annotations

import re

from loomworks_record import lazy

_BEFORE = lazy.regex(
    r"(?P<words>(?:\S+\s+){0,5}?)(?P<last>[^\s(]+?)(?P<joint>(?:['’]s)?[\"”’)\]]?(?:\s*,\s*|\s*\(\s*|\s+))$", re.DOTALL
)
_AFTER = lazy.regex(r"\s+(?:of|from|in)\s+(?P<article>(?:the|an?|our|their|your)\s+)?(?P<name>[^\s,;:.()]+)", re.DOTALL)
_VERSION = lazy.regex(r"v\d[\w.-]*", re.IGNORECASE)
_MOST_WORDS = 8  # of a match of ``_BEFORE``, with signs between blanks
_REACH = 90  # characters before a § in which a name is looked for
_OPENING = "([{\"'“‘«*"
_ENDS = (".", ":", ";", "!", "?", "—", "–", "·", "|", "→", "=", "+", "&", "/", ",", "-", ")", "]")
_SENTENCE_END = lazy.regex(r"[.!?:;]\s+$")
_DETERMINERS = frozenset("the a an this that these those its their our your his her each every any".split())  # noqa: SIM905
# What is written before a § of one's own: "see §3", "under §4", "New §5".
_NO_NAMES = frozenset(
    """
    a an the of in on at to by per see and or with from for as is was are were be its this that these those via under
    than against into through within without also both only not no but if when where while until since after before
    above below cf e.g i.e eg ie viz vs plus or nor then here there now still again already which who whose it they we
    new old former current following preceding same other next previous prior entire whole full most all part parts
    says say reads read means meant makes covers cover has have had does do must may shall should can will would
    section sections clause clauses article articles chapter chapters paragraph paragraphs subsection para paras step
    note nb todo yes ja siehe gemäß nach laut vgl in und oder
    """.split()  # noqa: SIM905 - a list of words reads better than a hundred strings
)
# Nouns that a text has a § of: what they stand for is a document.
_DOCUMENTS = frozenset(
    """
    act adr agreement annex bill blueprint book brief briefing bylaws charter code codex constitution contract
    convention covenant decree deed design directive doc docs doctrine document documentation documents draft
    dossier guide guideline guidelines handbook ledger license licence law manual memo memorandum methodology
    minutes model note notes ordinance paper plan playbook policy policies preprint proposal prospectus
    protocol readme record register regulation regulations report rfc rules runbook schedule schema sheet spec
    specification specifications specs standard standards statute strategy syllabus terms thesis tracker
    treaty understanding whitepaper
    """.split()  # noqa: SIM905
)
# Families of texts that are cited by letters alone, or by letters and a number: also across a comma or a bracket.
_FAMILIES = lazy.regex(
    r"(?:RFC|BCP|STD|I-D|ADR|MADR|EIP|ERC|BIP|KEP|PEP|JEP|RIP|CIP|ISO|IEC|IEEE|NIST|FIPS|ECMA|ITU|ETSI|W3C|WCAG|DIN|EN|"
    r"BS|OWASP|GDPR|HIPAA|CCPA|PCI|SOX|DSGVO|BDSG|BGB|HGB|StGB|GG|AO|EStG|UStG|GmbHG|AktG|ZPO|UWG|TMG|OR|ZGB|USC|CFR|"
    r"U\.S\.C\.|C\.F\.R\.)(?:[-\s]?\d[\w.-]*)?"
)
_FAMILY_AFTER = lazy.regex(rf"\s+(?:{_FAMILIES.pattern})(?!\w)")

# "§7 process clause in the campaign spec".
_LATER = lazy.regex(
    rf"(?:\s+[a-z][\w-]*){{1,3}}\s+(?:of|in|from)\s+(?:the|our|their)\s+(?:[\w-]+\s+){{0,3}}"
    rf"(?:{'|'.join(sorted(_DOCUMENTS))})\b"
)


def is_of_another(text: str, low: int, start: int, end: int, high: int) -> bool:
    """Whether the § at ``start:end`` is said of something that is named beside it, within ``low:high`` of a text."""
    return _named_before(text, low, start) or is_named_after(text, end, high)


def follows_name(text: str, low: int, at: int) -> bool:
    """Whether the word directly before ``at`` may be the name of what stands there: "API v2", "the API (v2"."""
    *_, last = ["", *text[max(low, at - _REACH) : at].strip("\x1a").rsplit(None, 1)]
    return bool(last) and last[-1] not in ".;!?" and last.lstrip(_OPENING).casefold() not in _NO_NAMES


def has_name(text: str, low: int, at: int) -> bool:
    """Whether the sentence up to ``at`` names something; a capital at its head does not."""
    sentence = re.split(r"[.!?]\s+", text[max(low, at - 3 * _REACH) : at].strip("\x1a"))[-1].split()
    names = [word for word in (each.lstrip(_OPENING) for each in sentence) if word and _is_written_as_name(word)]
    return any(word != sentence[0] or not word.isalpha() or not word[1:].islower() for word in names)


def _named_before(text: str, low: int, start: int) -> bool:
    cut = max(low, start - _REACH)
    # A match has at most so many words: from further back it would only be tried in vain, at every sign.
    further, *words = text[cut:start].rsplit(None, _MOST_WORDS) or [""]
    found = _BEFORE.search(text, cut + len(further) if len(words) == _MOST_WORDS else cut, start)
    if found is None or (cut > low and found.start() == cut and not text[cut - 1].isspace()):
        return False
    words = [word.lstrip(_OPENING) for word in found["words"].split()]
    opened = found["last"].startswith(tuple(_OPENING))
    last = found["last"].lstrip(_OPENING).rstrip("\"”’'*")
    if not last or last.endswith(_ENDS) or last[0] in "§\ufffc":
        return False
    if _VERSION.fullmatch(last):
        return True  # "v1-draft, §3"
    joined = "," in found["joint"] or "(" in found["joint"]
    before = [] if opened else _clause(words)
    if _is_family(last, before):
        return True
    plain = last.casefold()
    if plain in _NO_NAMES or (plain.endswith("ed") and plain.isalpha()):
        return False
    if plain in _DOCUMENTS:
        return bool(before or not joined) and not (before and before[-1].casefold() in ("this", "our"))
    if joined:
        return False
    if _is_written_as_name(last):
        return True
    return bool(before) and any(word.casefold() in _DETERMINERS for word in before[-3:])


def is_named_after(text: str, end: int, high: int) -> bool:
    """Of "§15 HGB", "§3.2 of the tariff model", "§4 of GDPR"; not "§3 of this note", "§4 in the table"."""
    if _FAMILY_AFTER.match(text, end, high) or _LATER.match(text, end, high):
        return True
    found = _AFTER.match(text, end, high)
    if found is None:
        return False
    name = found["name"].strip("\"“”'’*[]")
    if name.casefold() in _NO_NAMES or name.startswith("§"):
        return False
    is_of = found.group().split()[0] == "of"
    if found["article"]:
        return is_of or name.casefold() in _DOCUMENTS
    return _is_written_as_name(name) or name.casefold() in _DOCUMENTS


def _clause(words: list[str]) -> list[str]:
    """The words that belong to the last one: those after the last that ends a clause, or introduces."""
    for at in range(len(words) - 1, -1, -1):
        if words[at].endswith(_ENDS):
            return words[at + 1 :]
        if words[at].casefold() in _NO_NAMES and words[at].casefold() not in _DETERMINERS:
            return words[at + 1 :]
    return words


def _is_family(last: str, before: list[str]) -> bool:
    pair = f"{before[-1]} {last}" if before and last[:1].isdigit() else ""
    return _FAMILIES.fullmatch(last) is not None or _FAMILIES.fullmatch(pair) is not None


def _is_written_as_name(word: str) -> bool:
    """Capitals, digits: "Codex", "ADR-015", "tech-spec-v2", "v0.2", "Row 3"."""
    return word[0].isupper() or any(sign.isdigit() for sign in word)
