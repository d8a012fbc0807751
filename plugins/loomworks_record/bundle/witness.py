"""Asking witnesses (C2SP tlog-witness) to cosign the checkpoint of a built site.

A witness keeps the last checkpoint of a log that it saw and cosigns a later one only with a proof that it goes on from
there, so a log that shows two faces needs its witnesses to take part.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from loomworks_record.bundle import merkle, paths
from loomworks_record.bundle.faults import CheckError
from loomworks_record.bundle.fetch import Answer, PublishedSite
from loomworks_record.bundle.files import read_bounded
from loomworks_record.bundle.log import MAX_LOG, parse_log
from loomworks_record.bundle.note import WITNESS, VerifierKey, parse_verifier_key
from loomworks_record.bundle.paths import said
from loomworks_record.bundle.seal import read_note, write_note
from loomworks_record.bundle.statements import Note, SignatureLine, parse_checkpoint, parse_line
from loomworks_record.errors import RecordError

SECONDS = 20.0  # for all that is asked of one witness
_ASKED = 3  # times: a witness says which size it saw last, and another publisher may come between


class WitnessError(CheckError):
    """A witness gave no cosignature; the message says why."""


class Cosignatures(Struct, frozen=True):
    """Who cosigned, and a line for each one who did not."""

    names: tuple[str, ...]
    failures: tuple[str, ...]


def cosign_site(site: Path, witnesses: Sequence[tuple[str, str]]) -> Cosignatures:
    """Ask each witness (its address, its verifier key) and keep what they sign in the site's note.

    CheckError if the site has no signed note to show them.
    """
    note = read_note(site)
    if note is None:
        message = f"{site}: has no {paths.NOTE}; witnesses cosign a log that signs with an Ed25519 key (signing_key)"
        raise CheckError(message)
    leaves = parse_log(read_bounded(site / paths.LOG, MAX_LOG) or b"").leaves
    names: list[str] = []
    failures: list[str] = []
    for address, text in witnesses:
        try:
            key = parse_verifier_key(text)
            line = cosignature(address, key, note, leaves)
        except RecordError as wrong:
            failures.append(f"{said(address)}: {wrong}")
            continue
        kept = [other for other in note.signatures if (other.name, other.key_id) != (line.name, line.key_id)]
        note = Note(note.text, (*kept, line))
        names.append(key.name)
    if names:
        write_note(site, note)
    return Cosignatures(tuple(names), tuple(failures))


def cosignature(address: str, key: VerifierKey, note: Note, leaves: Sequence[bytes]) -> SignatureLine:
    """The witness's signature of a note; WitnessError, or Unreachable, if there is none."""
    if key.type != WITNESS:
        raise WitnessError(f"{key.name}: expected the key of a witness (type 4), got type {key.type}")
    site = PublishedSite(address, seconds=SECONDS)
    checkpoint = parse_checkpoint(note.text)
    own = Note(note.text, tuple(line for line in note.signatures if line.name == checkpoint.origin))
    old = checkpoint.size
    for _ in range(_ASKED):
        proof = merkle.consistency_proof(leaves, old) if 0 < old < checkpoint.size else ()
        lines = [f"old {old}", *(base64.b64encode(node).decode() for node in proof), "", ""]
        answer = site.ask(f"{site.base}/add-checkpoint", "/add-checkpoint", data="\n".join(lines).encode() + bytes(own))
        if answer.status == 200:
            return _line(answer, key, note)
        if answer.status != 409:
            raise WitnessError(_refusal(answer, key))
        seen = _size(answer)
        if seen > checkpoint.size:
            message = f"{key.name} has seen {seen} entries, this log has {checkpoint.size}: an older log, or a fork"
            raise WitnessError(message)
        old = seen
    raise WitnessError(f"{key.name} names another size each time; try again")


def _line(answer: Answer, key: VerifierKey, note: Note) -> SignatureLine:
    for text in (answer.body or b"").decode("utf-8", "replace").splitlines():
        try:
            line = parse_line(text)
        except ValueError:
            continue
        if (line.name, line.key_id) == (key.name, key.id) and key.verifies(note, line):
            return line
    raise WitnessError(f"{key.name} answers without a good cosignature of its own")


def _size(answer: Answer) -> int:
    text = (answer.body or b"")[:20].decode("ascii", "replace").strip()
    if not text.isdecimal() or not text.isascii():
        raise WitnessError(f"a conflict was answered without the size that was seen last, got '{said(text)}'")
    return int(text)


def _refusal(answer: Answer, key: VerifierKey) -> str:
    words = said((answer.body or b"").decode("utf-8", "replace").strip(), 120)
    meant = {
        403: "does not know the key that signed; give it integrity/verifier-key.txt",
        404: "does not know this log; ask its operator to add the origin",
        422: "refuses it: the log does not go on from what it saw last (a fork)",
    }.get(answer.status, f"answers {answer.status}")
    host = urlsplit(answer.path).netloc
    return f"{key.name}{host} {meant}{': ' + words if words else ''}"
