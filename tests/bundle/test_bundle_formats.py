"""Every format round-trips, is canonical, and refuses what is not of it."""

from __future__ import annotations

import base64
import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle import hosts, paths
from loomworks_record.bundle.faults import ContentError
from loomworks_record.bundle.log import (
    ArchivedDocument,
    Entry,
    Log,
    LogError,
    append_correction,
    append_missing,
    append_withdrawal,
    check_archive,
    parse_entry,
    parse_log,
    read_log,
)
from loomworks_record.bundle.manifest import format_manifest, parse_manifest
from loomworks_record.bundle.provenance import PARTS, Provenance, format_provenance, parse_provenance
from loomworks_record.bundle.receipts import Evidence, check_receipt, make_receipt, parse_receipt
from loomworks_record.bundle.statements import (
    Checkpoint,
    canonical,
    checkpoint_of,
    extends,
    issue,
    parse_checkpoint,
    parse_object,
    parse_stamp,
)
from loomworks_record.bundle.verify import difference
from loomworks_record.source import config
from msgspec.structs import replace

HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)
COMMIT = st.none() | st.binary(min_size=20, max_size=20).map(bytes.hex)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
NAME = st.text(st.sampled_from("abcXYZ019-_. éß中"), min_size=1, max_size=12).filter(lambda n: n.strip(". "))
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join).filter(lambda p: not paths.is_unsafe(p))
JSON = st.recursive(
    st.none() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_canonical_is_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"[]", b"1", b'{"a":1,"a":2}', b'{"a":', b"\xff", b"", b"null"])
