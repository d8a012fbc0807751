"""The context of a document's mentions: the names it uses, the CR it aims at, the places it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.version import Version, parse_version
from loomworks_record.text.reading import OwnWords

_VERSION_NEXT = re.compile(r"\s+(?=v\d)")


@dataclass(frozen=True)
class Context:
    """``own`` is what the document says of others by itself. ``target`` is the CR number and version of its
    "CR target"; ``cycle`` the amendment cycle that its name says."""

    document: Document
    own: OwnWords
    kinds: KindTable

    @cached_property
    def cycle(self) -> int | None:
        return self.document.name.cycle

    @cached_property
    def target(self) -> tuple[str, Version | None] | None:
        said = self.document.header.first("cr_target")
        said = fold_markdown(said) if said else None
        found = self.kinds.numbers.search(said) if said else None
        if found is None or said is None:
            return None
        version = _VERSION_NEXT.match(said, found.end())
        return found.group(), parse_version(said[version.end() :]) if version else None
