"""Versions: numbers, their order, and their two ways of being written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source.version import Version, parse_version, version_key

_numbers = st.integers(0, 999_999)
versions = st.builds(Version, _numbers, _numbers, st.none() | _numbers)


@given(versions)
def test_written_and_read_back(version: Version) -> None:
    assert parse_version(str(version)) == version
    assert parse_version(version.slug) == version
    assert parse_version(f"v{version} (draft)") == version


@given(versions, versions)
def test_order_is_that_of_the_numbers(one: Version, other: Version) -> None:
    def numbers(version: Version) -> tuple[int, ...]:
        return (version.major, version.minor, *([] if version.patch is None else [version.patch]))

    assert (one < other) is (numbers(one) < numbers(other))
    assert (one == other) is (numbers(one) == numbers(other))
    assert version_key(None) < version_key(one)


def test_eleven_is_after_nine() -> None:
    assert Version(0, 9) < Version(0, 11) < Version(0, 11, 0) < Version(0, 11, 1) < Version(1, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.2", Version(0, 2)),
        ("v0.1", Version(0, 1)),
        ("V0.1", Version(0, 1)),
        ("0.1.2 (draft)", Version(0, 1, 2)),
        ("0.10.", Version(0, 10)),
        ("v1", None),
        ("draft", None),
        ("0.1_2_3", None),
        ("", None),
    ],
)
def test_versions_in_headers(text: str, expected: Version | None) -> None:
    assert parse_version(text) == expected


def test_a_version_compares_with_versions_only() -> None:
    with pytest.raises(TypeError):
        _ = Version(0, 1) < 3  # type: ignore[operator]
