"""The log as the transparency world reads it: signed note, tiles, proofs, cosignatures."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sealed
from bundle.proofs import is_consistent
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from loomworks_record.bundle import merkle, paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.log import append_withdrawal
from loomworks_record.bundle.merkle import tile_digests, tiles
from loomworks_record.bundle.note import WITNESS, VerifierKey, parse_verifier_key
from loomworks_record.bundle.seal import write_note
from loomworks_record.bundle.statements import Note, SignatureLine, checkpoint_of, parse_checkpoint, parse_note
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.bundle.witness import cosign_site
from loomworks_record.errors import UsageError
from msgspec.structs import replace
from support import strangers

NOW = sealed.ISSUED + 60
AICS = ("aics-tlog==0.2.1", "aics-witness==0.1.0")
# The example of C2SP signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZ"
    "XsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


@pytest.fixture
def signed(tmp_path: Path, key: Path) -> sealed.Project:
    project = sealed.make_project(tmp_path / "project")
    sealed.build(project, project.site, key=key)
    return project


def test_the_example_of_the_specification() -> None:
    key, note = parse_verifier_key(EXAMPLE_KEY), parse_note(EXAMPLE.encode())
    assert [key.verifies(note, line) for line in key.signed(note)] == [True]
    assert bytes(note) == EXAMPLE.encode() and str(key) == EXAMPLE_KEY
    other = Note(b"This is another message.\n", note.signatures)
    assert [key.verifies(other, line) for line in key.signed(other)] == [False]


@pytest.mark.parametrize(
    "text",
    ["", "name", "a+b+c", EXAMPLE_KEY.replace("530d", "530e"), EXAMPLE_KEY[:-4], EXAMPLE_KEY.replace("Aeky", "Auky")],
)
def test_what_is_no_verifier_key(text: str) -> None:
    with pytest.raises(UsageError):
        parse_verifier_key(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\n", "\n"), ("\u2014 ", "- "), ("IneyaQM=\n", "IneyaQM="), ("IneyaQM=", "IneyaQN="), ("is an", "is\tan"),
        ("/foo ", "/f+o "),
    ],
)  # fmt: skip
def test_what_is_no_signed_note(old: str, new: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_note(EXAMPLE.replace(old, new).encode())


def test_the_note_of_a_site(signed: sealed.Project, key: Path) -> None:
    note = parse_note((signed.site / paths.NOTE).read_bytes())
    verifier = parse_verifier_key((signed.site / paths.VERIFIER_KEY).read_text())
    assert note.text == (signed.site / paths.CHECKPOINT).read_bytes()
    assert verifier.name == sealed.ORIGIN
    assert [verifier.verifies(note, line) for line in verifier.signed(note)] == [True]
    assert (signed.site / paths.TLOG_NOTE).read_bytes() == bytes(note)
    assert not verify_directory(signed.site, Expectations(NOW, key=key.with_suffix(".pub"))).faults


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 700])
def test_tiles_hold_the_tree(size: int) -> None:
    """A reader that knows only the specification finds each width, each entry and the root."""
    leaves = [b"entry %d" % number * (number % 7 + 1) for number in range(size)]
    found = tiles(leaves)
    assert tile_digests(leaves) == {path: hashlib.sha256(data).hexdigest() for path, data in found.items()}
    hashes: list[bytes] = []
    for number in range(-(-size // 256)):
        width = min(256, size - number * 256)
        suffix = "" if width == 256 else f".p/{width}"
        data = found[f"tile/0/{number:03}{suffix}"]
        hashes += [data[at : at + 32] for at in range(0, len(data), 32)]
        bundle, at = found[f"tile/entries/{number:03}{suffix}"], 0
        for leaf in leaves[number * 256 : number * 256 + width]:
            length = int.from_bytes(bundle[at : at + 2])
            assert bundle[at + 2 : at + 2 + length] == leaf
            at += 2 + length
        assert at == len(bundle)
        for narrower in range(1, width) if width < 256 else ():
            assert data.startswith(found[f"tile/0/{number:03}.p/{narrower}"])
    assert hashes == [merkle.leaf_hash(leaf) for leaf in leaves]
    if size > 256:
        assert found["tile/1/000.p/1"] == merkle.root(leaves[:256])
    assert ("tile/1/000.p/1" in found) == (size >= 256)


def test_numbers_of_tiles_beyond_a_thousand() -> None:
    from loomworks_record.bundle.merkle import _number  # noqa: PLC0415 - too many leaves to see it from outside

    assert [_number(n) for n in (0, 999, 1000, 1234067)] == ["000", "999", "x001/000", "x001/x234/067"]


class Witness:
    """A witness as C2SP tlog-witness describes it, for one log; ``seen`` is (size, root)."""

    def __init__(self, verifier: VerifierKey, name: str = "witness.example/w1") -> None:
        self.private = Ed25519PrivateKey.generate()
        self.key = VerifierKey(name, WITNESS, self.private.public_key().public_bytes_raw())
        self.verifier = verifier
        self.seen = (0, merkle.root([]))
        self.time = NOW
        self.bodies: list[bytes] = []

    def answer(self, body: bytes) -> tuple[int, bytes]:
        self.bodies.append(body)
        head, _, rest = body.partition(b"\n\n")
        old_line, *proof = head.decode().split("\n")
        note = parse_note(rest)
        checkpoint = parse_checkpoint(note.text)
        if not all(self.verifier.verifies(note, line) for line in self.verifier.signed(note)):
            return 403, b""
        old = int(old_line.removeprefix("old "))
        if old != self.seen[0]:
            return 409, b"%d\n" % self.seen[0]
        nodes = [base64.b64decode(line) for line in proof]
        if old and not is_consistent(old, checkpoint.size, self.seen[1], checkpoint.root, nodes):
            return 422, b"not consistent\x1b[31m\n"
        self.seen = checkpoint.size, checkpoint.root
        message = f"cosignature/v1\ntime {self.time}\n".encode() + note.text
        signature = self.time.to_bytes(8) + self.private.sign(message)
        return 200, str(SignatureLine(self.key.name, self.key.id, signature)).encode()

    @contextmanager
    def serving(self) -> Iterator[str]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, body = outer.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(status if self.path == "/add-checkpoint" else 404)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture
def witness(signed: sealed.Project) -> Witness:
    return Witness(parse_verifier_key((signed.site / paths.VERIFIER_KEY).read_text()))


def grow(project: sealed.Project, key: Path, path: str, issued: int = sealed.ISSUED + 9) -> None:
    """One entry more, and the site built again."""
    project.write_log(append_withdrawal(project.log, path, "withdrawn"))
    (project.content / path).unlink()
    shutil.rmtree(project.site, ignore_errors=True)
    sealed.build(project, project.site, issued=issued, key=key)


ONE, OTHER = "phases/phase-01-é/archive/cr-v0_1.md", "phases/phase-02-x/archive/cr-v0_1.md"


def test_a_witness_follows_a_growing_log(signed: sealed.Project, witness: Witness, key: Path) -> None:
    asked = Expectations(NOW, witnesses=(str(witness.key),))
    assert verify_directory(signed.site, asked).reasons == {"witness-quorum"}
    with witness.serving() as url:
        assert cosign_site(signed.site, [(url, str(witness.key))]).names == (witness.key.name,)
        assert not verify_directory(signed.site, asked).faults
        size = len(signed.log.entries)
        earlier = (signed.site / paths.NOTE).read_bytes()
        grow(signed, key, ONE)
        assert verify_directory(signed.site, asked).reasons == {"witness-quorum"}
        assert cosign_site(signed.site, [(url, str(witness.key))]).names == (witness.key.name,)
    assert witness.seen[0] == size + 1
    assert not verify_directory(signed.site, replace(asked, key=key.with_suffix(".pub"))).faults
    sealed.write(signed.site / paths.NOTE, earlier)
    sealed.write(signed.site / paths.TLOG_NOTE, earlier)
    assert "note-checkpoint" in verify_directory(signed.site, asked).reasons


def test_a_witness_refuses_a_fork(signed: sealed.Project, witness: Witness, tmp_path: Path, key: Path) -> None:
    forked = sealed.make_project(tmp_path / "forked")
    grow(forked, key, OTHER)
    grow(signed, key, ONE)
    with witness.serving() as url:
        assert cosign_site(signed.site, [(url, str(witness.key))]).names
        found = cosign_site(forked.site, [(url, str(witness.key))])
        assert not found.names and "a fork" in found.failures[0] and "\x1b" not in found.failures[0]
        older = sealed.make_project(tmp_path / "older")
        sealed.build(older, older.site, key=key)
        found = cosign_site(older.site, [(url, str(witness.key))])
        assert not found.names and "an older log, or a fork" in found.failures[0]


def test_a_witness_that_does_not_answer_is_said(signed: sealed.Project, witness: Witness) -> None:
    before = (signed.site / paths.NOTE).read_bytes()
    found = cosign_site(signed.site, [("http://127.0.0.1:9/", str(witness.key)), ("http://127.0.0.1:9", "no key")])
    assert not found.names and len(found.failures) == 2
    assert (signed.site / paths.NOTE).read_bytes() == before
    for name in (paths.NOTE, paths.TLOG_NOTE):
        (signed.site / name).unlink()
    with pytest.raises(CheckError, match="Ed25519"):
        cosign_site(signed.site, [])


def test_a_quorum_of_witnesses(signed: sealed.Project, witness: Witness) -> None:
    verifier = witness.verifier
    others = [Witness(verifier, f"witness.example/w{number}") for number in (2, 3)]
    others[0].time = NOW + 9999  # its clock is ahead: not counted
    keys = tuple(str(each.key) for each in (witness, *others))
    with witness.serving() as one, others[0].serving() as two:
        asked = [(one, keys[0]), (two, keys[1]), ("http://127.0.0.1:9/", keys[2])]
        assert len(cosign_site(signed.site, asked).names) == 2

    def check(quorum: int | None, *given: str) -> frozenset[str]:
        return verify_directory(signed.site, Expectations(NOW, witnesses=given, quorum=quorum)).reasons

    assert check(1, *keys) == frozenset()
    assert check(2, *keys) == check(None, *keys) == {"witness-quorum"}
    assert check(None, keys[0], keys[0]) == frozenset()
    again = VerifierKey("another.example", WITNESS, witness.key.public)
    assert check(2, keys[0], str(again), keys[2]) == {"witness-quorum"}
    with pytest.raises(UsageError, match="--quorum"):
        check(4, *keys)
    with pytest.raises(UsageError, match="of a witness"):
        check(None, str(verifier))


def test_a_cosignature_of_another_text(signed: sealed.Project, witness: Witness) -> None:
    with witness.serving() as url:
        cosign_site(signed.site, [(url, str(witness.key))])
    note = parse_note((signed.site / paths.NOTE).read_bytes())
    lines = [replace(line, signature=line.signature[:-1] + bytes([line.signature[-1] ^ 1])) for line in note.signatures]
    write_note(signed.site, Note(note.text, tuple(lines)))
    found = verify_directory(signed.site, Expectations(NOW, witnesses=(str(witness.key),)))
    assert found.reasons == {"note-signature", "witness-quorum"} and found.exit_code == 5


def test_no_note_without_a_key_that_can_sign_one(small: sealed.Project, tmp_path: Path, ssh_keygen: str) -> None:
    assert not (small.site / paths.NOTE).exists() and not (small.site / paths.VERIFIER_KEY).exists()
    rsa = tmp_path / "rsa"
    subprocess.run([ssh_keygen, "-q", "-t", "rsa", "-N", "", "-f", rsa], check=True)
    sealed.build(small, tmp_path / "site", key=rsa)
    assert not (tmp_path / "site" / paths.NOTE).exists()
    found = verify_directory(tmp_path / "site", Expectations(NOW, key=rsa.with_suffix(".pub")))
    assert not found.faults
    asked = Expectations(NOW, witnesses=(str(VerifierKey("w", WITNESS, bytes(32))),))
    assert verify_directory(tmp_path / "site", asked).reasons == {"note-missing"}


@pytest.mark.full
def test_clients_of_that_world_read_the_log(signed: sealed.Project, serve: Callable[..., str]) -> None:
    """aics-tlog reads the note and audits every tile and entry over HTTP, and takes our proofs."""
    python = strangers.environment(*AICS) / "python"
    url = serve(signed.site, like_pages=True) + "/integrity/tlog/"
    leaves = signed.log.leaves
    proofs = {
        "inclusion": [[n.hex() for n in merkle.inclusion_proof(leaves, index)] for index in range(len(leaves))],
        "consistency": [[n.hex() for n in merkle.consistency_proof(leaves, old)] for old in range(1, len(leaves) + 1)],
        "roots": [merkle.root(leaves[:size]).hex() for size in range(len(leaves) + 1)],
    }
    program = """
