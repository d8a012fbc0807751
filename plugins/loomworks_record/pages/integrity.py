"""The integrity page: how anyone checks this site, in plain words and commands to copy."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from msgspec import Struct

from loomworks_record.pages import addresses
from loomworks_record.pages.shell import Site
from loomworks_record.pages.wording import counted
from loomworks_record.source.document import Document


class IntegrityPage(Struct, frozen=True):
    """``verifier_key``: of the log's signed note. ``steps`` are (title, words, command), ``files`` (name, what it says,
    the same at every rebuild), ``exits`` (exit code of ``record verify``, what it means)."""

    logged: str
    verifier_key: str | None
    steps: tuple[tuple[str, str, str], ...]
    files: tuple[tuple[str, str, bool], ...]
    exits: tuple[tuple[int, str], ...]


EXITS = (
    (0, "All is well"),
    (1, "Content differs"),
    (2, "Wrong usage"),
    (3, "Stale, or the clock is wrong"),
    (4, "An older site than the one accepted before, or a rewritten log"),
    (5, "Signature"),
    (6, "Could not check"),
    (7, "Sources and site differ"),
)


def integrity_page(site: Site, logged: int, example: Document | None) -> IntegrityPage:
    """``logged`` versions are in the log; ``example`` is an archived document that has an entry, or None."""
    files = tuple(_files(site))
    return IntegrityPage(counted(logged, "version"), site.verifier_key, tuple(_steps(site, example)), files, EXITS)


def _steps(site: Site, example: Document | None) -> Iterator[tuple[str, str, str]]:
    url = site.origin_url.rstrip("/") or "https://record.example.org"
    yield (
        "Check the whole site",
        "Signature, clock, log, both roots, and that manifest and files are equal in both directions. "
        "It prints one line for each fault and ends with 0 when all is well.",
        f"record verify {url}",
    )
    if example:
        receipt = quote(f"{example.name}.receipt.json")
        yield (
            "Check one archived document, offline",
            "Beside sources and site: a receipt holds its log entry, the proof and the checkpoint. It stays "
            "valid years later.",
            f"record receipt {quote(example.path)} -o {receipt}\n"
            f"record verify --receipt {receipt} {quote('site/' + addresses.raw(example))}",
        )
    if site.signed:
        yield (
            "Check the signature with plain OpenSSH",
            "It needs nothing from this project.",
            "ssh-keygen -Y verify -f allowed_signers -I record -n record-stamp -s site/integrity/stamp.json.sig "
            "< site/integrity/stamp.json",
        )
    yield (
        "Compare the log with what somebody else was shown",
        "The same, grown, or forked: then it names the first entry that differs.",
        f"record log compare record.log.jsonl {url}",
    )
    yield (
        "Build it again and compare every byte",
        "The same commit gives the same bytes; times are kept in the stamp only.",
        "record verify site --rebuild",
    )
    yield (
        "Ask whether the sources have moved on",
        "It names each document that was added, changed or removed since the site was built.",
        f"record fresh --site {url}",
    )


def _files(site: Site) -> list[tuple[str, str, bool]]:
    files = [
        ("manifest-sha256.txt", "Digest of every published file", True),
        ("log.jsonl", "One line for each archived version, append-only", True),
        ("checkpoint", "Log size and Merkle root", True),
        ("provenance.json", "What it was built from, and with what", True),
        ("sources.txt", "Digest of every filed document and attachment", True),
        ("nginx.conf", "Headers and redirects for nginx", True),
        ("stamp.json", "Which of the above is current, and until when", False),
    ]
    if site.signed:
        files.append(("stamp.json.sig", "SSH signature over the stamp", False))
    if site.verifier_key:
        files.append(("verifier-key.txt", "The key of the signed note", True))
        files.append(("checkpoint.note", "The checkpoint as a C2SP signed note, which witnesses may cosign", False))
        files.append(("tlog/checkpoint", "The same note, where clients of C2SP tlog-tiles look for it", False))
    return files
