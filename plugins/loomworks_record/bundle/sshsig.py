"""SSH signatures over the stamp, made and checked by OpenSSH itself (``ssh-keygen -Y``; PROTOCOL.sshsig)."""

from __future__ import annotations

import base64
import datetime as dt
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loomworks_record.bundle.faults import CheckError, Fault
from loomworks_record.bundle.files import read_given
from loomworks_record.bundle.paths import said
from loomworks_record.endings import temporary_folder
from loomworks_record.errors import UsageError

NAMESPACE = "record-stamp"
PRINCIPAL = "record"

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
# A key as it stands in a file: its type and its base64. Principals may begin like a type.
_KEY = re.compile(
    r"(?<!\S)(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-\S+)(?:-cert-v01)?(?:@openssh\.com)?\s+AAAA"
)
_AUTHORITY = re.compile(r"(?:^|[\s,])cert-authority[\s,]", re.IGNORECASE)
_LAST_SECOND = 253_402_300_799  # of the year 9999
_PATIENCE = 120.0  # seconds that ssh-keygen may take


def sign(data: bytes, key: Path) -> bytes:
    """The armoured signature of ``data`` with a private key (or a public one whose private half an agent holds)."""
    if not key.is_file():
        raise UsageError(f"{key}: no such signing key; give the path of a private key, or remove the option")
    answer = _ssh_keygen("sign", "-f", str(key), "-n", NAMESPACE, stdin=data)
    if answer.returncode != 0:
        said = answer.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise CheckError(f"{key}: ssh-keygen could not sign the stamp: {said[-1]}")
    return answer.stdout


def signer(data: bytes, signature: bytes, key: Path, *, name: str, issued: int | None) -> str | Fault:
    """The principal of ``key`` (a public key or allowed_signers) who signed ``data`` in our namespace, or what is
    wrong.

    ``issued`` (seconds since 1970 UTC): when the data says that it was made; a key's window of validity is judged at
    that time, so that what was signed in it can be checked for ever. None: judged now.
    """
    try:
        namespace, own_key = _read(signature)
    except ValueError as wrong:
        return Fault("signature-syntax", name, str(wrong))
    if namespace != NAMESPACE:
        return Fault("signature-namespace", name, f"expected namespace {NAMESPACE!r}, got '{said(namespace)}'")
    at = () if issued is None else (f"-Overify-time={_local(issued)}",)
    known = False
    # Line by line: of several lines with one key, ssh-keygen names the first alone, whatever its namespaces.
    for line in _candidates(key, own_key):
        with _files(line, signature) as (signers, signed):
            for principal in _principals(signers, signed, at):
                known = True
                verify = ("-f", signers, "-I", principal, "-n", NAMESPACE, "-s", signed, *at)
                if _ssh_keygen("verify", *verify, stdin=data).returncode == 0:
                    return principal
    if not known:
        return _unknown(key, own_key, name, issued)
    with _files("", signature) as (_, signed):
        good = _ssh_keygen("check-novalidate", "-n", NAMESPACE, "-s", signed, stdin=data).returncode == 0
    if good:
        return Fault("signature-key", name, f"no line of {key.name} lets this key sign in namespace {NAMESPACE!r}")
    return Fault("signature-wrong", name, "the signature is not one of the stamp as it is here")


def signature_faults(data: bytes, signature: bytes, key: Path, *, name: str, issued: int | None) -> Iterator[Fault]:
    """What is wrong with a signature; see ``signer``."""
    found = signer(data, signature, key, name=name, issued=issued)
    if isinstance(found, Fault):
        yield found


def is_past(signature: bytes, key: Path, now: int) -> bool:
    """Whether no line of ``key`` lets the signer of a good signature sign any more at ``now``."""
    at = (f"-Overify-time={_local(now)}",)
    for line in _candidates(key, _read(signature)[1]):
        with _files(line, signature) as (signers, signed):
            if _principals(signers, signed, at):
                return False
    return True


