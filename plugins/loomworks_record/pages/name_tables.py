"""The names of a record, asked: in tables that are kept between runs, of which a question loads what it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import unquote

from loomworks_record.asking.look import Answers, Matches, answers
from loomworks_record.asking.table import NamesTable
from loomworks_record.pages import addresses
from loomworks_record.record.phases import Phase
from loomworks_record.record.record import Record
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document


@dataclass(frozen=True)
class Names:
    """What may be asked for of a record."""

    whole: Whole

    @cached_property
    def short(self) -> NamesTable:
        """What names and headers say. Reads no text."""
        return self.whole.kept("names", NamesTable, partial(_made, self.whole, False))

    @cached_property
    def table(self) -> NamesTable:
        """The same, with identifiers, halts, and the numbers of sections."""
        return self.whole.kept("names of texts", NamesTable, partial(_made, self.whole, True))

    def answers(self, text: str, most: int = 8) -> tuple[Matches, Answers]:
        """As ``asking.answer.answers``: by names alone, where these say all of it, which needs no text to be read."""
        found, said = answers(self.short, text, most)
        if not found.sure or found.fit != "named" or found.section:
            found, said = answers(self.table, text, most)
        return found, self._in_form_meant(said, text) if found.sure else said

    def _in_form_meant(self, said: Answers, text: str) -> Answers:
        first, record = said[0], self.whole.record
        named = record.by_path.get(first["path"] or "")
        meant = form_meant(record, named, text) if named else None
        if meant is named or meant is None:
            return said
        anchor = "".join(first["address"].partition("#")[1:])
        return [{**first, "path": meant.path, "address": addresses.url(addresses.view(meant)) + anchor}, *said[1:]]


def _made(whole: Whole, with_texts: bool) -> NamesTable:
    # It takes longer to load than all else that asks, and is seldom needed.
    from loomworks_record.pages.answers import name_entries, whole_entries  # noqa: PLC0415

    return NamesTable.of(whole_entries(whole) if with_texts else name_entries(whole.record))


def phase_meant(record: Record, path: str, address: str) -> Phase | None:
    """The phase that an answer is, or that its document lies in; None for what is outside phases."""
    document = record.by_path.get(path)
    if document is not None:
        return record.phase(document)
    page = address.partition("#")[0]
    return next((each for each in record.phases if addresses.url(addresses.phase(each.folder)) == page), None)


def form_meant(record: Record, document: Document, text: str) -> Document:
    """Of a version that is held in two forms, the one whose file a name or an address says; else the document."""
    said = unquote(re.split("[?#]", text)[0]).replace("\\", "/").rpartition("/")[2].strip().casefold()
    files = (said, said.removesuffix(".html"))
    twins = record.chain(document).twins(document)
    return next((each for each in twins if each.path.rpartition("/")[2].casefold() in files), document)
