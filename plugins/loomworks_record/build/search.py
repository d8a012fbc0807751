"""The search of a plan: its shards, found in the cache where their pages are as they were, else made by Pagefind."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from loomworks_record.build.folder import FILES, KeptFiles, SiteFolder
from loomworks_record.build.texts import Texts
from loomworks_record.build.workers import give_back
from loomworks_record.forking import processors
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages import addresses
from loomworks_record.pages.wording import standing_word, version_word
from loomworks_record.record.record import Record
from loomworks_record.render.text import RenderedText
from loomworks_record.search.engine import engine_version
from loomworks_record.search.index import LIST, edit_shard, index_shard, shard_list, shared_files
from loomworks_record.search.search_text import SearchFields, SearchText
from loomworks_record.search.shards import SearchedPage, Shard, beside, shards
from loomworks_record.source.dates import written
from loomworks_record.source.document import Document
from loomworks_record.source.kinds import REQUESTS
from loomworks_record.source.problem import Problem, unreadable

Apart = Callable[..., Future[dict[str, bytes] | None] | None]

_AT_ONCE = 16  # texts that are unpacked together
_FEW = 2  # pages that are edited one by one; each takes a third of the time in which the whole shard is made


@dataclass(frozen=True)
class Search:
    """The search of one record: its shards, its pages by their addresses, and what each is found by. Made by
    ``search_of``."""

    shards: tuple[Shard, ...]
    pages: Mapping[str, SearchedPage]
    documents: Mapping[str, Document]
    found: Mapping[str, SearchFields]


def search_of(record: Record, texts: Texts, *, largest: int | None = None) -> Search:
    """How the record's documents fall into shards, by what of them is searched."""
    documents = {addresses.view(document): document for document in record.documents}
    found = {address: found_by(record, document) for address, document in documents.items()}
    searched = texts.searched(list(documents.values()))
    pages = {
        at: SearchedPage(at, by.group, by.chain, by.archived, digest(by, searched[documents[at].path]).hex())
        for at, by in found.items()
    }
    return Search(shards(list(pages.values()), largest=largest), pages, documents, found)


class _Handed(dict[str, bytes]):
    """Pages for Pagefind, by their addresses: one that was handed over is not held any longer."""

    def __getitem__(self, address: str) -> bytes:
        return self.pop(address)


