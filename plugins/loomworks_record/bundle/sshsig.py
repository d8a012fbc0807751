"""SSH signatures over the stamp, made and checked by OpenSSH itself (``ssh-keygen -Y``; PROTOCOL.sshsig)."""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loomworks_record.bundle.faults import CheckError, Fault
from loomworks_record.errors import UsageError

NAMESPACE = "record-stamp"
PRINCIPAL = "record"

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
_KEY_TYPES = ("ssh-", "ecdsa-", "sk-")


def sign(data: bytes, key: Path) -> bytes:
    """The armoured signature of ``data`` with a private key (or a public one whose private half an agent holds)."""
    if not key.is_file():
        raise UsageError(f"{key}: no such signing key; give the path of a private key, or remove the option")
    answer = _ssh_keygen("sign", "-f", str(key), "-n", NAMESPACE, stdin=data)
    if answer.returncode != 0:
        said = answer.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise CheckError(f"{key}: ssh-keygen could not sign the stamp: {said[-1]}")
    return answer.stdout


def signature_faults(data: bytes, signature: bytes, key: Path, *, name: str) -> Iterator[Fault]:
    """``signature`` is one of ``data`` in our namespace by a key in ``key`` (a public key or allowed_signers)."""
    try:
        namespace = _namespace(signature)
    except ValueError as wrong:
        yield Fault("signature-syntax", name, str(wrong))
        return
    if namespace != NAMESPACE:
        yield Fault("signature-namespace", name, f"expected namespace {NAMESPACE!r}, got {namespace!r}")
        return
    with tempfile.TemporaryDirectory(prefix="record-verify-") as folder:
        signers, signed = Path(folder, "allowed_signers"), Path(folder, "signature")
        signers.write_text(allowed_signers(key), encoding="utf-8")
        signed.write_bytes(signature)
        found = _ssh_keygen("find-principals", "-f", str(signers), "-s", str(signed))
        principals = found.stdout.decode("utf-8", "replace").split()
        if found.returncode != 0 or not principals:
            yield Fault("signature-key", name, f"expected a signature by a key of {key.name}, got another's")
            return
        checked = _ssh_keygen(
            "verify", "-f", str(signers), "-I", principals[0], "-n", NAMESPACE, "-s", str(signed), stdin=data
        )
    if checked.returncode != 0:
        yield Fault("signature-wrong", name, "the signature is not one of the stamp as it is here")


def allowed_signers(key: Path) -> str:
    """The text of an allowed_signers file (ssh-keygen(1)) for a public key or such a file; UsageError otherwise."""
    try:
        text = key.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise UsageError(f"{key}: cannot be read as a public key or allowed_signers file ({wrong})") from wrong
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines or not all(any(word.startswith(_KEY_TYPES) for word in line.split()) for line in lines):
        raise UsageError(f"{key}: expected a public key (….pub) or an allowed_signers file")
    if lines[0].startswith(_KEY_TYPES):
        return "".join(f'{PRINCIPAL} namespaces="{NAMESPACE}" {line}\n' for line in lines)
    return "".join(f"{line}\n" for line in lines)


def _namespace(signature: bytes) -> str:
    lines = signature.decode("ascii", "replace").split("\n")
    if len(lines) < 4 or lines[0] != _BEGIN or lines[-2:] != [_END, ""]:
        raise ValueError(f"expected an armoured SSH signature, got {len(signature)} other bytes")
    text = "".join(lines[1:-2])
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ValueError(f"expected base64 inside the signature ({wrong})") from wrong
    # One signature has one text: base64 with bits to spare could be changed without being noticed.
    if not blob.startswith(_MAGIC) or base64.b64encode(blob).decode("ascii") != text:
        raise ValueError("expected the SSHSIG format inside the signature")
    rest = blob[len(_MAGIC) + 4 :]
    _, rest = _string(rest)
    namespace, _ = _string(rest)
    return namespace.decode("utf-8", "replace")


def _string(blob: bytes) -> tuple[bytes, bytes]:
    length = int.from_bytes(blob[:4], "big")
    if len(blob) < 4 + length:
        raise ValueError("the signature is cut short")
    return blob[4 : 4 + length], blob[4 + length :]


def _ssh_keygen(action: str, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Never ask for a passphrase in the middle of a build: an agent can hold the key.
    environment = dict(os.environ, SSH_ASKPASS_REQUIRE="never", LC_ALL="C")
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", action, *arguments],
            input=stdin, env=environment, capture_output=True, check=False, start_new_session=True,
        )  # fmt: skip
    except OSError as wrong:
        raise CheckError(f"ssh-keygen: cannot be run ({wrong.strerror}); install OpenSSH 8.2 or later") from wrong
