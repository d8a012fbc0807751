"""The context of a document's mentions: the names it uses, the CR it aims at, the places it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from loomworks_record.record.citations.index import cycle_of
from loomworks_record.source.document import Document
from loomworks_record.source.folding import fold_markdown
from loomworks_record.source.version import Version, parse_version
from loomworks_record.text.reading import OwnWords

_CR_TARGET = re.compile(r"(?P<number>CR-\d{4}-\d{3,4})(?:\s+(?P<version>v\d+[._]\d+(?:[._]\d+)?))?")


@dataclass(frozen=True)
class Context:
    """``own`` is what the document says of others by itself. ``target`` is the CR number and version of its
    "CR target"; ``cycle`` the amendment cycle that its name says."""

    document: Document
    own: OwnWords

    @cached_property
    def cycle(self) -> int | None:
        return cycle_of(str(self.document.name))

    @cached_property
    def target(self) -> tuple[str, Version | None] | None:
        said = self.document.header.first("cr_target")
        found = _CR_TARGET.search(fold_markdown(said)) if said else None
        if found is None:
            return None
        return found["number"], parse_version(found["version"]) if found["version"] else None
