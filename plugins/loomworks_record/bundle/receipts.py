"""Receipts: a log entry, its inclusion proof and the checkpoint, to be checked offline years later."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loomworks_record.bundle.canonical import canonical, parse_object
from loomworks_record.bundle.checkpoint import Checkpoint, checkpoint_of, parse_checkpoint
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.log import Entry, Log, LogError, parse_entry
from loomworks_record.bundle.merkle import inclusion_proof, root_from_inclusion
from loomworks_record.bundle.sshsig import signature_faults
from loomworks_record.bundle.stamp import parse_stamp

FORMAT = "record-receipt/1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``proof``: RFC 6962 PATH(entry.sequence, D[checkpoint.size]), 32 bytes each.

    ``stamp`` and ``signature`` are the published bytes that vouch for the checkpoint, where there are any.
    """

    entry: Entry
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint
    stamp: str | None = None
    signature: str | None = None

    def __bytes__(self) -> bytes:
        return canonical(
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
    """The receipt of the entry in force for ``path``; LogError if it has none.

    A stamp is enclosed only if it vouches for the checkpoint of this very log.
    """
    entry = log.in_force.get(path)
    if entry is None:
        raise LogError(f"{path}: is not in the log; a version enters it when it is archived (`record log`)")
    leaves = log.leaves
    checkpoint = checkpoint_of(origin, leaves)
    proof = inclusion_proof(leaves, entry.sequence)
    if stamp is None or parse_stamp(stamp).checkpoint != hashlib.sha256(bytes(checkpoint)).hexdigest():
        return Receipt(entry, proof, checkpoint)
    text = signature.decode("ascii") if signature is not None else None
    return Receipt(entry, proof, checkpoint, stamp.decode("utf-8"), text)


def parse_receipt(data: bytes) -> Receipt:
    """The inverse of ``bytes(receipt)``; ValueError says what is not as expected."""
    fields = parse_object(data)
    if fields.get("format") != FORMAT:
        raise ValueError(f"expected format {FORMAT!r}, got {fields.get('format')!r}")
    try:
        receipt = Receipt(
            parse_entry(fields["entry"].encode("utf-8")),
            tuple(_node(node) for node in fields["proof"]),
            parse_checkpoint(fields["checkpoint"].encode("utf-8")),
            _text_or_none(fields["stamp"]),
            _text_or_none(fields["signature"]),
        )
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"a field is missing or of another type ({wrong})") from wrong
    if bytes(receipt) != data:
        raise ValueError("expected the canonical form (RFC 8785) of a receipt and a LF")
    return receipt


def receipt_faults(data: bytes, *, document: bytes | None, key: Path | None, name: str) -> Iterator[Fault]:
    """The receipt proves its entry, the document is the entry's, and a key has signed its checkpoint.

    ``document``: the bytes to compare, or None to check the proof alone. ``key``: None to take the checkpoint as
    it is, which shows only that entry and checkpoint belong together.
    """
    try:
        receipt = parse_receipt(data)
    except ValueError as wrong:
        yield Fault("receipt-syntax", name, str(wrong))
        return
    checkpoint, entry = receipt.checkpoint, receipt.entry
    led_to = root_from_inclusion(entry.leaf, entry.sequence, checkpoint.size, receipt.proof)
    if led_to != checkpoint.root:
        message = f"entry {entry.sequence} of {checkpoint.size} does not lead to the checkpoint's root"
        yield Fault("receipt-proof", name, message)
    if document is not None:
        digest = hashlib.sha256(document).hexdigest()
        if digest != entry.sha256:
            yield Fault("receipt-document", entry.path, f"expected sha256 {entry.sha256}, got {digest}")
    if key is not None:
        yield from _vouching_faults(receipt, key, name)


def _vouching_faults(receipt: Receipt, key: Path, name: str) -> Iterator[Fault]:
    if receipt.stamp is None or receipt.signature is None:
        yield Fault("signature-missing", name, "encloses no signed stamp; take a receipt from a signed bundle")
        return
    stamp = receipt.stamp.encode("utf-8")
    yield from signature_faults(stamp, receipt.signature.encode("utf-8"), key, name=name)
    checkpoint = hashlib.sha256(bytes(receipt.checkpoint)).hexdigest()
    try:
        vouched = parse_stamp(stamp).checkpoint
    except ValueError as wrong:
        yield Fault("stamp-syntax", name, str(wrong))
        return
    if vouched != checkpoint:
        yield Fault("stamp-checkpoint", name, f"the stamp is of checkpoint {vouched}, got {checkpoint}")


def _node(text: Any) -> bytes:
    try:
        node = base64.b64decode(text, validate=True)
    except binascii.Error as wrong:
        raise ValueError(f"proof: expected base64, got {text!r}") from wrong
    if len(node) != 32:
        raise ValueError(f"proof: expected 32 bytes, got {len(node)}")
    return node


def _text_or_none(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"expected text or null, got {type(value).__name__}")
    return value