class SearchFiles:
    """The files of a search, put into a folder. ``apart`` may begin work in another process: our own work on a shard
    would otherwise take turns with what is made meanwhile."""

    def __init__(self, search: Search, cache: Cache, apart: Apart = lambda *_: None) -> None:
        self.search = search
        self.cache = cache
        self._apart = apart
        self.problems: list[Problem] = []  # of documents whose words could not be gathered
        self._kept = Shelf(cache, FILES, KeptFiles)
        # Pagefind is a program of its own and works on one processor: threads wait for several of them.
        self._pool = ThreadPoolExecutor(processors())
        self._todo: Iterator[Shard] | None = None
        self._begun: deque[tuple[Shard, Future[dict[str, bytes] | None]]] = deque()

    def missing(self) -> list[Shard]:
        """The shards that the cache does not have."""
        known = self._kept.get_many([_key(shard) for shard in self.search.shards])
        return [shard for shard in self.search.shards if _key(shard) not in known]

    def begin(self, texts: Texts) -> None:
        """Have Pagefind begin with what is missing, a shard for each processor, and one waits: it works while pages and
        files are made."""
        self._todo = iter(self.missing()) if self._todo is None else self._todo
        while len(self._begun) <= processors() and (shard := next(self._todo, None)):
            self._begun.append((shard, self._begin(shard, texts)))

    def putting(self, folder: SiteFolder, texts: Texts) -> Iterator[set[str]]:
        """Have all files in ``folder``, part by part; shards that are missing are made. The list comes last: what it
        names must be there. The addresses of those that are. Raises SearchError."""
        for _ in self.make_missing(texts):
            pass
        there: set[str] = set()
        for shard in self.search.shards:
            there |= (self._put_kept(folder, _key(shard)) or self._put_made(folder, shard, texts)).files.keys()
            yield there
        shared_key = digest(ground(), "shared", engine_version())
        told = self._put_kept(folder, shared_key)
        if told is None:
            told = self._keep(shared_key, files := shared_files())
            self._put_files(folder, files)
        folder.put(LIST, shard_list(self.search.shards, self._filters()))
        yield there | told.files.keys() | {LIST}

    def changed(self, before: Search) -> list[SearchedPage]:
        """The pages that are others than in the search ``before``, or were not there."""
        return [page for address, page in self.search.pages.items() if before.pages.get(address) != page]

    def beside(self, before: Search, texts: Texts) -> dict[str, bytes]:
        """What is searched of the ``changed`` pages as files beside those of ``before``, with a list that says which of
        its pages are outdated. The list is the last of them. Raises SearchError."""
        outdated = [address for address, page in before.pages.items() if self.search.pages.get(address) != page]
        apart, files = beside(self.changed(before), before.shards), dict[str, bytes]()
        for shard in apart:
            files |= _in_site(shard, index_shard(shard, self._html(shard.pages, texts)))
        return files | {LIST: shard_list((*before.shards, *apart), self._filters(), outdated)}

    def _filters(self) -> Iterator[tuple[str, str]]:
        return (each for by in self.search.found.values() for each in by.filters)

    def make_missing(self, texts: Texts) -> Iterator[Shard]:
        """Make the shards that are missing and keep them; each as it is done. Raises SearchError."""
        try:
            self.begin(texts)
            while self._begun:
                shard, begun = self._begun.popleft()
                files: dict[str, bytes] | None = None
                with suppress(BrokenExecutor):  # the other process was ended
                    files = begun.result()
                files = files or index_shard(shard, self._html(shard.pages, texts))
                del begun
                give_back()  # before the next is handed over: what this one went through is several times its size
                self.begin(texts)
                self._keep_whole(shard, files)
                del files
                yield shard
        finally:
            self._pool.shutdown(cancel_futures=True)

    def _begin(self, shard: Shard, texts: Texts) -> Future[dict[str, bytes] | None]:
        """The files of a shard, from those that were kept last where few of its pages were edited since."""
        last = self._kept.get(_last_key(shard))
        if last and last.searched.keys() == shard.pages.keys():
            edited = [address for address, digest in shard.pages.items() if digest != last.searched[address].hex()]
            if len(edited) <= _FEW and (files := self._kept.get_bulk(last.key, dict[str, bytes])):
                before = {path.split("/", shard.folder.count("/"))[-1]: data for path, data in files.items()}
                html = self._html(edited, texts)
                begun = self._apart(edit_shard, shard, before, html)
                return begun or self._pool.submit(edit_shard, shard, before, html)
        return self._pool.submit(index_shard, shard, self._html(shard.pages, texts))

    def _keep_whole(self, shard: Shard, files: Mapping[str, bytes]) -> KeptFiles:
        if self._is_short(shard):
            return KeptFiles(_digests(_in_site(shard, files)))
        searched = {address: bytes.fromhex(digest) for address, digest in shard.pages.items()}
        self._kept.put_many({_last_key(shard): KeptFiles({}, searched, key=_key(shard))})
        return self._keep(_key(shard), _in_site(shard, files))

    def _html(self, addresses: Iterable[str], texts: Texts) -> dict[str, bytes]:
        """What is searched of some pages, by their addresses."""
        return _Handed(self._searched(addresses, texts))

    def _searched(self, addresses: Iterable[str], texts: Texts) -> Iterator[tuple[str, bytes]]:
        pages = iter(addresses)
        while portion := list(islice(pages, _AT_ONCE)):  # rendered texts are several times what is searched of them
            documents = {address: self.search.documents[address] for address in portion}
            rendered = texts.rendered(list(documents.values()))
            for address, document in documents.items():
                yield address, self._words(address, document.path, rendered[document.path])

    def _words(self, address: str, path: str, text: RenderedText) -> bytes:
        found = self.search.found[address]
        try:
            return searched(found, text).html()
        except Exception as wrong:
            problem = unreadable(path, "what is searched of it", wrong)
            if problem not in self.problems:
                self.problems.append(problem)
            return searched(replace(found, labels=(), lines=False), RenderedText("", "", (), ())).html()

    def _is_short(self, shard: Shard) -> bool:
        """Whether it lacks the words of a document: the next build tries again."""
        paths = {self.search.documents[address].path for address in shard.pages}
        return any(problem.path in paths for problem in self.problems)

    def _put_kept(self, folder: SiteFolder, key: bytes) -> KeptFiles | None:
        told = self._kept.get(key)
        if told is None:
            return None
        if folder.holds_all(told.files):
            return told
        files = self._kept.get_bulk(key, dict[str, bytes])
        if files is None or _digests(files) != told.files:
            return None
        self._put_files(folder, files)
        return told

    def _put_made(self, folder: SiteFolder, shard: Shard, texts: Texts) -> KeptFiles:
        files = index_shard(shard, self._html(shard.pages, texts))
        self._put_files(folder, _in_site(shard, files))
        return self._keep_whole(shard, files)

    def _put_files(self, folder: SiteFolder, files: Mapping[str, bytes]) -> None:
        for address, data in files.items():
            folder.put(address, data)

    def _keep(self, key: bytes, files: Mapping[str, bytes]) -> KeptFiles:
        told = KeptFiles(_digests(files))
        self._kept.put_many({key: told}, {key: dict(files)})
        return told


def found_by(record: Record, document: Document) -> SearchFields:
    """How the search finds one document."""
    chain = record.chain(document)
    number = document.cr_number if document.role in REQUESTS else None
    return SearchFields(
        title=document.title,
        names=" ".join(filter(None, (number, str(document.name), document.name.stem))),
        archived=chain.standing(document) == "archived",
        version=version_word(document.version),
        date=written(document.date) if document.date else "",
        filters=tuple(_filters(record, document)),
        over=document.header.banner or "",
        labels=tuple(field.label for field in document.header.fields),
        lines=not (document.form == "html" and any(twin.form == "md" for twin in chain.twins(document))),
        group=document.phase_folder or document.section,
        chain=chain.id,
        against=chain.against_of(document),
    )


def _filters(record: Record, document: Document) -> Iterator[tuple[str, str]]:
    yield "standing", standing_word(record.standing(document), short=True)
    yield "kind", record.config.kinds.label(document.kind)
    if document.phase is not None:
        yield "phase", str(document.phase)
    if document.section:
        yield "section", document.section


def searched(by: SearchFields, text: RenderedText) -> SearchText:
    """What of a document is searched: its own words, without what neighbours add to them."""
    return SearchText(
        by,
        facts=tuple((label, fact.unlinked) for label, fact in zip(by.labels, text.facts, strict=True)),
        body=text.unlinked,
        sections=tuple(filter(None, (name for each in text.sections for name in (each.number, each.identifier)))),
        lines=text.lines if by.lines else (),
    )


def _in_site(shard: Shard, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {shard.folder + path: data for path, data in files.items()}


def _key(shard: Shard) -> bytes:
    return digest(ground(), shard.key)


def _last_key(shard: Shard) -> bytes:
    return digest(ground(), "last", shard.name)


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {address: hashlib.sha256(data).hexdigest() for address, data in files.items()}
