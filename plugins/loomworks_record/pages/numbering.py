"""What one thing was called in the versions of a chain: gates and steps get other numbers from version to version.

It is recognised as a comparison recognises a row: by its text where only the number changed, else by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from loomworks_record.pages.wording import version_word
from loomworks_record.record.chains import Chain
from loomworks_record.record.citations.index import Definition
from loomworks_record.source.document import Document
from loomworks_record.text.sections import Section

Called = tuple[str, Document]  # an identifier, and the version that calls the thing so


@dataclass
class Numbering:
    """Of one record. ``sections`` gives those of the document at a path."""

    sections: Callable[[str], Sequence[Section]]
    _defined: dict[tuple[str, str], tuple[dict[str, Section], dict[str, Section]]] = field(default_factory=dict)

    def called(self, chain: Chain, definition: Definition) -> tuple[Called, ...]:
        """The names of one thing, newest first, back to the version that first has it."""
        return tuple(self._called(chain, definition))

    def _called(self, chain: Chain, definition: Definition) -> Iterator[Called]:
        held, section = chain.named(), definition.section
        at = next((at for at, each in enumerate(held) if each.version == definition.document.version), 0)
        yield section.identifier, definition.document
        newer = definition.document
        for older in reversed(held[:at]):
            found = self._same(older, newer, section)
            if found is None:
                return
            section, newer = found, older
            yield section.identifier, older

    def _same(self, older: Document, newer: Document, section: Section) -> Section | None:
        by_name, by_text = self._of(older.path, section.identifier_kind)
        named = by_name.get(section.identifier)
        if named and named.title == section.title:
            return named
        _, kept = self._of(newer.path, section.identifier_kind)
        return by_text.get(section.title) or (named if named and named.title not in kept else None)

    def _of(self, path: str, kind: str) -> tuple[dict[str, Section], dict[str, Section]]:
        """What a version defines of one kind: by name, and by those texts that only one of them has."""
        if (path, kind) not in self._defined:
            found = [each for each in self.sections(path) if each.identifier and each.identifier_kind == kind]
            texts = [each.title for each in found]
            alone = {each.title: each for each in found if each.title and texts.count(each.title) == 1}
            self._defined[path, kind] = {each.identifier: each for each in reversed(found)}, alone
        return self._defined[path, kind]


def numbers_said(called: Sequence[Called]) -> tuple[str, str]:
    """ ("since v0.4", "Gate 8 in v0.3; Gate 7 in v0.1 to v0.2"); two empty ones for what always had its name."""
    runs = [(name, [document for _, document in run]) for name, run in groupby(called, lambda each: each[0])]
    if len(runs) < 2:
        return "", ""
    first, *others = ((name, version_word(run[-1].version), version_word(run[0].version)) for name, run in runs)
    earlier = (f"{name} in {one if one == last else f'{one} to {last}'}" for name, one, last in others)
    return f"since {first[1]}", "; ".join(earlier)
