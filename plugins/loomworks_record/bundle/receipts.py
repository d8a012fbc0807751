"""Receipts: a log entry, its inclusion proof and the checkpoint, to be checked offline years later."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from loomworks_record.bundle import statements
from loomworks_record.bundle.faults import Fault, Proved, Report, report
from loomworks_record.bundle.log import ARCHIVED, WITHDRAWAL, Entry, Log, LogError, parse_entry, parse_log
from loomworks_record.bundle.merkle import inclusion_proof, root_from_inclusion
from loomworks_record.bundle.sshsig import signer
from loomworks_record.source.names import without_archive

FORMAT = "record-receipt/1"


class Receipt(Struct, frozen=True):
    """``proof``: RFC 6962 PATH(entry.sequence, D[checkpoint.size]), 32 bytes each.

    ``stamp`` and ``signature`` are the published bytes that vouch for the checkpoint, where there are any.
    """

    entry: Entry
    proof: tuple[bytes, ...]
    checkpoint: statements.Checkpoint
    stamp: str | None = None
    signature: str | None = None

    def __bytes__(self) -> bytes:
        return statements.canonical(
            {
                "format": FORMAT,
                "entry": self.entry.leaf.decode("utf-8"),
                "proof": [base64.b64encode(node).decode("ascii") for node in self.proof],
                "checkpoint": bytes(self.checkpoint).decode("utf-8"),
                "stamp": self.stamp,
                "signature": self.signature,
            }
        ) + b"\n"  # fmt: skip


def make_receipt(
    log: Log, path: str, *, origin: str, stamp: bytes | None = None, signature: bytes | None = None
) -> Receipt:
    """The receipt of the entry in force for ``path``, or for what was filed there and archived since, else of its
    filing; LogError if it has none.

    A stamp is enclosed only if it vouches for the checkpoint of this very log.
    """
    entry = log.in_force.get(path) or _archived_since(log, path) or log.filed.get(path)
    if entry is None:
        raise LogError(f"{path}: is not in the log; a version enters it when it is filed, or by `record log`")
    leaves = log.leaves
    checkpoint = statements.checkpoint_of(origin, leaves)
    proof = inclusion_proof(leaves, entry.sequence)
    if stamp is None or statements.parse_stamp(stamp).checkpoint != checkpoint.digest:
        return Receipt(entry, proof, checkpoint)
    text = signature.decode("ascii") if signature is not None else None
    return Receipt(entry, proof, checkpoint, stamp.decode("utf-8"), text)


def parse_receipt(data: bytes) -> Receipt:
    """The inverse of ``bytes(receipt)``; ValueError says what is not as expected."""
    fields = statements.parse_object(data)
    if fields.get("format") != FORMAT:
        raise ValueError(f"expected format {FORMAT!r}, got {fields.get('format')!r}")
    try:
        receipt = Receipt(
            parse_entry(fields["entry"].encode("utf-8")),
            tuple(_node(node) for node in fields["proof"]),
            statements.parse_checkpoint(fields["checkpoint"].encode("utf-8")),
            _text_or_none(fields["stamp"]),
            _text_or_none(fields["signature"]),
        )
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"a field is missing or of another type ({wrong})") from wrong
    if bytes(receipt) != data:
        raise ValueError("expected the canonical form (RFC 8785) of a receipt and a LF")
    return receipt


class Evidence(Struct, frozen=True):
    """What whoever checks a receipt brings: the document's bytes, a key, the origin that they expect, a later log."""

    document: bytes | None = None
    key: Path | None = None
    origin: str | None = None
    log: bytes | None = None


def check_receipt(data: bytes, brought: Evidence, *, name: str) -> Report:
    """What a receipt proves, in ``Report.proved``; what it does not for want of something is in the notes."""
    try:
        receipt = parse_receipt(data)
        stamp = statements.parse_stamp(receipt.stamp.encode("utf-8")) if receipt.stamp is not None else None
    except ValueError as wrong:
        return report([Fault("receipt-syntax", name, str(wrong))])
    faults = list(_proof_faults(receipt, brought, name))
    principal = None
    if brought.key is not None:
        found = _vouched(receipt, stamp, brought.key, name)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            principal = found
    if stamp is not None and stamp.checkpoint != receipt.checkpoint.digest:
        message = f"the stamp is of checkpoint {stamp.checkpoint}, got {receipt.checkpoint.digest}"
        faults.append(Fault("stamp-checkpoint", name, message))
    notes = list(_notes(receipt, stamp, brought))
    if brought.log is not None:
        later = list(_later(receipt, brought.log, name))
        faults += (each for each in later if isinstance(each, Fault))
        notes += (each for each in later if isinstance(each, str))
    return Report(report(faults).faults, tuple(notes), checked=1, proved=_proved(receipt, stamp, brought, principal))


