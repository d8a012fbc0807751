"""What a receipt says that it proves: for whom, when, of how many entries, and what came since."""

from __future__ import annotations

import functools
import json
import operator
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sealed
from click.testing import CliRunner
from loomworks_record.bundle import paths
from loomworks_record.bundle.log import Log, append_correction, append_withdrawal
from loomworks_record.bundle.receipts import make_receipt
from loomworks_record.bundle.statements import canonical
from loomworks_record.cli.verify import verify

PAGE = (Path(__file__).resolve().parents[2] / "docs/verify.md").read_text("utf-8")
PATH = "phases/phase-02-x/archive/cr-v0_1.md"


class FiledDocument:
    """A project with a signed site, a receipt of one of its archived documents, and what may come later."""

    def __init__(self, root: Path, key: Path) -> None:
        self.project = sealed.make_project(root / "project")
        sealed.build(self.project, self.project.site, key=key)
        self.root = root
        self.document = self.project.content / PATH
        self.receipt = self.take("receipt.json", self.project.log)

    def take(self, name: str, log: Log, *, stamped: bool = True) -> Path:
        site = self.project.site
        stamp, signature = (site / paths.STAMP).read_bytes(), (site / paths.SIGNATURE).read_bytes()
        vouched = {"stamp": stamp, "signature": signature} if stamped else {}
        file = self.root / name
        file.write_bytes(bytes(make_receipt(log, PATH, origin=sealed.ORIGIN, **vouched)))
        return file

    def later(self, log: Log) -> Path:
        file = self.root / "later.jsonl"
        file.write_bytes(bytes(log))
        return file


@pytest.fixture
def filed(tmp_path: Path, key: Path) -> FiledDocument:
    return FiledDocument(tmp_path, key)


def run(receipt: Path, *arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(verify, ["--receipt", str(receipt), *map(str, arguments)])
    return done.exit_code, done.output


def test_all_that_is_proved_is_said(filed: FiledDocument, key: Path) -> None:
    signers = filed.root / "signers"
    signers.write_text("operator@example.org " + key.with_suffix(".pub").read_text())
    given = (filed.document, "--key", signers, "--origin", sealed.ORIGIN, "--log", filed.later(filed.project.log))
    status, said = run(filed.receipt, *given)
    assert status == 0
    for words in (
        PATH, "version 0.1", sealed.ORIGIN, "entry 4 of 12: archived", "issued 2027-01-15T08:00:00Z",
        "signed by operator@example.org", "still in force as of 12 entries", "the document are right",
    ):  # fmt: skip
        assert words in said, said
    assert said.count("note:") == 1


def test_what_was_not_checked_is_said(filed: FiledDocument) -> None:
    bare = filed.take("bare.json", filed.project.log, stamped=False)
    status, said = run(bare)
    assert status == 0
    for words in ("no document", "no --key", "no --origin", "no stamp", "as of 12 entries", "not signed", "in itself"):
        assert words in said, said
    _, said = run(filed.receipt)
    assert "signed, but by whom was not checked" in said
    answer = json.loads(run(filed.receipt, "--json")[1])
    assert answer["proved"]["entries"] == 12 and answer["proved"]["signed_by"] is None
    assert answer["proved"]["document_compared"] is False and len(answer["notes"]) == 4


def test_a_withdrawal_is_no_proof_that_the_document_holds(filed: FiledDocument) -> None:
    after = append_withdrawal(filed.project.log, PATH, "a customer's address")
    status, said = run(filed.take("after.json", after), filed.document)
    assert status == 1
    assert "receipt-withdrawn" in said and "a customer's address" in said and "withdrawal" in said
    status, said = run(filed.receipt, filed.document, "--log", filed.later(after))
    assert status == 1
    assert "withdrawn since, by entry 12" in said


def test_a_later_correction_is_told(filed: FiledDocument) -> None:
    other = next(each for each in filed.project.archived() if each.path != PATH)
    wrong = next(each for each in filed.project.archived() if each.path == PATH)
    after = append_correction(filed.project.log, type(wrong)(**{**_fields(wrong), "sha256": other.sha256}), "cut off")
    status, said = run(filed.receipt, filed.document, "--log", filed.later(after))
    assert status == 0
    assert "corrected since, by entry 12 (cut off)" in said
    status, said = run(filed.take("after.json", after))
    assert status == 0 and "correction (cut off)" in said


def _fields(document: object) -> dict[str, object]:
    return {name: getattr(document, name) for name in ("path", "version", "date", "sha256", "bytes")}


def test_another_log(filed: FiledDocument) -> None:
    status, said = run(filed.receipt, "--origin", "elsewhere.example")
    assert status == 4 and "checkpoint-origin" in said
    shorter = Log(filed.project.log.entries[:-1])
    status, said = run(filed.receipt, "--log", filed.later(shorter))
    assert status == 4 and "log-not-extended" in said


def _places(value: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*way, name)
            yield from _places(inner, (*way, name))


def test_whatever_is_changed_in_a_receipt_is_found(filed: FiledDocument, key: Path) -> None:
    """Each value changed in one sign, taken away, and set to another type; what was signed by somebody else."""
    whole = json.loads(filed.receipt.read_bytes())
    given = (filed.document, "--key", key.with_suffix(".pub"), "--origin", sealed.ORIGIN)
    assert run(filed.receipt, *given)[0] == 0
    chance, changed, ran = random.Random(7), filed.root / "changed.json", 0
    for *way, last in _places(whole):
        for how in ("sign", "gone", "type"):
            copy = json.loads(json.dumps(whole))
            holder = functools.reduce(operator.getitem, way, copy)
            value = holder[last]
            if how == "gone":
                del holder[last]
            elif how == "sign" and isinstance(value, str):
                at = chance.randrange(len(value) - 4)
                holder[last] = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
            else:
                holder[last] = [value]
            changed.write_bytes(canonical(copy) + b"\n")
            status, said = run(changed, *given)
            assert status in (1, 4, 5, 6), (way, last, how, said)
            ran += 1
    assert ran >= 27


def test_the_script_of_the_docs(filed: FiledDocument, key: Path) -> None:
    """Twenty lines of the standard library, as docs/verify.md prints them, check ours and refuse what was changed."""
    script = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert script is not None
    lines = script[1].strip().splitlines()
    assert len(lines) <= 20
    program = filed.root / "check.py"
    program.write_text(script[1])

    def check(receipt: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", program, receipt, filed.document]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = check(filed.receipt)
    assert done.returncode == 0, done.stderr
    assert PATH in done.stdout and "entry 4 of 12" in done.stdout
    text = filed.receipt.read_text()
    for old, new in (("0.1", "0.9"), ("\\n12\\n", "\\n13\\n"), ('"proof":["', '"proof":["AAAA')):
        assert old in text
        changed = filed.root / "changed.json"
        changed.write_text(text.replace(old, new, 1))
        assert check(changed).returncode != 0, (old, new)
    filed.document.write_bytes(b"another text")
    assert check(filed.receipt).returncode != 0
