"""Who has signed a note: the log's key, and the witnesses that a reader asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loomworks_record.bundle import paths
from loomworks_record.bundle.faults import Fault
from loomworks_record.bundle.note import WITNESS, VerifierKey, read_verifier_keys, ssh_verifier_keys
from loomworks_record.bundle.note_text import Note
from loomworks_record.bundle.sshsig import allowed_signers
from loomworks_record.errors import UsageError


def signature_faults(
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
