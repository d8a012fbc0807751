"""Numbers that name documents: which document has ADR-0001, EIP-20 or RFC 1234 by its name, its header or its title."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from loomworks_record.record.chains import NeighbourChain
from loomworks_record.record.record import Record
from loomworks_record.source.document import Document
from loomworks_record.source.identifiers import IdentifierKind
from loomworks_record.source.names import OF_FOLDER
from loomworks_record.source.problem import Problem
from loomworks_record.text.identifiers import IdentifierGrammar, identifier_grammar

_BARE = re.compile(r"\d{1,6}(?=[-_. ]|\Z)(?!-\d\d-\d\d(?!\d))")  # "0001-use-files"; not the year of a date


class DocumentNumber(Struct, frozen=True):
    """A number and the chain that has it; ``name`` is canonical ("ADR-1"), ``shown`` as its documents write it."""

    kind: str
    name: str
    shown: str
    chain: NeighbourChain


class _Claim(Struct, frozen=True):
    """``is_given``: by the name of a file or a field of the header; a title may also only be about the thing."""

    kind: str
    name: str
    shown: str
    is_given: bool


_Claims = dict[tuple[str, str], dict[str, _Claim]]


class Numbers(Struct, frozen=True):
    """Those of one record. ``by_name`` has each number that one chain has; ``problems`` tell of the others."""

    by_name: dict[str, DocumentNumber]
    problems: tuple[Problem, ...]


def numbers(record: Record) -> Numbers:
    """Every number that names a document. One that several documents claim names none of them."""
    rows = [row for row in record.config.identifiers if {"name", "title", "header"}.intersection(row.defined_by)]
    if not rows:
        return Numbers({}, ())
    claims, problems = _all_claims(record, rows)
    found: dict[str, DocumentNumber] = {}
    for by_chain in claims.values():
        kept = _originals([each for each in by_chain if by_chain[each].is_given] or list(by_chain))
        claim = by_chain[kept[0]]
        if len(kept) == 1:
            found[claim.name] = DocumentNumber(claim.kind, claim.name, claim.shown, record.chain_by_id[kept[0]])
            continue
        paths = [record.chain_by_id[each].newest.path for each in kept]
        for path in paths:
            others = ", ".join(f"'{other}'" for other in paths if other != path)
            problems.append(Problem(path, None, "identifier-duplicate", f"{claim.shown} names {others} too"))
    return Numbers(found, tuple(problems))


def _all_claims(record: Record, rows: list[IdentifierKind]) -> tuple[_Claims, list[Problem]]:
    """Who claims each number, by chain; of one that a name or a header gives, a title only says how it is written."""
    grammar = identifier_grammar(record.config.identifiers)
    claims: _Claims = defaultdict(dict)
    problems: list[Problem] = []
    for chain in record.chains:
        for document in chain.named():
            claimed = list(_claims(document, rows, grammar))
            if document is chain.newest:
                problems += _mismatches(document, claimed)
            given = {claim.kind for claim in claimed if claim.is_given}
            for claim in claimed:
                if claim.is_given:
                    claims[claim.kind, claim.name][chain.id] = claim
                elif claim.kind not in given:
                    claims[claim.kind, claim.name].setdefault(chain.id, claim)
    return claims, problems


def _originals(chains: list[str]) -> list[str]:
    """The chains without the translations of one of them ("0001-x.zh-CN" beside "0001-x")."""
    return [each for each in chains if not any(each.startswith(f"{other}.") for other in chains)]


def _mismatches(document: Document, claimed: Iterable[_Claim]) -> Iterator[Problem]:
    """A document has one number of a kind: its name, its header and its title say the same."""
    shown: dict[str, dict[str, str]] = defaultdict(dict)
    for claim in claimed:
        shown[claim.kind][claim.name] = claim.shown
    for said in shown.values():
        if len(said) > 1:
            message = f"name, header and title say {' and '.join(said.values())}: expected one number"
            yield document.problem("identifier-mismatch", message)


def _claims(document: Document, rows: Iterable[IdentifierKind], grammar: IdentifierGrammar) -> Iterator[_Claim]:
    """The numbers that a document says it has."""
    titled = grammar.of_title(document.title)
    written = document.title[: titled.end] if titled else ""
    if titled:
        yield _Claim(titled.kind, titled.name, written, is_given=False)
    for row in rows:
        for given in (*_in_name(document, row), *_in_header(document, row)):
            name = grammar.canonical(row.kind, given) if row.prefix else given
            shown = written if titled and titled.name == name else _shown(row, given)
            yield _Claim(row.kind, name, shown, is_given=True)


def _in_name(document: Document, row: IdentifierKind) -> Iterator[str]:
    """The number that a name begins with ("adr-0001-use-files", "rfc1234"), or that of the folder of a README."""
    if "name" not in row.defined_by:
        return
    folders = document.chain.split("/")[:-1]
    stem = document.name.subject or document.name.stem
    if folders and (stem.casefold() in OF_FOLDER or not document.name.subject):
        stem = folders.pop()
    found = _name_pattern(row).match(stem)
    if found:
        yield found["number"] if row.prefix else _as_written(row, found.group())
    elif row.prefix and (row.kind == document.kind or not set(row.folders).isdisjoint(folders)):
        bare = _BARE.match(stem)
        if bare:
            yield stem[: bare.end()]


def _in_header(document: Document, row: IdentifierKind) -> Iterator[str]:
    """The number in a field of its name: "eip: 20", "ADR: 0001", "Number: 7" in a document of that kind."""
    if "header" not in row.defined_by:
        return
    labels = {row.kind, row.label.casefold(), *(word.casefold() for word in row.words)}
    labels |= {f"{label} number" for label in labels}
    if row.kind == document.kind:
        labels |= {"number", "id", "no", "no."}
    for field in document.header.fields:
        if field.label.casefold() in labels:
            value = field.value.strip().strip("*`\"'")
            found = _value_pattern(row).fullmatch(value)
            if found:
                yield found["number"] if row.prefix else value
            return


def _as_written(row: IdentifierKind, found: str) -> str:
    """An identifier in a name as texts have it: "ADR-0001" for "adr-0001"."""
    return found.upper() if _value_pattern(row).fullmatch(found.upper()) else found


def _shown(row: IdentifierKind, given: str) -> str:
    if not row.prefix:
        return given
    first = row.prefix[0]
    return f"{first}{'' if first != row.words[0] else '-'}{given}"


@lru_cache(maxsize=64)
def _name_pattern(row: IdentifierKind) -> re.Pattern[str]:
    if not row.prefix:
        return re.compile(rf"(?:{row.pattern})(?![^\W_])", re.IGNORECASE)
    words = "|".join(map(re.escape, row.words))
    return re.compile(rf"(?:{words})[-_ #]?(?P<number>\d{{1,6}})(?![^\W_])(?!\.\d)", re.IGNORECASE)


@lru_cache(maxsize=64)
def _value_pattern(row: IdentifierKind) -> re.Pattern[str]:
    if not row.prefix:
        return re.compile(row.pattern)
    words = "|".join(map(re.escape, row.words))
    return re.compile(rf"(?:(?:{words})[-_ #]?|#)?(?P<number>\d{{1,6}})", re.IGNORECASE)
