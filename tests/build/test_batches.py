"""Batches are about as large as they should be, whatever pages are in them: one process is not left with all lists."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from build import edits
from build.workshop import Workshop, differences, held
from loomworks_record.build import pages as build_pages
from loomworks_record.build import search as build_search
from loomworks_record.build import site as build_site
from loomworks_record.build.texts import Texts
from loomworks_record.build.work import Batch, BatchResult, render_batch
from loomworks_record.render.text import RenderedText
from loomworks_record.source.document import Document

CHAINS = ("view/", "history/", "latest/", "compare/", "since/", "timemap/")


def test_pages_of_no_chain_are_in_several_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[list[str]] = []

    def noted(batch: Batch) -> BatchResult:
        batches.append([page.address for page in batch.pages])
        return render_batch(batch)

    monkeypatch.setattr(build_site, "render_batch", noted)
    monkeypatch.setattr(build_pages, "_WEIGHT", 3 * build_pages._LEAST)
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(7))
    workshop.build()
    others = [[address for address in batch if not address.startswith(CHAINS)] for batch in batches]
    assert sum(map(len, others)) > 6
    assert max(map(len, others)) <= 3


def test_pages_of_a_chain_are_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[set[str]] = []

    def noted(batch: Batch) -> BatchResult:
        batches.append({page.address for page in batch.pages})
        return render_batch(batch)

    monkeypatch.setattr(build_site, "render_batch", noted)
    monkeypatch.setattr(build_pages, "_WEIGHT", 1)
    workshop = Workshop(tmp_path)
    for number in (1, 2):
        workshop.write(f"notes/loomworks-kept-note-v0_{number}.md", f"# A note\n\nText {number}.\n")
    workshop.build()
    chain = {address for batch in batches for address in batch if address.startswith(CHAINS)}
    assert len(chain) == 7
    assert chain in batches


def test_few_texts_are_unpacked_for_a_shard_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = Workshop(tmp_path)
    edits.begin(workshop, random.Random(7))
    cold = workshop.build_anew()
    counts: list[int] = []
    rendered = Texts.rendered

    def counted(self: Texts, documents: Sequence[Document]) -> dict[str, RenderedText]:
        counts.append(len(documents))
        return rendered(self, documents)

    monkeypatch.setattr(Texts, "rendered", counted)
    monkeypatch.setattr(build_search, "_AT_ONCE", 2)
    workshop.build()
    assert len(counts) > 1
    assert max(counts) == 2
    assert differences(held(workshop.site), cold) == []
