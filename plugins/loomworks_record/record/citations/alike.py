"""Files of one name: which of them a mention means, found without looking at each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from loomworks_record.record.neighbour import Neighbour

Group = dict[str, Neighbour]  # by path


class Alike:
    """Neighbours of one file name, where a record has a thousand of them (README.md) too."""

    def __init__(self, documents: Sequence[Neighbour]) -> None:
        self._documents = documents
        self._best: dict[tuple[str, object, str], Neighbour | None] = {}

    @cached_property
    def is_one_version(self) -> bool:
        return len({(document.chain, document.version) for document in self._documents}) == 1

    @cached_property
    def _groups(self) -> dict[tuple[str, object], Group]:
        found: dict[tuple[str, object], Group] = {}
        for document in self._documents:
            for key in _keys(document):
                found.setdefault(key, {})[document.path] = document
        return found

    def lies_in(self, folder: str) -> bool:
        """Whether one lies in a folder of that path, or of one that ends so; with a final slash."""
        return ("folder", folder) in self._groups

    def best(self, folder: str, own: Neighbour) -> Neighbour | None:
        """The one in the folder named, the own phase's, the one outside archive/; None where chains are as good."""
        if len(self._documents) == 1:
            return self._documents[0]
        key = folder, own.phase_folder, own.section
        if key not in self._best:
            self._best[key] = self._found(("folder", folder), ("phase", own.phase_folder), ("section", own.section))
        return self._best[key]

    def _found(self, *keys: tuple[str, object]) -> Neighbour | None:
        kept: Group = {}
        for group in filter(None, map(self._groups.get, keys)):
            small, large = sorted((kept or group, group), key=len)
            kept = {path: small[path] for path in small if path in large} or kept
        if not kept:
            kept = {document.path: document for document in self._documents}
        documents = list(kept.values())
        documents = [each for each in documents if not each.archived_by_folder] or documents
        documents = [each for each in documents if each.form == "md"] or documents
        return documents[0] if len({each.chain for each in documents}) == 1 else None


def _keys(document: Neighbour) -> Iterable[tuple[str, object]]:
    folders = document.path.split("/")[:-1]
    yield from (("folder", "/".join((*folders[at:], ""))) for at in range(len(folders)))
    if document.phase_folder is not None:
        yield "phase", document.phase_folder
    yield "section", document.section