def test_only_one_object_with_distinct_keys_is_read(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse_object(data)


@given(st.dictionaries(PATH, HEX, max_size=8))
def test_manifest_round_trip(digests: dict[str, str]) -> None:
    data = format_manifest(digests)
    parsed = parse_manifest(data, name="m")
    assert parsed.digests == digests
    assert not parsed.faults
    assert data.splitlines() == sorted(data.splitlines(), key=lambda line: line[66:])


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a/./b", "a/", "a\\b", "a\nb", "a\x00", "", ".", "\udcff"])
def test_an_unsafe_path_is_never_written(path: str) -> None:
    with pytest.raises(ContentError):
        format_manifest({path: "0" * 64})


@given(st.binary(max_size=300))
def test_any_bytes_are_a_manifest_or_have_faults(data: bytes) -> None:
    parsed = parse_manifest(data, name="m")
    assert parsed.faults or format_manifest(parsed.digests) == data


def test_each_fault_of_a_manifest_has_its_reason() -> None:
    a, b = f"{'a' * 64}  a\n", f"{'b' * 64}  b\n"
    cases = {
        "manifest-order": b + a,
        "manifest-duplicate": a + a,
        "manifest-hex": a.replace("a" * 64, "A" * 64),
        "manifest-line-endings": a.replace("\n", "\r\n"),
        "manifest-encoding": "\ufeff" + a,
        "manifest-syntax": a + b[:-1],
        "manifest-excluded": f"{'c' * 64}  {paths.MANIFEST}\n",
    }
    for reason, text in cases.items():
        assert {fault.reason for fault in parse_manifest(text.encode(), name="m").faults} == {reason}, reason
    assert parse_manifest(b"\xff", name="m").faults[0].reason == "manifest-encoding"


@pytest.mark.parametrize(
    ("path", "other"), [("A/b", "a/b"), ("é", "É"), ("straße", "STRASSE"), ("e\u0301", "é"), ("ſ", "s")]
)
def test_names_that_hosts_may_hold_for_equal(path: str, other: str) -> None:
    assert "path-collision" in {fault.reason for fault in paths.path_faults([path, other])}


@given(st.from_regex(r"[a-z.]{1,20}", fullmatch=True), st.lists(st.binary(max_size=9), max_size=20))
def test_checkpoint_round_trip_and_extension(origin: str, leaves: list[bytes]) -> None:
    whole = checkpoint_of(origin, leaves)
    assert parse_checkpoint(bytes(whole)) == whole
    for size in range(len(leaves) + 1):
        before = hashlib.sha256(bytes(checkpoint_of(origin, leaves[:size]))).hexdigest()
        assert extends(origin, leaves, before)
    longer = hashlib.sha256(bytes(checkpoint_of(origin, [*leaves, b"x"]))).hexdigest()
    assert not extends(origin, leaves, longer)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"a\n1\n", b"a\n01\nx\n", b"a\n-1\nx\n", b"\n0\n" + base64.b64encode(bytes(32)) + b"\n",
        b"a\n0\n" + base64.b64encode(bytes(31)) + b"\n", b"a\n0\n" + base64.b64encode(bytes(32)),
        b"a\r\n0\r\n" + base64.b64encode(bytes(32)) + b"\r\n", b"a\n0\n!!\n", b"\xff\n0\nx\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse_checkpoint(data)


@given(st.integers(0, 4_000_000_000), st.integers(1, 400), HEX, HEX, COMMIT)
def test_stamp_round_trip(issued: int, days: int, manifest: str, sources: str, commit: str | None) -> None:
    stamp = issue(manifest=manifest.encode(), checkpoint=b"c", sources=sources, commit=commit, issued=issued, days=days)
    assert parse_stamp(bytes(stamp)) == stamp
    assert bytes(stamp) == rfc8785.dumps(parse_object(bytes(stamp)))
    for wrong in (bytes(stamp) + b"\n", bytes(stamp).replace(b'"commit"', b'"extra":1,"commit"'), bytes(stamp)[:-1]):
        with pytest.raises(ValueError):
            parse_stamp(wrong)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_stamp_or_a_value_error(data: bytes) -> None:
    for parse in (parse_stamp, parse_checkpoint, parse_entry, parse_receipt, parse_provenance):
        with pytest.raises(ValueError):
            parse(data)


ENTRY = (
    b'{"bytes":1,"date":null,"path":"archive/a-v0_1.md","sequence":0,"sha256":"%s","type":"archived","version":"0.1"}'
    % (b"0" * 64)
)


@pytest.mark.parametrize(
    ("of", "made"),
    [
        (b'"bytes":1', b'"bytes":1.0'),
        (b'"bytes":1', b'"bytes":true'),
        (b'"bytes":1', b'"bytes":-1'),
        (b'"bytes":1', b'"bytes":9007199254740992'),
        (b'"bytes":1', b'"bytes": 1'),
        (b'"bytes":1', b'"bytes":2,"bytes":1'),
        (b'"bytes":1,"date":null', b'"date":null,"bytes":1'),
        (b'"date":null,', b""),
        (b'"date":null', b'"date":"\\u0032026-05-12"'),
        (b'"path":"archive/', b'"path":"archive\\/'),
        (b'"path":"archive/', b'"path":"archive/\\ud800'),
        (b'"sequence":0', b'"reason":null,"sequence":0'),
        (b'"sequence":0', b'"seq\\u001b[2Juence":0'),
        (b'"version":"0.1"', b'"version":["0.1"]'),
        (b'"version":"0.1"', b'"version":"\xff"'),
        (b"{", b"\xef\xbb\xbf{"),
        (b"}", b"}{}"),
    ],
)
def test_an_entry_has_one_form(of: bytes, made: bytes) -> None:
    assert parse_entry(ENTRY).leaf == ENTRY
    with pytest.raises(ValueError) as wrong:
        parse_entry(ENTRY.replace(of, made, 1))
    assert str(wrong.value).isprintable()


@given(TEXT)
def test_an_entry_is_canonical_json(text: str) -> None:
    leaf = replace(parse_entry(ENTRY), type="withdrawal", reason=text).leaf
    assert leaf == rfc8785.dumps(parse_object(leaf)) and parse_object(leaf)["reason"] == text


@given(HEX, HEX, HEX, COMMIT, st.booleans(), st.sets(st.sampled_from(PARTS)), TEXT)
def test_provenance_round_trip(
    content: str, root: str, sources: str, commit: str | None, modified: bool, parts: set[str], version: str
) -> None:
    given_parts = {name: (content if name in parts else None) for name in PARTS}
    statement = Provenance(
        content,
        sources,
        root,
        sources,
        given_parts,
        commit,
        modified and commit is not None,
        "o",
        "none",
        {"v": version},
    )
    data = format_provenance(statement)
    assert parse_provenance(data) == statement
    with pytest.raises(ValueError, match="canonical"):
        parse_provenance(data + b" ")


DOCUMENT = st.builds(
    ArchivedDocument,
    path=PATH.map(lambda path: f"archive/{path}").filter(lambda p: next(paths.path_faults([p]), None) is None),
    version=st.none() | st.just("0.1"),
    date=st.none() | st.dates().map(str),
    sha256=HEX,
    bytes=st.integers(0, 2**40),
)
DOCUMENTS = st.lists(DOCUMENT, max_size=6, unique_by=lambda document: document.path)


@given(DOCUMENTS)
def test_log_round_trip_and_adoption(documents: list[ArchivedDocument]) -> None:
    log = append_missing(Log(), documents)
    assert parse_log(bytes(log)) == log
    assert [entry.path for entry in log.entries] == sorted(document.path for document in documents)
    assert append_missing(log, documents) == log
    assert not list(check_archive(log, documents))
    assert all(log.digest(document.path) == document.sha256 for document in documents)


@given(DOCUMENTS.filter(bool), TEXT.filter(str.strip))
def test_corrections_and_withdrawals(documents: list[ArchivedDocument], reason: str) -> None:
    log = append_missing(Log(), documents)
    first = documents[0]
    changed = replace(first, sha256=hashlib.sha256(first.sha256.encode()).hexdigest(), bytes=first.bytes + 1)
    assert [fault.reason for fault in check_archive(log, [changed, *documents[1:]])] == ["archive-differs"]
    corrected = append_correction(log, changed, reason)
    assert corrected.digest(first.path) == changed.sha256
    assert not list(check_archive(corrected, [changed, *documents[1:]]))
    withdrawn = append_withdrawal(corrected, first.path, reason)
    assert withdrawn.withdrawn.keys() == {first.path}
    assert withdrawn.digest(first.path) is None
    assert not list(check_archive(withdrawn, documents[1:]))
    assert [fault.reason for fault in check_archive(withdrawn, documents)] == ["withdrawn-published"]
    assert [fault.reason for fault in check_archive(withdrawn, documents[1:], [first.path])] == ["withdrawn-published"]
    assert parse_log(bytes(withdrawn)) == withdrawn
    assert bytes(withdrawn).startswith(bytes(log))
    with pytest.raises(LogError):
        append_withdrawal(withdrawn, first.path, reason)


def test_what_a_log_refuses() -> None:
    document = ArchivedDocument("archive/a", "0.1", None, "0" * 64, 1)
    log = append_missing(Log(), [document])
    for reason in ("", "  \n"):
        with pytest.raises(LogError, match="reason"):
            append_withdrawal(log, "archive/a", reason)
    with pytest.raises(LogError, match="nothing to correct"):
        append_correction(log, document, "why")
    with pytest.raises(LogError, match="no log entry"):
        append_correction(log, replace(document, path="archive/b"), "why")
    with pytest.raises(LogError, match="neither filed nor"):
        append_withdrawal(log, "archive/b", "why")
    found = list(check_archive(log, []))
    assert [fault.reason for fault in found] == ["archive-missing"]
    (differs,) = check_archive(log, [replace(document, sha256="1" * 64)])
    assert "0" * 64 in differs.message
    assert "1" * 64 in differs.message


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sequence": 5}, "log-sequence"),
        ({"path": "../x"}, "log-syntax"),
        ({"path": "e\u0301"}, "log-syntax"),
        ({"sha256": "A" * 64}, "log-syntax"),
        ({"date": "2026-2-30"}, "log-syntax"),
        ({"type": "other"}, "log-syntax"),
        ({"type": "correction"}, "log-syntax"),
        ({"reason": "why"}, "log-syntax"),
        ({"type": "correction", "reason": "why"}, "log-entry"),
        ({"bytes": -1}, "log-syntax"),
        ({"version": 1}, "log-syntax"),
        ({"more": 1}, "log-syntax"),
    ],
)
def test_a_wrong_entry_has_its_reason(change: dict[str, object], reason: str) -> None:
    fields = parse_object(Entry(0, "archived", "archive/a", "0.1", "2026-05-12", "0" * 64, 1).leaf)
    line = canonical(fields | change) + b"\n"  # type: ignore[operator]
    assert {fault.reason for fault in read_log(line, name="log")[1]} == {reason}
    with pytest.raises(LogError):
        parse_log(line)


