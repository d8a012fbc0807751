"""The statement as others read it: every sha256 in it is that of a file that a reader holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import sealed
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from loomworks_record.bundle import paths
from loomworks_record.bundle.provenance import PREDICATE, format_provenance, parse_provenance


def statement(site: Path) -> dict[str, object]:
    found = json.loads((site / paths.PROVENANCE).read_bytes())
    assert isinstance(found, dict)
    return found


def test_a_verifier_by_others_finds_the_files(small: sealed.Project) -> None:
    read = json_format.Parse((small.site / paths.PROVENANCE).read_text("utf-8"), statement_pb2.Statement())
    checked = Statement.copy_from_pb(read)
    checked.validate()
    assert checked.pb.predicate_type == PREDICATE
    held = sealed.tree(small.site)
    matched = [each.name for each in read.subject if held.get(each.name) == (each.digest.get("sha256") or "none")]
    assert matched == [paths.LOG, paths.SOURCES]
    for subject in read.subject:
        assert "sha256" not in subject.digest or subject.digest["sha256"] in held.values(), subject.name


def test_a_statement_of_an_earlier_version_is_still_read(small: sealed.Project) -> None:
    now = statement(small.site)
    log, _, content = now["subject"]  # type: ignore[misc]
    was = now | {
        "subject": [
            {"name": "content", "digest": {"sha256": content["digest"]["recordContent1"]}},
            {"name": "log", "digest": {"sha256": log["annotations"]["rfc6962Root"]}},
        ]
    }
    text = json.dumps(was, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    read, current = parse_provenance(text), parse_provenance((small.site / paths.PROVENANCE).read_bytes())
    assert (read.content, read.log_root, read.log) == (current.content, current.log_root, "")
    assert current.log == hashlib.sha256((small.site / paths.LOG).read_bytes()).hexdigest()
    assert parse_provenance(format_provenance(current)) == current
