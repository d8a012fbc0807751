"""The pages of a plan: those whose key is known are taken as they are, the others are made, in batches.

A page's key holds its frame (the plain values of its template), the key of the part that it shows (a rendered text, a
comparison), and the look of the site. So whatever could change the page changes its key, and nothing else does.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from loomworks_record.build.chain_states import ChainStates
from loomworks_record.build.folder import FILES, KeptFiles, SiteFolder
from loomworks_record.build.look import Look
from loomworks_record.build.packing import COMPARISON, TEXT, PartKey, packed_part, unpack
from loomworks_record.build.texts import Texts
from loomworks_record.build.why import Why
from loomworks_record.build.work import Batch, BatchResult, ComparisonJob, PageJob
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages.changes import changes_of, not_compared
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.plan_parts import UNMADE, ComparisonOf, PlannedPage, Values, unmade_page
from loomworks_record.pages.site_pages import page_of
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem, unreadable

Submit = Callable[[Iterable[Batch]], Iterator[BatchResult]]

_WINDOW = 256  # pages that are looked up together
_WEIGHT = 400_000  # bytes of documents of one batch: enough that handing it over costs little
_LEAST = 10_000  # bytes that any page counts for: a phase and a list have their size too
_TRIES = 5  # a part that was lost or could not be made: each is made up for once


@dataclass
class BuildCounts:
    """What a build did, for progress and for tests."""

    pages: int = 0
    texts: int = 0
    comparisons: int = 0
    rendered: list[str] = field(default_factory=list)  # addresses of the pages that were made
    problems: tuple[Problem, ...] = ()  # of documents that could not be rendered, compared or searched


class Pages:
    """Makes the pages of one plan into one folder."""

    def __init__(
        self, plan: Plan, look: Look, cache: Cache, folder: SiteFolder, texts: Texts, why: Why | None = None
    ) -> None:
        self.plan = plan
        self.look = look
        self.cache = cache
        self.folder = folder
        self.texts = texts
        self.why = why or Why()
        kinds = Counter(kind for kind, _ in texts.made_first)
        self.counted = BuildCounts(texts=kinds[TEXT], comparisons=kinds[COMPARISON])
        self._lost: set[PartKey] = set()
        self._comparisons: dict[bytes, ComparisonOf] = {}  # those that were asked for, by their keys
        self._in_place: dict[bytes, bytes] = {}  # those that a worker failed to make: key → what stands for it, packed
        self._unkept: set[str] = set()  # the chains of these
        self.problems: list[Problem] = []  # of these
        self._digests: dict[str, str] = {}  # of the pages of this build, by address

    def show(self, documents: Iterable[Document], submit: Submit) -> None:
        """Have the pages of these, before it is asked what else has changed."""
        left = {page.address: page for page in map(partial(page_of, self.plan), documents)}
        for made in submit(self._batches(list(left.values()), left)):
            self._take(made, left)

    def find(self) -> None:
        """Leave out the pages that are known to be in the folder as they should be. Once, before ``run``."""
        pages = list(self.plan.pages())
        self.counted.pages = len(pages)
        self._unchanged = ChainStates(self.plan, self.look, self.cache, self.folder, self.texts, pages)
        there = self._unchanged.find()
        self.why.left(there, "nothing that the pages of its chain depend on has changed")
        self.why.left(
            {page.address for page in pages if page.besides} & there, "it shows no text, and all else is as it was"
        )
        self._left = {page.address: page for page in pages if page.address not in there}

    def run(self, submit: Submit, progress: Callable[[int, int], None] | None = None) -> BuildCounts:
        """Have every page, once ``find`` was asked. ``submit`` makes batches; ``progress`` is told (done, in all)."""
        left, pages = self._left, self.counted.pages
        if progress:
            progress(pages - len(left), pages)
        for _ in range(_TRIES):
            for made in submit(self._batches(list(left.values()), left)):
                self._take(made, left)
                if progress:
                    progress(pages - len(left), pages)
            if not left:
                self._unchanged.keep(self._digests, self._unkept)
                return self.counted
        raise AssertionError(f"{len(left)} pages could not be made, the first is {next(iter(left))}")

    def _batches(self, pages: Sequence[PlannedPage], left: dict[str, PlannedPage]) -> Iterator[Batch]:
        """Batches of what is missing; what is found is put into the folder and out of ``left``."""
        for window in _windows(pages):
            self.texts.look_up(document for page in window for document in page.texts)
            jobs = [self._job(page) for page in window]
            missing = self._not_found(jobs, left)
            if missing:
                planned = {page.address: page for page in window}
                for batch in self._portions([(planned[job.address], job) for job in missing]):
                    self.why.lacks(batch, self.texts.made_first)
                    yield batch

    def _job(self, page: PlannedPage) -> PageJob:
        parts, template = self._parts(page), page.template
        try:
            frame = page.values()
        except Exception as wrong:
            if not page.chain:
                raise  # it is of no document
            parts, template, frame = (), UNMADE, self._unmade(page, wrong)
        key = digest(self.look.key, page.address, template, frame, *parts)
        return PageJob(key, page.address, template, frame, parts)

    def _unmade(self, page: PlannedPage, wrong: Exception) -> Values:
        record = self.plan.whole.record
        document = record.by_path[page.source] if page.source else record.chain_by_id[page.chain].newest
        self.problems.append(unreadable(document.path, f"what /{page.address} says", wrong))
        self._unkept.add(page.chain)
        return unmade_page(self.plan.site, document)

    def _parts(self, page: PlannedPage) -> tuple[PartKey, ...]:
        if isinstance(page.part, ComparisonOf):
            return ((COMPARISON, self._comparison_key(page.part)),)
        return tuple((TEXT, self.texts.key(document)) for document in page.texts)

    def _comparison_key(self, part: ComparisonOf) -> bytes:
        key = self.texts.comparison_key(self.plan.comparison_inputs(part), part.old, part.new)
        return _in_place_key(key) if _in_place_key(key) in self._in_place else key

    def _not_found(self, jobs: Sequence[PageJob], left: dict[str, PlannedPage]) -> list[PageJob]:
        shelf = Shelf(self.cache, FILES, KeptFiles)
        found = shelf.get_many([job.key for job in jobs])
        digests = {job.address: found[job.key].files.get(job.address, "") for job in jobs if job.key in found}
        here = {address for address, digest in digests.items() if self.folder.holds(address, digest)}
        self.why.left(here, "all that it is made of is what the page in the site was made of")
        away = {job.key: job.address for job in jobs if job.address in digests and job.address not in here}
        for key, packed in shelf.get_bulks(list(away), bytes).items():
            if self._put_kept(away[key], packed, digests[away[key]]):
                here.add(away[key])
                self.why.left((away[key],), "it stands in the cache, made of the same")
        for address in here:
            self._digests[address] = digests[address]
            left.pop(address, None)
        return [job for job in jobs if job.address not in here]

    def _put_kept(self, address: str, packed: bytes, expected: str) -> bool:
        try:
            data = unpack(packed)
        except ValueError:
            return False
        if hashlib.sha256(data).hexdigest() != expected:
            return False
        self.folder.put(address, data, expected)
        return True

    def _portions(self, missing: Sequence[tuple[PlannedPage, PageJob]]) -> Iterator[Batch]:
        """Missing pages of one chain stay together: they show the same texts."""
        portion: list[tuple[PlannedPage, PageJob]] = []
        weight = 0
        for _, group in groupby(missing, key=lambda each: _together(each[0])):
            added = list(group)
            portion += added
            weight += sum(max(page.weight, _LEAST) for page, _ in added)
            if weight >= _WEIGHT:
                yield self._batch(portion)
                portion, weight = [], 0
        if portion:
            yield self._batch(portion)

    def _batch(self, missing: Sequence[tuple[PlannedPage, PageJob]]) -> Batch:
        comparisons: dict[bytes, ComparisonOf] = {}
        texts: dict[bytes, Document] = {}
        for page, job in missing:
            if isinstance(page.part, ComparisonOf) and job.parts:
                comparisons[job.parts[0][1]] = page.part
            elif job.parts:
                texts |= {key: document for (_, key), document in zip(job.parts, page.texts, strict=True)}
        self._comparisons |= comparisons
        kept = self._kept(COMPARISON, list(comparisons))
        kept |= {(COMPARISON, key): self._in_place[key] for key in comparisons if key in self._in_place}
        made = {key: part for key, part in comparisons.items() if (COMPARISON, key) not in kept}
        for part in made.values():
            for document in (part.old, part.new):
                texts[self.texts.key(document)] = document
        kept |= self._kept(TEXT, list(texts))
        return Batch(
            look=self.look.packed,
            texts=self.texts.to_render(texts, kept),
            comparisons={
                key: ComparisonJob(
                    self.plan.comparison_inputs(part), self.texts.key(part.old), self.texts.key(part.new)
                )
                for key, part in made.items()
            },
            pages=tuple(job for _, job in missing),
            kept=kept,
        )

    def _kept(self, kind: str, keys: Sequence[bytes]) -> dict[PartKey, bytes]:
        found = self.cache.get_bulks(kind, [key for key in keys if (kind, key) not in self._lost])
        return {(kind, key): packed for key, packed in found.items()}

    def _take(self, made: BatchResult, left: dict[str, PlannedPage]) -> None:
        made.keep(self.cache)
        self.counted.texts += sum(kind == TEXT for kind, _ in made.parts)
        self.counted.comparisons += sum(kind == COMPARISON for kind, _ in made.parts)
        self._lost.update(made.lost)
        for kind, key in made.failed:
            if kind == TEXT:
                self.texts.note_failed(key)
            else:
                self._compare_in_place(key, self._comparisons[key])
        for page in made.pages:
            data = unpack(page.packed)
            self.why.put(self.folder, page.address, data)
            self.folder.put(page.address, data, page.digest)
            self._digests[page.address] = page.digest
            self.counted.rendered.append(page.address)
            left.pop(page.address, None)

    def _compare_in_place(self, key: bytes, part: ComparisonOf) -> None:
        """A worker failed to make the comparison of that key: it is tried here once more, so that the fault can be
        told."""
        try:
            texts = self.texts.rendered([part.old, part.new])
            made = changes_of(self.plan.comparison_inputs(part), texts[part.old.path], texts[part.new.path])
        except Exception as wrong:
            made = not_compared()
            self.problems.append(unreadable(part.new.path, f"its comparison with {part.old.path}", wrong))
        self._in_place[_in_place_key(key)] = packed_part(made)
        self._unkept.add(part.chain.id)


def _in_place_key(key: bytes) -> bytes:
    """The key of what stands for a comparison that could not be made: such a page is not the real one."""
    return digest("in place", key)


def _together(page: PlannedPage) -> str:
    """What pages that stay together have in common; one of no chain stands for itself."""
    return page.chain or page.address


def _windows(pages: Sequence[PlannedPage]) -> Iterator[list[PlannedPage]]:
    window: list[PlannedPage] = []
    for _, group in groupby(pages, key=_together):
        window += group
        if len(window) >= _WINDOW:
            yield window
            window = []
    if window:
        yield window