def allowed_signers(key: Path) -> str:
    """The text of an allowed_signers file (ssh-keygen(1)) for a public key or such a file; UsageError otherwise."""
    try:
        text = read_given(key).decode()
    except (OSError, UnicodeDecodeError) as wrong:
        raise UsageError(f"{key}: cannot be read as a public key or allowed_signers file ({wrong})") from wrong
    lines = [line.strip() for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if not lines or not all(_KEY.search(line) for line in lines):
        raise UsageError(f"{key}: expected a public key (….pub) or an allowed_signers file")
    ours = f'{PRINCIPAL} namespaces="{NAMESPACE}" '
    return "".join(f"{ours if _KEY.match(line) else ''}{line}\n" for line in lines)


def _candidates(key: Path, own_key: bytes) -> list[str]:
    """The lines that may let a key sign: those that hold it, and those of authorities."""
    text = base64.b64encode(own_key).decode("ascii")
    return [line for line in allowed_signers(key).splitlines() if text in line or _AUTHORITY.search(line)]


@contextmanager
def _files(line: str, signature: bytes) -> Iterator[tuple[str, str]]:
    with temporary_folder("verify") as folder:
        signers, signed = Path(folder, "allowed_signers"), Path(folder, "signature")
        signers.write_text(f"{line}\n", encoding="utf-8")
        signed.write_bytes(signature.removesuffix(b"\n") + b"\n")
        yield str(signers), str(signed)


def _principals(signers: str, signed: str, at: tuple[str, ...]) -> list[str]:
    found = _ssh_keygen("find-principals", "-f", signers, "-s", signed, *at)
    lines = found.stdout.decode("utf-8", "replace").split("\n") if found.returncode == 0 else []
    return list(dict.fromkeys(filter(None, lines)))


def _unknown(key: Path, own_key: bytes, name: str, issued: int | None) -> Fault:
    """The signer has no line, or one that was not valid then."""
    if any(not _AUTHORITY.search(line) for line in _candidates(key, own_key)):
        when = "now" if issued is None else f"on {_utc(issued):%Y-%m-%d}, when the stamp was issued"
        message = f"the key of {key.name} was not valid {when}: it had expired, or not begun"
        return Fault("signature-expired", name, message)
    return Fault("signature-key", name, f"expected a signature by a key of {key.name}, got another's")


def _utc(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(min(seconds, _LAST_SECOND), dt.UTC)


def _local(seconds: int) -> str:
    # Without a zone: OpenSSH before 9.1 knows no "Z", and ssh-keygen is run in UTC.
    return f"{_utc(seconds):%Y%m%d%H%M%S}"


def _read(signature: bytes) -> tuple[str, bytes]:
    """The namespace and the public key that a signature names."""
    lines = signature.decode("ascii", "replace").removesuffix("\n").split("\n")
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ValueError(f"expected an armoured SSH signature, got {len(signature)} other bytes")
    text = "".join(lines[1:-1])
    try:
        blob = base64.b64decode(text, validate=True)
    except ValueError as wrong:
        raise ValueError(f"expected base64 inside the signature ({wrong})") from wrong
    # One signature has one text: base64 with bits to spare could be changed without being noticed.
    if not blob.startswith(_MAGIC) or base64.b64encode(blob).decode("ascii") != text:
        raise ValueError("expected the SSHSIG format inside the signature")
    rest = blob[len(_MAGIC) + 4 :]
    key, rest = _string(rest)
    namespace, _ = _string(rest)
    return namespace.decode("utf-8", "replace"), key


def _string(blob: bytes) -> tuple[bytes, bytes]:
    length = int.from_bytes(blob[:4], "big")
    if len(blob) < 4 + length:
        raise ValueError("the signature is cut short")
    return blob[4 : 4 + length], blob[4 + length :]


def _ssh_keygen(action: str, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Never ask for a passphrase in the middle of a build: an agent can hold the key.
    environment = dict(os.environ, SSH_ASKPASS_REQUIRE="never", LC_ALL="C", TZ="UTC")
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", action, *arguments],
            input=stdin, env=environment, capture_output=True, check=False, start_new_session=True,
            timeout=_PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        message = f"ssh-keygen: gave no answer in {_PATIENCE:.0f} seconds; does a key wait to be touched? Try again"
        raise CheckError(message) from None
    except OSError as wrong:
        raise CheckError(f"ssh-keygen: cannot be run ({wrong.strerror}); install OpenSSH 8.9 or later") from wrong
