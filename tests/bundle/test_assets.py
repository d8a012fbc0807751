"""Content hashes in the names of assets."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle.headers import asset_faults, hashed_assets, hashed_name


@given(st.binary(max_size=200), st.sampled_from(["assets/record/b.css", "assets/größe.svg", "assets/a.min.js"]))
def test_a_name_carries_the_hash_of_what_it_names(data: bytes, path: str) -> None:
    digest = hashlib.sha256(data).hexdigest()
    name = hashed_name(path, data)
    stem, _, ending = path.rpartition(".")
    assert name == f"{stem}.{digest[:10]}.{ending}"
    assert hashed_assets({name: digest, path: digest, "pagefind/pagefind.js": digest}) == [name]
    assert list(asset_faults({name: digest}, [name])) == []


def test_what_is_immutable_and_carries_another_hash_is_a_fault() -> None:
    digest = hashlib.sha256(b"b{}").hexdigest()
    for path in ("assets/b.css", f"assets/b.{'0' * 10}.css"):
        assert [fault.reason for fault in asset_faults({path: digest}, [path])] == ["asset-name"]
        assert hashed_assets({path: digest}) == []