import json, sys
from aics_tlog import (HttpTileReader, audit_tiles, parse_note, parse_vkey, verify_checkpoint, verify_consistency,
                       verify_leaf_inclusion, VerifiedTileReader, consistency_proof_from_tiles, read_entry)
url, key, given = sys.argv[1], sys.argv[2], json.loads(sys.stdin.read())
reader = HttpTileReader(url)
raw = reader.read_checkpoint()
cp = verify_checkpoint(parse_note(raw), parse_vkey(key))
report = audit_tiles(reader, cp.size, cp.root)
root = bytes.fromhex(given["roots"][-1])
entries = [read_entry(reader, index, cp.size) for index in range(cp.size)]
own = [consistency_proof_from_tiles(reader, old, cp.size) for old in range(1, cp.size + 1)]
ok = [all(verify_leaf_inclusion(leaf, i, cp.size, [bytes.fromhex(n) for n in proof], root)
          for i, (leaf, proof) in enumerate(zip(entries, given["inclusion"]))),
      all(verify_consistency(old, cp.size, bytes.fromhex(given["roots"][old]), root, [bytes.fromhex(n) for n in proof])
          for old, proof in enumerate(given["consistency"], 1)),
      [[n.hex() for n in proof] for proof in own] == given["consistency"]]
print(json.dumps({"ok": cp.ok, "size": cp.size, "checks": ok, "report": str(report)}))
"""
    key = (signed.site / paths.VERIFIER_KEY).read_text().strip()
    done = subprocess.run(
        [python, "-c", program, url, key], input=json.dumps(proofs), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert answer["ok"] and answer["size"] == len(leaves) and answer["checks"] == [True, True, True], answer


@pytest.mark.full
def test_a_real_witness(signed: sealed.Project, tmp_path: Path, key: Path) -> None:
    """aics-witness on this machine cosigns, follows the log as it grows, and refuses a fork."""
    folder = strangers.environment(*AICS)
    command = [folder / "python", "-m", "aics_witness"]
    environment = os.environ | {"AICS_WITNESS_CONFIG": str(tmp_path / "witness.json")}

    def run(*arguments: str) -> list[str]:
        given = [*command, *arguments]
        done = subprocess.run(given, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return (done.stdout + done.stderr).split()

    words = run("init", "--name", "witness.example/w1")
    vkey = next(word for word in words if word.startswith("witness.example/w1+"))
    run("add-log", "--origin", sealed.ORIGIN, "--vkey", (signed.site / paths.VERIFIER_KEY).read_text().strip())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, "serve", "--listen", f"127.0.0.1:{port}"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(port)
        url = f"http://127.0.0.1:{port}/"
        asked = Expectations(int(time.time()), witnesses=(vkey,))
        issued = int(time.time())
        sealed.build(signed, signed.site, issued=issued, key=key)
        assert cosign_site(signed.site, [(url, vkey)]).names == ("witness.example/w1",)
        assert not verify_directory(signed.site, asked).faults
        forked = sealed.make_project(tmp_path / "forked")
        grow(forked, key, OTHER, issued)
        grow(signed, key, ONE, issued)
        found = cosign_site(signed.site, [(url, vkey)])
        assert found.names == ("witness.example/w1",), found.failures
        assert not verify_directory(signed.site, asked).faults
        found = cosign_site(forked.site, [(url, vkey)])
        assert not found.names and "fork" in found.failures[0]
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the witness did not start")


def test_the_checkpoint_is_of_the_tiles(signed: sealed.Project) -> None:
    leaves = signed.log.leaves
    assert bytes(checkpoint_of(sealed.ORIGIN, leaves)) == (signed.site / paths.CHECKPOINT).read_bytes()
    below = {path.removeprefix(paths.TLOG) for path in sealed.tree(signed.site) if path.startswith(paths.TLOG)}
    assert below == {*tiles(leaves), "checkpoint"}
