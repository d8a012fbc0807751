"""Who may sign: every form of allowed_signers that plain ssh-keygen takes, and keys judged at the time of the stamp."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed
from loomworks_record.bundle import paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import Report
from loomworks_record.bundle.seal import write_stamp
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.bundle.verify import verify_directory

NOW = sealed.ISSUED + 60  # 2027-01-15 08:01 UTC
YEARS_LATER = sealed.ISSUED + 9 * 365 * sealed.DAY


@pytest.fixture
def signed(small: sealed.Project, copy_of: Callable[[Path], Path], key: Path) -> Path:
    site = copy_of(small.site)
    stamp = parse_stamp((site / paths.STAMP).read_bytes())
    (site / paths.STAMP).unlink()
    write_stamp(site, stamp, key)
    return site


def check(site: Path, work: Path, text: str, key: Path, other: Path, now: int = NOW) -> Report:
    """``KEY`` and ``OTHER`` in the text stand for the public keys."""
    signers = work / "allowed_signers"
    for name, file in (("OTHER", other), ("KEY", key)):
        text = text.replace(name, " ".join(file.with_suffix(".pub").read_text().split()[:2]))
    signers.write_text(text)
    return verify_directory(site, Expectations(now, key=signers))


GOOD = {
    "first for git": 'me@example.org namespaces="git" KEY\nrecord namespaces="record-stamp" KEY\n',
    "first for the record": 'record namespaces="record-stamp" KEY\nme@example.org namespaces="git" KEY\n',
    "many lines": 'a namespaces="git" KEY\nb namespaces="file" KEY\nc OTHER\nd namespaces="record-*" KEY\n',
    "a principal with a blank": '"a b" KEY\n',
    "two quoted ones": '"a b,c d" KEY\n',
    "a principal like a type": "ssh-admin@example.org KEY\n",
    "another like a type": "ecdsa-sha2-nistp256@example.org KEY\nsk-me OTHER\n",
    "a comment with blanks before": "  # who may sign\n\t# more\nrecord KEY a comment\n",
    "a list of public keys": "OTHER\nKEY me@example.org\n",
    "both sorts of lines": 'record namespaces="git" KEY\nKEY\n',
    "tabs": 'record\tnamespaces="record-stamp"\tKEY\n',
    "patterns": "!bad@example.org,*@example.org KEY\n",
    "a list of namespaces": 'record namespaces="git,record-stamp" KEY\n',
    "no end of line": "record KEY",
    "empty lines and CRLF": "record KEY\r\n\r\n",
    "a window around the stamp": 'record valid-after="20270101Z",valid-before="20270201Z" KEY\n',
}
REFUSED = {
    "another's key": ("record OTHER\n", "signature-key"),
    "only for git": ('record namespaces="git" KEY\n', "signature-key"),
    "only as an authority": ("record cert-authority KEY\n", "signature-key"),
    "expired before": ('record valid-before="20270101Z" KEY\n', "signature-expired"),
    "not yet valid": ('record valid-after="20270201Z" KEY\n', "signature-expired"),
}


@pytest.mark.parametrize("form", GOOD)
def test_a_good_signature_is_taken(form: str, signed: Path, tmp_path: Path, key: Path, other_key: Path) -> None:
    found = check(signed, tmp_path, GOOD[form], key, other_key)
    assert not found.faults, found.faults


@pytest.mark.parametrize("form", REFUSED)
def test_a_key_that_may_not_sign(form: str, signed: Path, tmp_path: Path, key: Path, other_key: Path) -> None:
    text, reason = REFUSED[form]
    found = check(signed, tmp_path, text, key, other_key)
    assert found.exit_code == 5 and found.reasons <= {reason, "note-signature"} and reason in found.reasons


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Honolulu"])
def test_a_window_without_a_zone_is_in_utc(
    zone: str, signed: Path, tmp_path: Path, key: Path, other_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ssh-keygen reads it in the zone of whoever checks; the stamp is of 15 January, 08:00."""
    monkeypatch.setenv("TZ", zone)
    window = 'record valid-after="20270115",valid-before="202701151200" KEY\n'
    assert not check(signed, tmp_path, window, key, other_key).faults
    refused = check(signed, tmp_path, 'record valid-before="202701150700" KEY\n', key, other_key)
    assert "signature-expired" in refused.reasons


def test_a_key_that_expired_since_is_told_and_taken(signed: Path, tmp_path: Path, key: Path, other_key: Path) -> None:
    text = 'record valid-before="20270201Z" KEY\n'
    found = check(signed, tmp_path, text, key, other_key, YEARS_LATER)
    assert found.reasons == {"stamp-expired"}
    assert any("judged at the time" in note for note in found.notes)


def test_a_signature_without_an_end_of_line(signed: Path, tmp_path: Path, key: Path, other_key: Path) -> None:
    signature = (signed / paths.SIGNATURE).read_bytes()
    sealed.write(signed / paths.SIGNATURE, signature.rstrip(b"\n"))
    assert not check(signed, tmp_path, GOOD["patterns"], key, other_key).faults
    for damaged in (signature[:-30], b"\n" + signature, signature + b"x", b""):
        sealed.write(signed / paths.SIGNATURE, damaged)
        assert check(signed, tmp_path, "record KEY\n", key, other_key).reasons == {"signature-syntax"}


def test_other_bytes_under_a_good_key(signed: Path, tmp_path: Path, key: Path, other_key: Path) -> None:
    stamp = signed / paths.STAMP
    sealed.write(stamp, stamp.read_bytes().replace(b'"commit":null', b'"commit":"' + b"0" * 40 + b'"'))
    found = check(signed, tmp_path, GOOD["many lines"], key, other_key)
    assert found.exit_code == 5 and "signature-wrong" in found.reasons


@pytest.mark.parametrize("sort", ["rsa", "ecdsa"])
def test_other_sorts_of_keys(sort: str, signed: Path, tmp_path: Path, ssh_keygen: str) -> None:
    other = tmp_path / sort
    subprocess.run([ssh_keygen, "-q", "-t", sort, "-N", "", "-f", other], check=True)
    stamp = parse_stamp((signed / paths.STAMP).read_bytes())
    (signed / paths.STAMP).unlink()
    (signed / paths.SIGNATURE).unlink()
    write_stamp(signed, stamp, other)
    assert not check(signed, tmp_path, GOOD["first for git"], other, other).faults