def _proof_faults(receipt: Receipt, brought: Evidence, name: str) -> Iterator[Fault]:
    checkpoint, entry = receipt.checkpoint, receipt.entry
    if root_from_inclusion(entry.leaf, entry.sequence, checkpoint.size, receipt.proof) != checkpoint.root:
        message = f"entry {entry.sequence} of {checkpoint.size} does not lead to the checkpoint's root"
        yield Fault("receipt-proof", name, message)
    if brought.origin is not None and brought.origin != checkpoint.origin:
        yield Fault("checkpoint-origin", name, f"expected the log {brought.origin!r}, got {checkpoint.origin!r}")
    if brought.document is not None:
        digest = statements.hex_digest(brought.document)
        if digest != entry.sha256:
            yield Fault("receipt-document", entry.path, f"expected sha256 {entry.sha256}, got {digest}")
    if entry.type == WITHDRAWAL:
        message = f"was withdrawn ({entry.reason}): the receipt proves that, and not that the document holds"
        yield Fault("receipt-withdrawn", entry.path, message)


def _vouched(receipt: Receipt, stamp: statements.Stamp | None, key: Path, name: str) -> str | Fault:
    if receipt.stamp is None or receipt.signature is None:
        return Fault("signature-missing", name, "encloses no signed stamp; take a receipt from a signed bundle")
    issued = stamp.sequence if stamp is not None else None
    return signer(receipt.stamp.encode("utf-8"), receipt.signature.encode("utf-8"), key, name=name, issued=issued)


def _notes(receipt: Receipt, stamp: statements.Stamp | None, brought: Evidence) -> Iterator[str]:
    if brought.document is None:
        yield "no document was given, so none was compared"
    if brought.key is None:
        yield "no --key was given: this shows only that entry and checkpoint belong together, which anybody can make"
    if brought.origin is None:
        yield f"no --origin was given: make sure that {receipt.checkpoint.origin!r} is the log that you mean"
    if stamp is None:
        yield "no stamp is enclosed: when the checkpoint was made is not known"
    if brought.log is None:
        size = receipt.checkpoint.size
        yield f"as of {size:,} entries: a later correction or withdrawal is not known here (--log FILE tells)"


def _later(receipt: Receipt, log: bytes, name: str) -> Iterator[Fault | str]:
    """What a later log says of the document since."""
    later = parse_log(log, name="--log")
    checkpoint, entry = receipt.checkpoint, receipt.entry
    if statements.checkpoint_of(checkpoint.origin, later.leaves[: checkpoint.size]) != checkpoint:
        message = f"the log that was given does not begin with the receipt's {checkpoint.size} entries"
        yield Fault("log-not-extended", name, message)
        return
    last = later.in_force.get(entry.path) or _archived_since(later, entry.path) or entry
    if last.sequence == entry.sequence or (last.type == ARCHIVED and last.sha256 == entry.sha256):
        yield f"still in force as of {len(later.entries):,} entries"
    elif last.type == WITHDRAWAL:
        message = f"was withdrawn since, by entry {last.sequence} ({last.reason})"
        yield Fault("receipt-withdrawn", entry.path, message)
    else:
        yield f"corrected since, by entry {last.sequence} ({last.reason}): sha256 {last.sha256}"


def _archived_since(log: Log, path: str) -> Entry | None:
    return next((entry for at, entry in log.in_force.items() if without_archive(at) == path), None)


def _proved(
    receipt: Receipt, stamp: statements.Stamp | None, brought: Evidence, principal: str | None
) -> dict[str, Proved]:
    entry, checkpoint = receipt.entry, receipt.checkpoint
    return {
        "path": entry.path,
        "version": entry.version,
        "sha256": entry.sha256,
        "type": entry.type,
        "reason": entry.reason,
        "origin": checkpoint.origin,
        "entry": entry.sequence,
        "entries": checkpoint.size,
        "issued": statements.utc(stamp.sequence) if stamp is not None else None,
        "signed": receipt.signature is not None,
        "signed_by": principal,
        "document_compared": brought.document is not None,
    }


def _node(text: Any) -> bytes:
    try:
        node = base64.b64decode(text, validate=True)
    except ValueError as wrong:
        raise ValueError(f"proof: expected base64, got {text!r}") from wrong
    if len(node) != 32:
        raise ValueError(f"proof: expected 32 bytes, got {len(node)}")
    return node


def _text_or_none(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"expected text or null, got {type(value).__name__}")
    return value
