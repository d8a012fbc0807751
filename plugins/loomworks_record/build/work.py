"""What a worker does: texts, then the comparisons that need them, then the pages that need both. Values in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from loomworks_record.build.folder import FILES, KeptFiles
from loomworks_record.build.look import unpacked_look
from loomworks_record.build.packing import (
    COMPARISON,
    TEXT,
    PartKey,
    content_digest,
    pack,
    packed_fates,
    packed_part,
    unpacked_comparison,
    unpacked_text,
)
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages.changes import ComparisonInputs, changes_of, compared_texts
from loomworks_record.pages.plan_parts import Part, Values, composed
from loomworks_record.render.templates import render_page
from loomworks_record.render.text import RenderedText, TextJob, render_text


class PageJob(Struct, frozen=True):
    """One page to make, kept under ``key``. ``frame`` has its values but for the parts."""

    key: bytes
    address: str
    template: str
    frame: Values
    parts: tuple[PartKey, ...] = ()


class ComparisonJob(Struct, frozen=True):
    """One comparison to make, with the keys of the texts of both sides; ``follow``: what became of each section too."""

    inputs: ComparisonInputs
    old: bytes
    new: bytes
    follow: bool = False


class Batch(Struct, frozen=True):
    """``texts`` and ``comparisons`` are to be made, ``kept`` are those that are there already, packed."""

    look: bytes
    texts: Mapping[bytes, TextJob]
    comparisons: Mapping[bytes, ComparisonJob]
    pages: tuple[PageJob, ...]
    kept: Mapping[PartKey, bytes]


class MadePage(Struct, frozen=True):
    """``packed`` is the page's UTF-8, compressed; ``digest`` the sha256 (hex) of it as it is."""

    key: bytes
    address: str
    digest: str
    packed: bytes


class BatchResult(Struct, frozen=True):
    """What came of a batch: parts, each as it is kept and packed (see ``packing.py``); pages. ``failed`` are parts that
    the program failed to make, ``lost`` kept parts that turned out to be damaged: what depends on one of those is left
    out."""

    parts: dict[PartKey, tuple[bytes, bytes]] = field(default_factory=dict)
    pages: list[MadePage] = field(default_factory=list)
    failed: list[PartKey] = field(default_factory=list)
    lost: list[PartKey] = field(default_factory=list)

    def keep(self, cache: Cache) -> None:
        """Keep the parts and the pages."""
        for kind in (TEXT, COMPARISON):
            own = {key: made for (its, key), made in self.parts.items() if its == kind}
            cache.put_many(kind, {key: beside for key, (beside, _) in own.items()},
                           {key: packed for key, (_, packed) in own.items()})  # fmt: skip
        files = {page.key: KeptFiles({page.address: page.digest}) for page in self.pages}
        Shelf(cache, FILES, KeptFiles).put_many(files, {page.key: page.packed for page in self.pages})


def render_batch(batch: Batch) -> BatchResult:
    """Make all of a batch."""
    return _Rendering(batch).run()


class _Rendering:
    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.made = BatchResult()
        self.parts: dict[PartKey, Part] = {}

    def run(self) -> BatchResult:
        for key, job in self.batch.texts.items():
            self._text(key, job)
        for key, comparison in self.batch.comparisons.items():
            self._comparison(key, comparison)
        for page in self.batch.pages:
            self._page(page)
        return self.made

    def _text(self, key: bytes, job: TextJob) -> None:
        try:
            text = render_text(job)
        except Exception:
            self.made.failed.append((TEXT, key))  # it is made again, and told, where the record is
        else:
            self._keep((TEXT, key), text, content_digest(text))

    def _comparison(self, key: bytes, job: ComparisonJob) -> None:
        old, new = self._part((TEXT, job.old)), self._part((TEXT, job.new))
        if isinstance(old, RenderedText) and isinstance(new, RenderedText):
            try:
                compared = compared_texts(job.inputs, old, new, job.follow)
                fates = packed_fates(compared.fates) if job.follow else b""
                self._keep((COMPARISON, key), changes_of(job.inputs, old, new, compared), fates)
            except Exception:
                self.made.failed.append((COMPARISON, key))

    def _page(self, page: PageJob) -> None:
        parts = [part for key in page.parts if (part := self._part(key)) is not None]
        if len(parts) < len(page.parts):
            return
        site, env = unpacked_look(self.batch.look)
        values = {"site": site, **composed(page.frame, parts)}
        data = render_page(env, page.template, page.address, values).encode()
        self.made.pages.append(MadePage(page.key, page.address, hashlib.sha256(data).hexdigest(), pack(data)))

    def _keep(self, key: PartKey, part: Part, beside: bytes) -> None:
        self.parts[key] = part
        self.made.parts[key] = beside, packed_part(part)

    def _part(self, key: PartKey) -> Part | None:
        """None where it cannot be made here."""
        if key not in self.parts and key in self.batch.kept:
            try:
                self.parts[key] = _UNPACKED[key[0]](self.batch.kept[key])
            except ValueError:
                self.made.lost.append(key)
        return self.parts.get(key)


_UNPACKED: Mapping[str, Callable[[bytes], Part]] = {TEXT: unpacked_text, COMPARISON: unpacked_comparison}
