"""Which shard a page falls into: small, steady, and a matter of the page itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.search.shards import LARGEST, SearchedPage, Shard, shards
from msgspec.structs import replace


def page(
    chain: int, version: int = 1, archived: bool = False, group: int | None = None, digest: str = ""
) -> SearchedPage:
    """Version ``version`` of a chain; four chains are of one phase, or all of phase ``group``."""
    folder = f"phases/phase-{chain // 4 if group is None else group}"
    path = f"view/{folder}/{'archive/' if archived else ''}c{chain}-v0_{version}.md.html"
    return SearchedPage(path, folder, f"{folder}/c{chain}", archived, digest)


def record(chains: int, versions: int = 2) -> list[SearchedPage]:
    return [page(chain, version, version < versions) for chain in range(chains) for version in range(1, versions + 1)]


def by_name(found: tuple[Shard, ...]) -> dict[str, Shard]:
    return {shard.name: shard for shard in found}


def changed(before: tuple[Shard, ...], after: tuple[Shard, ...]) -> int:
    """How many shards have to be indexed: those of a key that was not there."""
    return len({shard.key for shard in after} - {shard.key for shard in before})


def test_a_small_record_has_one_shard_and_an_empty_one_none() -> None:
    assert shards([]) == ()
    (only,) = shards(record(LARGEST // 2))
    assert (only.name, only.holds, len(only.pages)) == ("all", "all", LARGEST)


@given(st.integers(0, 300), st.integers(1, 4), st.integers(1, 40))
def test_every_page_is_in_one_shard_of_its_standing(chains: int, versions: int, largest: int) -> None:
    pages = record(chains, versions)
    found = shards(pages, largest=largest)
    assert sorted(address for shard in found for address in shard.pages) == sorted(page.address for page in pages)
    assert len({shard.name for shard in found}) == len({shard.folder for shard in found}) == len(found)
    for shard in found:
        assert list(shard.pages) == sorted(shard.pages)
        if shard.holds != "all":
            assert all(("archive/" in address) == (shard.holds == "archived") for address in shard.pages)


@given(st.randoms(use_true_random=False), st.integers(5, 60))
def test_the_order_of_the_pages_does_not_matter(random: object, largest: int) -> None:
    pages = record(100)
    again = list(pages)
    random.shuffle(again)  # type: ignore[attr-defined]
    assert shards(pages, largest=largest) == shards(again, largest=largest)


def test_shards_are_neither_too_large_nor_too_many() -> None:
    sizes = [len(shard.pages) for shard in shards(record(4000, 2))]
    assert max(sizes) <= LARGEST
    assert len(sizes) <= 3 * 8000 / LARGEST


def test_what_is_filed_together_falls_together() -> None:
    found = shards(record(4000))
    where = {address: shard.name for shard in found for address in shard.pages}
    assert len({where[page(chain, 2).address] for chain in range(40, 44)}) == 1


def test_a_group_that_is_too_large_is_split_by_its_chains() -> None:
    pages = [page(chain, version, group=1) for chain in range(300) for version in (1, 2)]
    found = shards(pages, largest=100)
    assert max(len(shard.pages) for shard in found) <= 100
    where = {address: shard.name for shard in found for address in shard.pages}
    assert all(where[page(chain, 1, group=1).address] == where[page(chain, 2, group=1).address] for chain in range(300))


def test_a_chain_is_never_parted() -> None:
    pages = [page(1, version) for version in range(50)] + [page(2)]
    assert max(len(shard.pages) for shard in shards(pages, largest=10)) >= 50


@pytest.mark.parametrize("chain", [0, 17, 1999])
def test_an_edit_concerns_one_shard(chain: int) -> None:
    before = record(2000)
    at = before.index(page(chain, 2))
    edited = [*before[:at], replace(before[at], digest="other"), *before[at + 1 :]]
    assert changed(shards(before), shards(edited)) == 1


def test_an_addition_and_a_removal_concern_one_shard() -> None:
    before = record(2000)
    assert changed(shards(before), shards([*before, page(2000, 1)])) == 1
    assert changed(shards(before), shards(before[:-1])) == 1


def test_a_filing_concerns_the_shard_of_the_new_version_and_that_of_the_archived_one() -> None:
    before = record(2000)
    superseded = page(7, 2)
    after = [one for one in before if one != superseded] + [page(7, 2, archived=True), page(7, 3)]
    assert changed(shards(before), shards(after)) == 2


def test_a_shard_that_grows_too_large_is_split_and_the_others_stand() -> None:
    before = record(1000, 1)
    largest = max(len(shard.pages) for shard in shards(before, largest=100))
    full = next(shard for shard in shards(before, largest=largest) if len(shard.pages) == largest)
    group = next(iter(full.pages)).removeprefix("view/").rpartition("/")[0]
    added = SearchedPage(f"view/{group}/new.md.html", group, f"{group}/new", False, "")
    after = shards([*before, added], largest=largest)
    assert full.name not in by_name(after)
    assert {f"{full.name}0", f"{full.name}1"} >= {name for name in by_name(after) if name.startswith(full.name)}
    assert changed(shards(before, largest=largest), after) <= 2


def test_the_key_is_of_the_pages_and_of_what_makes_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    (before,) = shards(record(3))
    assert shards(record(3)) == (before,)
    monkeypatch.setattr("loomworks_record.search.shards.engine_version", lambda: "9.9")
    (after,) = shards(record(3))
    assert (after.pages, after.name) == (before.pages, before.name)
    assert after.key != before.key
    assert after.folder != before.folder
