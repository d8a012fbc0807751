"""The checkpoint as a signed note (C2SP signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519.

A note is the checkpoint, an empty line, and a line for each signature. The log signs with the OpenSSH key of its
stamps, under its origin as the key's name; witnesses add cosignatures, which say when they saw it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key
from msgspec import Struct

from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.files import read_given
from loomworks_record.bundle.sshsig import allowed_signers
from loomworks_record.bundle.statements import NAME, Note, SignatureLine
from loomworks_record.errors import UsageError

LOG, WITNESS = 1, 4  # signature types: Ed25519 over the text, timestamped cosignature/v1
_RAW = 32
_SSH = re.compile(r"(?<!\S)ssh-ed25519\s+(AAAA[0-9A-Za-z+/=]+)")


class VerifierKey(Struct, frozen=True):
    """``name+hex(key id)+base64(type, public key)``: what a signature by ``name`` is checked with."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    def signed(self, note: Note) -> list[SignatureLine]:
        """The lines of a note that name this key."""
        return [line for line in note.signatures if (line.name, line.key_id) == (self.name, self.id)]

    def verifies(self, note: Note, line: SignatureLine) -> bool:
        """Whether a line is a signature of the note by this key."""
        message, signature = note.text, line.signature
        if self.type == WITNESS:
            if len(signature) != 72:
                return False
            message = f"cosignature/v1\ntime {line.time}\n".encode() + message
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse_verifier_key(text: str) -> VerifierKey:
    """The inverse of ``str(key)``; UsageError says what is not as expected."""
    parts = text.strip().split("+", 2)
    try:
        name, _, material = parts
        data = base64.b64decode(material, validate=True)
        key = VerifierKey(name, data[0], data[1:])
    except (ValueError, IndexError) as wrong:
        raise UsageError(f"{text[:80]!r}: expected a verifier key, name+id+base64") from wrong
    if key.type not in (LOG, WITNESS) or len(key.public) != _RAW:
        raise UsageError(f"{name}: expected an Ed25519 key (type 1, or 4 for a witness), got type {key.type}")
    if NAME.fullmatch(name) is None or str(key) != text.strip():
        raise UsageError(f"{text[:80]!r}: the id of this verifier key is not that of its name and key")
    return key


def read_verifier_keys(given: Iterable[str]) -> tuple[VerifierKey, ...]:
    """Keys as text, or files that hold one a line."""
    found: list[VerifierKey] = []
    for each in given:
        file = Path(each)
        lines = file.read_text("utf-8").splitlines() if file.is_file() else [each]
        found += (parse_verifier_key(line) for line in lines if line.strip() and not line.startswith("#"))
    return tuple(dict.fromkeys(found))


def log_key(origin: str, key: Path) -> tuple[VerifierKey, Ed25519PrivateKey] | None:
    """The verifier key of a log, and what signs for it; None for a key that can sign no note.

    That is a key of another type than Ed25519, one with a passphrase, one that an agent holds, or an origin that can
    not be a name of a key (it has blanks or "+").
    """
    try:
        private = load_ssh_private_key(read_given(key), None)
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(private, Ed25519PrivateKey) or NAME.fullmatch(origin) is None:
        return None
    return VerifierKey(origin, LOG, private.public_key().public_bytes_raw()), private


def sign_note(text: bytes, verifier: VerifierKey, private: Ed25519PrivateKey, before: Note | None = None) -> Note:
    """A note of ``text`` signed by the log; cosignatures of ``before`` stay, if that is of the same text."""
    line = SignatureLine(verifier.name, verifier.id, private.sign(text))
    others = before.signatures if before is not None and before.text == text else ()
    return Note(text, (line, *(other for other in others if other.name != verifier.name)))


def ssh_verifier_keys(origin: str, signers: str) -> tuple[VerifierKey, ...]:
    """The Ed25519 keys of allowed_signers, as keys of the log ``origin``."""
    blobs = (base64.b64decode(found[1] + "==") for found in _SSH.finditer(signers))
    return tuple(VerifierKey(origin, LOG, blob[-_RAW:]) for blob in blobs if len(blob) == 51)


def cosigned_faults(
    note: Note, key: Path | None, witnesses: tuple[str, ...], quorum: int | None, latest: int
) -> Iterator[Fault]:
    """The signature of the log, where its Ed25519 key was given; cosignatures of a quorum of witnesses.

    ``latest`` (seconds since 1970 UTC): cosignatures of a later time do not count.
    """
    if key is not None:
        origin = note.text.split(b"\n")[0].decode("utf-8")
        yield from _log_faults(note, ssh_verifier_keys(origin, allowed_signers(key)), key.name)
    if witnesses:
        yield from _witness_faults(note, witness_keys(witnesses), quorum, latest)


def _log_faults(note: Note, keys: tuple[VerifierKey, ...], given: str) -> Iterator[Fault]:
    good = [key.verifies(note, line) for key in keys for line in key.signed(note)]
    if keys and not (good and all(good)):
        message = f"expected a signature of this text by a key of {given}, got {'a wrong one' if good else 'none'}"
        yield Fault("note-signature", paths.NOTE, message)


def _witness_faults(note: Note, keys: tuple[VerifierKey, ...], quorum: int | None, latest: int) -> Iterator[Fault]:
    quorum = len(keys) if quorum is None else quorum
    if not 0 < quorum <= len(keys):
        raise UsageError(f"--quorum: expected a number from 1 to {len(keys)}, the witnesses given, got {quorum}")
    missing = []
    for key in keys:
        lines = [line for line in key.signed(note) if line.time <= latest]
        good = [key.verifies(note, line) for line in lines]
        if good and not all(good):
            yield Fault("note-signature", paths.NOTE, f"the cosignature of {key.name} is not one of this text")
        if not (good and all(good)):
            missing.append(key.name)
    if len(keys) - len(missing) < quorum:
        message = f"{len(keys) - len(missing)} of {len(keys)} witnesses have cosigned, expected {quorum}; not: "
        yield Fault("witness-quorum", paths.NOTE, message + ", ".join(missing))


def witness_keys(given: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    """Verifier keys of witnesses: text, or files; UsageError for a key that is not of a witness."""
    keys = read_verifier_keys(given)
    for key in keys:
        if key.type != WITNESS:
            raise UsageError(f"{key.name}: expected the key of a witness (type 4), got type {key.type}")
    # One key under two names is one witness.
    return tuple({key.public: key for key in keys}.values())