@given(DOCUMENTS.filter(bool), st.data())
def test_receipts(documents: list[ArchivedDocument], data: st.DataObject) -> None:
    log = append_missing(Log(), documents)
    path = data.draw(st.sampled_from(documents)).path
    receipt = make_receipt(log, path, origin="o")
    assert parse_receipt(bytes(receipt)) == receipt
    assert not check_receipt(bytes(receipt), Evidence(), name="r").faults
    other = replace(receipt, checkpoint=Checkpoint("o", receipt.checkpoint.size, bytes(32)))
    found = check_receipt(bytes(other), Evidence(document=b"x"), name="r")
    assert found.reasons == {"receipt-proof", "receipt-document"}


def test_a_receipt_encloses_only_a_stamp_of_its_checkpoint() -> None:
    log = append_missing(Log(), [ArchivedDocument("archive/a", None, None, "0" * 64, 1)])
    checkpoint = bytes(checkpoint_of("o", log.leaves))
    stamp = issue(manifest=b"", checkpoint=checkpoint, sources="0" * 64, commit=None, issued=0)
    assert make_receipt(log, "archive/a", origin="o", stamp=bytes(stamp)).stamp == bytes(stamp).decode()
    stale = replace(stamp, checkpoint="1" * 64)
    assert make_receipt(log, "archive/a", origin="o", stamp=bytes(stale)).stamp is None
    with pytest.raises(LogError, match="not in the log"):
        make_receipt(log, "archive/b", origin="o")


def test_the_host_profiles_are_those_of_the_configuration() -> None:
    assert tuple(hosts.PROFILES) == config.HOSTS


@pytest.mark.parametrize(
    ("sealed", "found", "reason"),
    [
        (b"a\nb\n", b"a\r\nb\r\n", "file-line-endings"),
        (b"a\r\nb\r\n", b"a\nb\n", "file-line-endings"),
        (b"a\r\nb\r\n", b"a\r\nb\n", "file-line-endings"),
        (b"a\nb\n", b"a\nc\n", "file-differs"),
        (b"a\r\nb\n", b"a\nb\n", "file-differs"),  # some were: which ones nobody can know
    ],
)
def test_line_ends_are_told_from_content_both_ways(sealed: bytes, found: bytes, reason: str) -> None:
    fault = difference("a.md", hashlib.sha256(sealed).hexdigest(), hashlib.sha256(found).hexdigest(), found)
    assert fault.reason == reason
    if reason == "file-line-endings":
        assert fault.message.startswith("has LF where CRLF" if b"\r" in sealed else "has CRLF where LF")
        assert ".gitattributes" in fault.message
