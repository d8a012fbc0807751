"""What can happen to a bundle: each operator does one thing to a copy of a site and says what must be found.

An operator takes a ``Case`` and returns ``(exit code, reason)``. Everything is derived from the site itself, so the
operators run on any sealed site. ``Case.write`` never touches the original, of which the copy is made of hard links.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import sealed
from loomworks_record.bundle import hosts, paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.log import ArchivedDocument, Log, append_filed, append_withdrawal, parse_log
from loomworks_record.bundle.manifest import (
    Addresses,
    accepted_addresses,
    addresses_of,
    content_digest,
    format_addresses,
    format_manifest,
    manifest_lines,
    parse_manifest,
)
from loomworks_record.bundle.merkle import tiles
from loomworks_record.bundle.note import WITNESS, VerifierKey, log_key, sign_note
from loomworks_record.bundle.provenance import Provenance, format_provenance, parse_provenance
from loomworks_record.bundle.seal import write_stamp
from loomworks_record.bundle.sshsig import sign
from loomworks_record.bundle.statements import (
    DAY,
    Checkpoint,
    Note,
    Stamp,
    checkpoint_of,
    issue,
    parse_checkpoint,
    parse_note,
    parse_stamp,
)
from msgspec.structs import replace

TINY = hosts.HostProfile("tiny", max_files=10, max_header_rules=5, max_redirects=1, max_redirect_line=1000)
Found = tuple[int, str]


@dataclass
class Case:
    """A copy of a sealed site, the chance of this run, and what the reader brings."""

    site: Path
    chance: random.Random
    key: Path
    other_key: Path
    now: int = 0
    last: bytes | None = None
    trusted: Path | None = None
    host: str | None = None
    addresses: Addresses | None = None
    witnesses: tuple[str, ...] = ()
    rebuild: Callable[[Path], None] | None = None
    digests: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digests = dict(parse_manifest(self.read(paths.MANIFEST), name="m").digests)
        self.now = self.now or self.stamp.sequence + 60

    @property
    def expected(self) -> Expectations:
        return Expectations(self.now, self.last, self.trusted, self.host, self.addresses, self.witnesses)

    @property
    def stamp(self) -> Stamp:
        return parse_stamp(self.read(paths.STAMP))

    @property
    def log(self) -> Log:
        return parse_log(self.read(paths.LOG))

    @property
    def provenance(self) -> Provenance:
        return parse_provenance(self.read(paths.PROVENANCE))

    def read(self, path: str) -> bytes:
        return (self.site / path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        sealed.write(self.site / path, data)

    def delete(self, path: str) -> None:
        (self.site / path).unlink()

    def pick(self, *, non_empty: bool = True) -> str:
        """A file outside integrity/ that is not a rule of the host, and is not among the archived ones."""
        found = [
            path
            for path in sorted(self.digests)
            if not path.startswith(("integrity/", "_")) and "/archive/" not in path and ".svg" not in path
        ]
        return self.chance.choice([path for path in found if not non_empty or self.read(path)])

    def archived(self) -> str:
        """The path (below raw/) of an archived document that the log vouches for."""
        return paths.RAW + self.chance.choice(sorted(path for path in self.log.in_force))

    def lines(self) -> list[bytes]:
        return self.read(paths.MANIFEST).splitlines(keepends=True)

    def led(self) -> list[str]:
        """The addresses that a redirect leads on."""
        return [unquote(line.split()[0]) for line in self.read(paths.REDIRECTS).decode().splitlines()]

    def relist(self, *, stamp: bool = True, addresses: bool = True) -> None:
        """Recompute what an attacker can: the addresses, provenance, manifest, checkpoint as they are, and the stamp
        unsigned."""
        if addresses and (self.site / paths.ADDRESSES).is_file():
            self.write(paths.ADDRESSES, format_addresses(addresses_of(sealed.tree(self.site), self.led())))
        files = {path: digest for path, digest in sealed.tree(self.site).items() if path not in paths.NOT_LISTED}
        if paths.PROVENANCE in files:
            content = content_digest(manifest_lines(files))
            self.write(paths.PROVENANCE, format_provenance(replace(self.provenance, content=content)))
            files[paths.PROVENANCE] = sealed.tree(self.site / paths.FOLDER)["provenance.json"]
        self.list_as(files)
        if stamp:
            self.restamp()

    def list_as(self, digests: dict[str, str]) -> None:
        self.write(paths.MANIFEST, format_manifest(digests))

    def restamp(self, **changed: object) -> None:
        """A new stamp, unsigned, of the manifest and checkpoint as they are now."""
        before = self.stamp
        fresh = issue(
            manifest=self.read(paths.MANIFEST),
            checkpoint=self.read(paths.CHECKPOINT),
            sources=before.sources,
            commit=before.commit,
            issued=before.sequence + 1,
        )
        self.write(paths.STAMP, bytes(replace(fresh, **changed)))  # type: ignore[arg-type]

    def rewrite_log(self, data: bytes) -> None:
        """Another log, with checkpoint, provenance, manifest and stamp to match."""
        self.write(paths.LOG, data)
        leaves = data.split(b"\n")[:-1]
        checkpoint = checkpoint_of(parse_checkpoint(self.read(paths.CHECKPOINT)).origin, leaves)
        self.write(paths.CHECKPOINT, bytes(checkpoint))
        shutil.rmtree(self.site / paths.TLOG, ignore_errors=True)  # an empty log has no tiles
        for path, tile in tiles(leaves).items():
            self.write(paths.TLOG + path, tile)
        digest, root = hashlib.sha256(data).hexdigest(), checkpoint.root.hex()
        self.write(paths.PROVENANCE, format_provenance(replace(self.provenance, log=digest, log_root=root)))
        self.relist()

    def accept(self) -> None:
        """The reader has accepted this bundle as it is now."""
        self.last = self.read(paths.STAMP)
        self.addresses = accepted_addresses(self.site / paths.FOLDER)

    def sign(self) -> None:
        """The bundle is signed, and the reader knows the key."""
        self.write(paths.SIGNATURE, sign(self.read(paths.STAMP), self.key))
        self.trusted = self.key.with_suffix(".pub")


Operator = Callable[[Case], Found]
OPERATORS: dict[str, Operator] = {}


def operator(function: Operator) -> Operator:
    OPERATORS[function.__name__] = function
    return function


# Files


@operator
def flip_a_bit(case: Case) -> Found:
    path = case.pick()
    data = bytearray(case.read(path))
    data[case.chance.randrange(len(data))] ^= 1 << case.chance.randrange(8)
    case.write(path, bytes(data))
    return 1, "file-differs"


@operator
def truncate_a_file(case: Case) -> Found:
    path = case.pick()
    data = case.read(path)
    case.write(path, data[: case.chance.randrange(len(data))])
    return 1, "file-differs"


@operator
def append_to_a_file(case: Case) -> Found:
    path = case.pick()
    case.write(path, case.read(path) + case.chance.randbytes(case.chance.randrange(1, 50)) + b"x")
    return 1, "file-differs"


@operator
def swap_two_files(case: Case) -> Found:
    one = case.pick()
    other = case.chance.choice([path for path in sorted(case.digests) if case.digests[path] != case.digests[one]])
    first, second = case.read(one), case.read(other)
    case.write(one, second)
    case.write(other, first)
    return (1, "file-differs") if other != paths.LOG else (4, "file-differs")


@operator
def delete_a_file(case: Case) -> Found:
    case.delete(case.pick(non_empty=False))
    return 1, "file-missing"


@operator
def empty_a_file(case: Case) -> Found:
    case.write(case.pick(), b"")
    return 1, "file-differs"


@operator
def add_a_file(case: Case) -> Found:
    folder = str(Path(case.pick(non_empty=False)).parent)
    case.write(f"{folder}/added-{case.chance.randrange(1000)}.html", b"<p>never filed</p>")
    return 1, "file-unlisted"


@operator
def add_a_file_beside_the_stamp(case: Case) -> Found:
    case.write(f"integrity/{case.chance.choice(('stamp.json.old', 'checkpoint2', 'x'))}", b"x")
    return 1, "file-unlisted"


@operator
def add_a_hidden_file(case: Case) -> Found:
    case.write(case.chance.choice((".htaccess", "view/.DS_Store", "view/.git/config")), b"x")
    return 1, "path-dropped"


@operator
def symlink_in_place_of_a_file(case: Case) -> Found:
    path = case.pick()
    case.write("../elsewhere", case.read(path))
    case.delete(path)
    (case.site / path).symlink_to(case.site.parent / "elsewhere")
    return 1, "file-not-regular"


@operator
def symlink_in_place_of_a_folder(case: Case) -> Found:
    folder = case.site / case.chance.choice(("view", "raw", "assets"))
    shutil.move(folder, case.site.parent / "moved")
    folder.symlink_to(case.site.parent / "moved", target_is_directory=True)
    return 1, "file-not-regular"


@operator
def dangling_symlink_added(case: Case) -> Found:
    (case.site / "view" / "dangling.html").symlink_to("nowhere")
    return 1, "file-not-regular"


@operator
def pipe_in_place_of_a_file(case: Case) -> Found:
    path = case.pick()
    case.delete(path)
    os.mkfifo(case.site / path)
    return 1, "file-not-regular"


@operator
def folder_in_place_of_a_file(case: Case) -> Found:
    path = case.pick()
    case.delete(path)
    (case.site / path).mkdir()
    return 1, "file-missing"


@operator
def rename_a_file(case: Case) -> Found:
    path = case.pick(non_empty=False)
    (case.site / path).rename(case.site / f"{path}.bak")
    return 1, "file-unlisted"


@operator
def rename_a_file_to_other_case(case: Case) -> Found:
    path = case.pick(non_empty=False)
    folder, _, name = path.rpartition("/")
    (case.site / path).rename(case.site / folder / name.swapcase())
    return 1, "file-missing"


@operator
def rename_a_folder_to_nfd(case: Case) -> Found:
    name = case.chance.choice([path for path in sorted(case.digests) if not path.isascii()])
    parts = name.split("/")
    at = next(position for position, part in enumerate(parts) if not part.isascii())
    before, after = "/".join(parts[: at + 1]), "/".join((*parts[:at], unicodedata.normalize("NFD", parts[at])))
    (case.site / before).rename(case.site / after)
    return 1, "path-not-nfc"


@operator
def checkout_with_autocrlf(case: Case) -> Found:
    for path in case.digests:
        data = case.read(path)
        if b"\0" not in data and not path.startswith("integrity/"):
            case.write(path, data.replace(b"\n", b"\r\n"))
    return 1, "file-line-endings"


@operator
def checkout_with_autocrlf_of_everything(case: Case) -> Found:
    for path in sealed.tree(case.site):
        data = case.read(path)
        if b"\0" not in data:
            case.write(path, data.replace(b"\n", b"\r\n"))
    return 4, "manifest-line-endings"  # the log and the checkpoint are no longer what they were, either


# The manifest


@operator
def manifest_line_removed(case: Case) -> Found:
    lines = case.lines()
    del lines[case.chance.randrange(len(lines))]
    case.write(paths.MANIFEST, b"".join(lines))
    return 1, "file-unlisted"


@operator
def manifest_line_and_file_removed(case: Case) -> Found:
    path = case.pick(non_empty=False)
    case.delete(path)
    case.list_as({other: digest for other, digest in case.digests.items() if other != path})
    return 1, "stamp-manifest"


@operator
def manifest_line_and_file_removed_and_stamped(case: Case) -> Found:
    path = case.pick(non_empty=False)
    case.delete(path)
    case.list_as({other: digest for other, digest in case.digests.items() if other != path})
    case.restamp()
    return 1, "provenance-content"


@operator
def manifest_line_duplicated(case: Case) -> Found:
    lines = case.lines()
    at = case.chance.randrange(len(lines))
    lines.insert(case.chance.choice((at, len(lines))), lines[at])
    case.write(paths.MANIFEST, b"".join(lines))
    return 1, "manifest-duplicate"


@operator
def manifest_lists_a_path_with_two_digests(case: Case) -> Found:
    lines = case.lines()
    at = case.chance.randrange(len(lines))
    lines.insert(at, b"0" * 64 + lines[at][64:])
    case.write(paths.MANIFEST, b"".join(lines))
    return 1, "manifest-duplicate"


@operator
def manifest_with_crlf(case: Case) -> Found:
    case.write(paths.MANIFEST, case.read(paths.MANIFEST).replace(b"\n", b"\r\n"))
    return 1, "manifest-line-endings"


@operator
def manifest_with_bom(case: Case) -> Found:
    case.write(paths.MANIFEST, b"\xef\xbb\xbf" + case.read(paths.MANIFEST))
    return 1, "manifest-encoding"


@operator
def manifest_in_latin_1(case: Case) -> Found:
    case.write(paths.MANIFEST, case.read(paths.MANIFEST).decode().encode("latin-1"))
    return 1, "manifest-encoding"


@operator
def manifest_with_upper_case_hex(case: Case) -> Found:
    lines = case.lines()
    at = case.chance.randrange(len(lines))
    lines[at] = lines[at][:64].upper() + lines[at][64:]
    case.write(paths.MANIFEST, b"".join(lines))
    return 1, "manifest-hex"


@operator
def manifest_reordered(case: Case) -> Found:
    lines = case.lines()
    at = case.chance.randrange(len(lines) - 1)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    case.write(paths.MANIFEST, b"".join(lines))
    case.restamp()
    return 1, "manifest-order"


@operator
def manifest_emptied(case: Case) -> Found:
    case.write(paths.MANIFEST, case.chance.choice((b"", b"\n", b"\r\n\n")))
    return 6, "manifest-empty"


@operator
def manifest_emptied_and_stamped(case: Case) -> Found:
    case.write(paths.MANIFEST, b"")
    case.restamp()
    return 6, "manifest-empty"


@operator
def manifest_deleted(case: Case) -> Found:
    case.delete(paths.MANIFEST)
    return 6, "manifest-missing"


@operator
def manifest_cut_short(case: Case) -> Found:
    data = case.read(paths.MANIFEST)
    case.write(paths.MANIFEST, data[: -case.chance.randrange(1, 60)])
    return 1, "manifest-syntax"


@operator
def manifest_cut_at_a_line(case: Case) -> Found:
    lines = case.lines()
    case.write(paths.MANIFEST, b"".join(lines[: case.chance.randrange(1, len(lines))]))
    return 1, "file-unlisted"


@operator
def manifest_oversized(case: Case) -> Found:
    case.write(paths.MANIFEST, case.read(paths.MANIFEST))
    os.truncate(case.site / paths.MANIFEST, 64 * 1024 * 1024 + case.chance.randrange(1, 9999))
    return 6, "manifest-oversized"


@operator
def manifest_with_a_climbing_path(case: Case) -> Found:
    case.write("../outside", b"x")
    inside = case.chance.choice(("../outside", "view/../../outside", "./index.html", "view//x"))
    lines = [*case.lines(), f"{'0' * 64}  {inside}\n".encode()]
    case.write(paths.MANIFEST, b"".join(sorted(lines, key=lambda line: line[66:])))
    return 1, "path-unsafe"


@operator
def manifest_with_an_absolute_path(case: Case) -> Found:
    absolute = case.chance.choice(("/etc/hostname", "//host/x", "C:\\x"))
    case.write(paths.MANIFEST, case.read(paths.MANIFEST) + f"{'0' * 64}  {absolute}\n".encode())
    return 1, "path-unsafe"


@operator
def manifest_lists_itself(case: Case) -> Found:
    case.list_as(case.digests | {case.chance.choice(sorted(paths.NOT_LISTED)): "0" * 64})
    return 1, "manifest-excluded"


@operator
def manifest_in_binary_mode(case: Case) -> Found:
    case.write(paths.MANIFEST, case.read(paths.MANIFEST).replace(b"  ", b" *", 1))
    return 1, "manifest-syntax"


@operator
def manifest_names_another_digest(case: Case) -> Found:
    path = case.pick(non_empty=False)
    case.list_as(case.digests | {path: case.chance.randbytes(32).hex()})
    return 1, "file-differs"


@operator
def manifest_is_a_symlink(case: Case) -> Found:
    case.write("../manifest", case.read(paths.MANIFEST))
    case.delete(paths.MANIFEST)
    (case.site / paths.MANIFEST).symlink_to(case.site.parent / "manifest")
    return 6, "manifest-missing"


@operator
def a_folder_in_place_of_the_stamp(case: Case) -> Found:
    case.delete(paths.STAMP)
    (case.site / paths.STAMP).mkdir()
    return 1, "stamp-missing"


@operator
def a_pipe_in_place_of_an_integrity_file(case: Case) -> Found:
    path = case.chance.choice((paths.PROVENANCE, paths.SOURCES, paths.HEADERS_COPY))
    case.delete(path)
    os.mkfifo(case.site / path)
    return 1, "file-not-regular"


@operator
def a_name_that_moves_the_cursor(case: Case) -> Found:
    case.write("view/\x1b[2Kpage.html", b"x")
    return 1, "path-unsafe"


@operator
def a_name_that_is_no_text(case: Case) -> Found:
    os.close(os.open(os.fsencode(case.site) + b"/view/\xff.html", os.O_CREAT | os.O_WRONLY))
    return 1, "path-unsafe"


@operator
def edited_and_listed_anew(case: Case) -> Found:
    path = case.pick()
    case.write(path, case.read(path) + b"<p>slipped in</p>")
    case.relist(stamp=False)
    return 1, "stamp-manifest"


# Names and hosts (an attacker, or a careless build, has listed and stamped them well)


@operator
def names_that_collide_by_case(case: Case) -> Found:
    path = case.pick()
    folder, slash, name = path.rpartition("/")
    case.write(folder + slash + name.swapcase(), case.read(path))
    case.relist()
    return 1, "path-collision"


@operator
def names_that_collide_by_unicode_form(case: Case) -> Found:
    case.write("view/größe.html", b"one")
    case.write(f"view/{unicodedata.normalize('NFD', 'größe')}.html", b"two")
    case.relist()
    return 1, case.chance.choice(("path-collision", "path-not-nfc"))


@operator
def a_name_that_hosts_drop(case: Case) -> Found:
    name = case.chance.choice((".git/config", "node_modules/x.js", "view/.hidden.html", "view/page.html~"))
    case.write(name, b"x")
    case.relist()
    return 1, "path-dropped"


@operator
def a_name_that_cloudflare_takes_for_itself(case: Case) -> Found:
    case.write(case.chance.choice(("_worker.js", "_routes.json", "functions/x.js")), b"x")
    case.relist()
    case.host = case.chance.choice(("cloudflare-free", "cloudflare-paid"))
    return 1, "path-dropped"


@operator
def two_files_at_one_address(case: Case) -> Found:
    case.write("raw/thing.html", b"one")
    case.write("raw/thing", b"two")
    case.relist()
    case.host = "cloudflare-free"
    return 1, "path-shadowed"


@operator
def more_files_than_the_host_takes(case: Case) -> Found:
    case.host = TINY.name
    return 1, "host-files"


@operator
def a_file_larger_than_the_host_takes(case: Case) -> Found:
    path = case.pick()
    case.write(path, case.read(path))
    os.truncate(case.site / path, 25 * 1024 * 1024 + 1)
    case.host = "cloudflare-free"
    return 1, "host-size"


@operator
def more_header_rules_than_the_host_takes(case: Case) -> Found:
    case.host = TINY.name
    return 1, "host-headers"


@operator
def a_redirect_longer_than_the_host_takes(case: Case) -> Found:
    line = b"/old /" + b"x" * case.chance.randrange(1000, 1200) + b" 301\n"
    for path in (paths.REDIRECTS, paths.REDIRECTS_COPY):
        case.write(path, case.read(path) + line)
    case.relist()
    case.host = "cloudflare-paid"
    return 1, "host-redirects"


@operator
def not_found_page_gone(case: Case) -> Found:
    case.delete(paths.NOT_FOUND)
    case.relist()
    return 1, "page-required"


@operator
def home_page_gone(case: Case) -> Found:
    case.delete("index.html")
    case.relist()
    return 1, "page-required"


@operator
def a_rule_that_readers_are_not_shown(case: Case) -> Found:
    case.write(paths.HEADERS, case.read(paths.HEADERS).replace(b"no-cache", b"max-age=99999"))
    case.relist()
    return 1, "rules-copy"


@operator
def an_immutable_asset_with_another_content(case: Case) -> Found:
    path = case.chance.choice([path for path in sorted(case.digests) if path.startswith("assets/record/")])
    case.write(path, case.read(path) + b"/* more */")
    case.relist()
    return 1, "asset-name"


# Addresses


@operator
def an_address_left_out_of_the_list(case: Case) -> Found:
    lines = case.read(paths.ADDRESSES).splitlines(keepends=True)
    lines.pop(case.chance.randrange(len(lines)))
    case.write(paths.ADDRESSES, b"".join(lines))
    case.relist(addresses=False)
    return 1, "addresses-differ"


@operator
def an_address_made_up(case: Case) -> Found:
    lines = [*case.read(paths.ADDRESSES).splitlines(keepends=True), b"/view/made-up-v0_1.md.html\n"]
    case.write(paths.ADDRESSES, b"".join(sorted(lines)))
    case.relist(addresses=False)
    return 1, "addresses-differ"


@operator
def list_of_addresses_deleted(case: Case) -> Found:
    case.delete(paths.ADDRESSES)
    case.relist()
    return 1, "page-required"


@operator
def an_address_gone_since_it_was_accepted(case: Case) -> Found:
    case.accept()
    pages = [path for path in sorted(case.digests) if path.startswith("view/") and f"/{path}" not in case.led()]
    case.delete(case.chance.choice(pages))
    case.relist()
    return 1, "address-gone"


@operator
def a_redirect_gone_since_it_was_accepted(case: Case) -> Found:
    case.accept()
    assert case.addresses is not None
    case.addresses = {**case.addresses, "/an/earlier-name": ""}
    case.relist()
    return 1, "address-gone"


# Generations and the clock


@operator
def a_whole_older_bundle(case: Case) -> Found:
    before = {path: case.read(path) for path in (paths.STAMP, paths.MANIFEST)}
    case.restamp(sequence=case.stamp.sequence + case.chance.randrange(1, 99), expires=case.now + 30 * DAY)
    case.accept()
    for path, data in before.items():
        case.write(path, data)
    return 4, "rollback"


@operator
def a_new_stamp_with_an_old_page(case: Case) -> Found:
    path = case.pick()
    old = case.read(path)
    case.write(path, old + b"<p>newer</p>")
    case.relist()
    case.write(path, old)
    return 1, "file-differs"


@operator
def an_old_stamp_with_a_new_page(case: Case) -> Found:
    path, old = case.pick(), case.read(paths.STAMP)
    case.write(path, case.read(path) + b"<p>newer</p>")
    case.relist()
    case.write(paths.STAMP, old)
    return 1, "stamp-manifest"


@operator
def an_old_manifest_and_page_with_a_new_stamp(case: Case) -> Found:
    path = case.pick()
    before = {name: case.read(name) for name in (path, paths.MANIFEST, paths.PROVENANCE)}
    case.write(path, case.read(path) + b"<p>newer</p>")
    case.relist()
    for name, data in before.items():
        case.write(name, data)
    return 1, "stamp-manifest"


@operator
def expired(case: Case) -> Found:
    case.now = case.stamp.expires + case.chance.randrange(0, 10 * DAY)
    return 3, "stamp-expired"


@operator
def issued_in_the_future(case: Case) -> Found:
    case.now = case.stamp.sequence - case.chance.randrange(301, 10 * DAY)
    return 3, "stamp-future"


@operator
def clock_set_back(case: Case) -> Found:
    case.accept()
    case.now = case.stamp.sequence - case.chance.randrange(301, 10 * DAY)
    return 3, "clock-set-back"


@operator
def expires_before_it_was_issued(case: Case) -> Found:
    case.restamp(expires=case.stamp.sequence - case.chance.randrange(0, DAY))
    return 3, "stamp-period"


@operator
def another_stamp_of_the_same_sequence(case: Case) -> Found:
    case.accept()
    path = case.pick()
    case.write(path, case.read(path) + b"x")
    before = case.stamp.sequence
    case.relist()
    case.write(paths.STAMP, bytes(replace(case.stamp, sequence=before)))
    return (4, "sequence-reused") if "assets/record/" not in path else (4, "asset-name")


@operator
def stamp_deleted(case: Case) -> Found:
    case.delete(paths.STAMP)
    return 1, "stamp-missing"


@operator
def stamp_in_another_form(case: Case) -> Found:
    data = case.read(paths.STAMP)
    changed = (data + b"\n", data.replace(b":", b": "), data[:-9], b"", data.replace(b"stamp/1", b"stamp/2"))
    case.write(paths.STAMP, case.chance.choice(changed))
    return 1, "stamp-syntax"


@operator
def stamp_of_another_checkpoint(case: Case) -> Found:
    case.restamp(checkpoint=case.chance.randbytes(32).hex())
    return 1, "stamp-checkpoint"


@operator
def stamp_of_other_sources(case: Case) -> Found:
    case.restamp(sources=case.chance.randbytes(32).hex())
    return 1, "stamp-sources"


@operator
def stamp_of_another_commit(case: Case) -> Found:
    case.restamp(commit=case.chance.randbytes(20).hex())
    return 1, "stamp-commit"


# The archive and the log


@operator
def archived_source_edited_and_listed_anew(case: Case) -> Found:
    path = case.archived()
    case.write(path, case.read(path).replace(b".", b"!", 1))
    case.relist()
    return 1, "archive-differs"


@operator
def archived_source_edited_and_all_recomputed(case: Case) -> Found:
    case.accept()
    path = case.archived()
    case.write(path, case.read(path) + b"Added later.\n")
    entry = case.log.in_force[path.removeprefix(paths.RAW)]
    changed = replace(entry, sha256=sealed.tree((case.site / path).parent)[Path(path).name], bytes=entry.bytes + 13)
    entries = [changed if each == entry else each for each in case.log.entries]
    case.rewrite_log(bytes(Log(tuple(entries))))
    return 4, "log-not-extended"


@operator
def archived_source_removed_and_listed_anew(case: Case) -> Found:
    case.delete(case.archived())
    case.relist()
    return 1, "archive-missing"


def _filed(case: Case) -> str:
    """The path (below raw/) of a filed file that no log entry vouches for."""
    sources = parse_manifest(case.read(paths.SOURCES), name="s").digests
    return case.chance.choice([paths.RAW + path for path in sorted(sources) if "/archive/" not in path])


@operator
def filed_file_edited_and_listed_anew(case: Case) -> Found:
    path = _filed(case)
    case.write(path, case.read(path) + b"a sentence that nobody filed\n")
    case.relist()
    return 1, "source-differs"


@operator
def filed_file_removed_and_listed_anew(case: Case) -> Found:
    case.delete(_filed(case))
    case.relist()
    return 1, "source-missing"


@operator
def filed_file_added_and_listed_anew(case: Case) -> Found:
    case.write("raw/nobody-filed-this-v0_1.md", b"# Slipped in\n")
    case.relist()
    return 1, "source-unlisted"


@operator
def withdrawn_document_still_published(case: Case) -> Found:
    path = case.archived().removeprefix(paths.RAW)
    case.rewrite_log(bytes(append_withdrawal(case.log, path, "a secret")))
    return 1, "withdrawn-published"


@operator
def log_entry_replaced(case: Case) -> Found:
    case.accept()
    entries = list(case.log.entries)
    at = case.chance.randrange(len(entries))
    entries[at] = replace(entries[at], date="1999-01-01")
    case.rewrite_log(bytes(Log(tuple(entries))))
    return 4, "log-not-extended"


def _with_filing(case: Case, when: str) -> Log:
    entry = case.chance.choice(case.log.entries)
    document = ArchivedDocument(
        entry.path.replace("archive/", ""), entry.version, entry.date, entry.sha256, entry.bytes
    )
    return append_filed(case.log, [(document, when, "git")])


@operator
def a_filing_moved_to_another_day(case: Case) -> Found:
    case.rewrite_log(bytes(_with_filing(case, "2026-05-12T10:00:00Z")))
    case.accept()
    *entries, filing = case.log.entries
    case.rewrite_log(bytes(Log((*entries, replace(filing, filed="2026-05-11T10:00:00Z")))))
    return 4, "log-not-extended"


@operator
def a_filing_taken_out(case: Case) -> Found:
    case.rewrite_log(bytes(_with_filing(case, "2026-05-12")))
    case.accept()
    case.rewrite_log(bytes(Log(case.log.entries[:-1])))
    return 4, "log-not-extended"


@operator
def a_filing_told_twice(case: Case) -> Found:
    log = _with_filing(case, "2026-05-12")
    again = replace(log.entries[-1], sequence=len(log.entries), filed="2026-05-13")
    case.rewrite_log(bytes(Log((*log.entries, again))))
    return 4, "log-entry"


@operator
def a_filing_without_its_time(case: Case) -> Found:
    log = _with_filing(case, "2026-05-12")
    case.rewrite_log(bytes(Log((*log.entries[:-1], replace(log.entries[-1], filed=None)))))
    return 4, "log-syntax"


@operator
def log_lines_swapped(case: Case) -> Found:
    leaves = list(case.log.leaves)
    one, other = case.chance.sample(range(len(leaves)), 2)
    leaves[one], leaves[other] = leaves[other], leaves[one]
    case.rewrite_log(b"".join(leaf + b"\n" for leaf in leaves))
    return 4, "log-sequence"


@operator
def log_reordered_and_renumbered(case: Case) -> Found:
    case.accept()
    entries = list(case.log.entries)
    entries = entries[1:] + entries[:1]
    case.rewrite_log(bytes(Log(tuple(replace(entry, sequence=at) for at, entry in enumerate(entries)))))
    return 4, "log-not-extended"


@operator
def log_truncated(case: Case) -> Found:
    case.accept()
    case.rewrite_log(bytes(Log(case.log.entries[: -case.chance.randrange(1, len(case.log.entries))])))
    return 4, "log-not-extended"


@operator
def log_emptied(case: Case) -> Found:
    case.accept()
    case.rewrite_log(b"")
    return 4, "log-not-extended"


@operator
def log_forked(case: Case) -> Found:
    extra = replace(case.log.entries[-1], sequence=len(case.log.entries), path="archive/a.md", sha256="1" * 64)
    other = replace(extra, path="archive/b.md")
    before = case.read(paths.LOG)
    case.rewrite_log(before + extra.leaf + b"\n")
    case.accept()
    case.rewrite_log(before + other.leaf + b"\n")
    return 4, "log-not-extended"


@operator
def log_entry_twice(case: Case) -> Found:
    again = replace(case.chance.choice(case.log.entries), sequence=len(case.log.entries))
    case.rewrite_log(case.read(paths.LOG) + again.leaf + b"\n")
    return 4, "log-entry"


@operator
def log_cut_inside_a_line(case: Case) -> Found:
    case.write(paths.LOG, case.read(paths.LOG)[: -case.chance.randrange(1, 40)])
    case.relist()
    return 4, "log-syntax"


@operator
def log_in_another_form(case: Case) -> Found:
    case.rewrite_log(case.read(paths.LOG).replace(b'":', b'": '))
    return 4, "log-syntax"


@operator
def log_deleted(case: Case) -> Found:
    case.delete(paths.LOG)
    case.relist()
    return 4, "log-missing"


@operator
def same_size_with_another_root(case: Case) -> Found:
    checkpoint = parse_checkpoint(case.read(paths.CHECKPOINT))
    case.write(paths.CHECKPOINT, bytes(replace(checkpoint, root=case.chance.randbytes(32))))
    case.restamp()
    return 4, "log-root"


@operator
def checkpoint_of_another_size(case: Case) -> Found:
    checkpoint = parse_checkpoint(case.read(paths.CHECKPOINT))
    case.write(paths.CHECKPOINT, bytes(replace(checkpoint, size=checkpoint.size + case.chance.randrange(1, 9))))
    case.restamp()
    return 4, "log-size"


@operator
def checkpoint_of_another_origin(case: Case) -> Found:
    checkpoint = parse_checkpoint(case.read(paths.CHECKPOINT))
    case.write(paths.CHECKPOINT, bytes(replace(checkpoint, origin="other.example")))
    case.restamp()
    return 4, "checkpoint-origin"


@operator
def checkpoint_in_another_form(case: Case) -> Found:
    data = case.read(paths.CHECKPOINT)
    case.write(paths.CHECKPOINT, case.chance.choice((data + b"\n", data[:-1], data[:-9], b"", data.replace(b"=", b""))))
    case.restamp()
    return 4, "checkpoint-syntax"


@operator
def checkpoint_deleted(case: Case) -> Found:
    case.delete(paths.CHECKPOINT)
    return 1, "checkpoint-missing"


@operator
def checkpoint_edited_and_not_stamped(case: Case) -> Found:
    checkpoint = parse_checkpoint(case.read(paths.CHECKPOINT))
    case.write(paths.CHECKPOINT, bytes(Checkpoint(checkpoint.origin, checkpoint.size, bytes(32))))
    return 4, "stamp-checkpoint"


# The provenance


@operator
def provenance_of_another_content(case: Case) -> Found:
    _provenance(case, content=case.chance.randbytes(32).hex())
    return 1, "provenance-content"


@operator
def provenance_of_another_log(case: Case) -> Found:
    _provenance(case, log_root=case.chance.randbytes(32).hex())
    return 4, "provenance-log"


@operator
def provenance_of_other_sources(case: Case) -> Found:
    _provenance(case, sources=case.chance.randbytes(32).hex())
    return 1, "provenance-sources"


@operator
def provenance_in_another_form(case: Case) -> Found:
    data = case.read(paths.PROVENANCE)
    changed = (data[:-1], data[:-20], b"{}\n", data.replace(b"sources", b"sauces"))
    case.write(paths.PROVENANCE, case.chance.choice(changed))
    case.list_as(case.digests | {paths.PROVENANCE: sealed.tree(case.site / paths.FOLDER)["provenance.json"]})
    case.restamp()
    return 1, "provenance-syntax"


@operator
def sources_list_edited(case: Case) -> Found:
    lines = case.read(paths.SOURCES).splitlines(keepends=True)
    del lines[case.chance.randrange(len(lines))]
    case.write(paths.SOURCES, b"".join(lines))
    case.relist()
    return 1, "provenance-sources"


# The signature


@operator
def not_signed(case: Case) -> Found:
    case.trusted = case.key.with_suffix(".pub")
    return 5, "signature-missing"


@operator
def signed_by_another_key(case: Case) -> Found:
    case.sign()
    case.trusted = case.other_key.with_suffix(".pub")
    return 5, "signature-key"


@operator
def signed_for_another_namespace(case: Case) -> Found:
    _sign_as(case, "file", case.read(paths.STAMP))
    return 5, "signature-namespace"


@operator
def signature_of_another_file(case: Case) -> Found:
    _sign_as(case, "record-stamp", case.read(paths.MANIFEST))
    return 5, "signature-wrong"


@operator
def signature_damaged(case: Case) -> Found:
    case.sign()
    lines = case.read(paths.SIGNATURE).splitlines()
    del lines[case.chance.randrange(len(lines))]
    case.write(paths.SIGNATURE, b"\n".join(lines[: case.chance.randrange(2, 4)]))
    return 5, "signature-syntax"


@operator
def edited_and_all_recomputed_but_the_signature(case: Case) -> Found:
    case.sign()
    path = case.pick()
    case.write(path, case.read(path) + b"<p>slipped in</p>")
    case.relist()
    return 5, "signature-wrong"


@operator
def stamp_prolonged_but_not_signed(case: Case) -> Found:
    case.sign()
    case.write(paths.STAMP, bytes(replace(case.stamp, expires=case.stamp.expires + 365 * DAY)))
    return 5, "signature-wrong"


@operator
def an_older_signed_bundle(case: Case) -> Found:
    case.sign()
    older = {path: case.read(path) for path in (paths.STAMP, paths.SIGNATURE)}
    case.restamp()
    case.accept()
    for path, data in older.items():
        case.write(path, data)
    return 4, "rollback"


# The sources


@operator
def the_sources_make_another_page(case: Case) -> Found:
    path = case.pick()
    case.rebuild = _rebuild(case, lambda site: sealed.write(site / path, b"other"))
    return 7, "rebuild-differs"


@operator
def the_sources_do_not_make_a_page(case: Case) -> Found:
    path = case.pick(non_empty=False)
    case.rebuild = _rebuild(case, lambda site: (site / path).unlink())
    return 7, "rebuild-missing"


@operator
def the_sources_make_one_page_more(case: Case) -> Found:
    case.rebuild = _rebuild(case, lambda site: sealed.write(site / "view/more.html", b"more"))
    return 7, "rebuild-extra"


def _provenance(case: Case, **changed: str) -> None:
    case.write(paths.PROVENANCE, format_provenance(replace(case.provenance, **changed)))  # type: ignore[arg-type]
    case.list_as(case.digests | {paths.PROVENANCE: sealed.tree(case.site / paths.FOLDER)["provenance.json"]})
    case.restamp()


def _sign_as(case: Case, namespace: str, data: bytes) -> None:
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(case.key), "-n", namespace]
    case.write(paths.SIGNATURE, subprocess.run(command, input=data, capture_output=True, check=True).stdout)
    case.trusted = case.key.with_suffix(".pub")


def _rebuild(case: Case, change: Callable[[Path], object]) -> Callable[[Path], None]:
    def rebuild(target: Path) -> None:
        shutil.copytree(case.site, target, copy_function=os.link)
        change(target)

    return rebuild


# The signed note and the tiles


def _noted(case: Case) -> None:
    """The bundle is signed, with a note, and the reader knows the key."""
    write_stamp(case.site, case.stamp, case.key)
    case.trusted = case.key.with_suffix(".pub")


def _note(case: Case, text: bytes, key: Path) -> None:
    found = log_key(parse_checkpoint(case.read(paths.CHECKPOINT)).origin, key)
    assert found is not None
    data = bytes(sign_note(text, *found))
    case.write(paths.NOTE, data)
    case.write(paths.TLOG_NOTE, data)


@operator
def note_of_another_checkpoint(case: Case) -> Found:
    """What a log with two faces does: it signs another state for somebody else."""
    _noted(case)
    here = parse_checkpoint(case.read(paths.CHECKPOINT))
    _note(case, bytes(Checkpoint(here.origin, here.size, case.chance.randbytes(32))), case.key)
    return 4, "note-checkpoint"


@operator
def note_of_an_earlier_checkpoint(case: Case) -> Found:
    _noted(case)
    here, leaves = parse_checkpoint(case.read(paths.CHECKPOINT)), case.log.leaves
    _note(case, bytes(checkpoint_of(here.origin, leaves[: case.chance.randrange(len(leaves))])), case.key)
    return 4, "note-checkpoint"


@operator
def note_signed_by_another_key(case: Case) -> Found:
    _noted(case)
    _note(case, case.read(paths.CHECKPOINT), case.other_key)
    return 5, "note-signature"


@operator
def note_signature_flipped(case: Case) -> Found:
    _noted(case)
    note = parse_note(case.read(paths.NOTE))
    line = note.signatures[0]
    signature = bytearray(line.signature)
    signature[case.chance.randrange(len(signature))] ^= 1 << case.chance.randrange(8)
    data = bytes(Note(note.text, (replace(line, signature=bytes(signature)),)))
    case.write(paths.NOTE, data)
    case.write(paths.TLOG_NOTE, data)
    return 5, "note-signature"


@operator
def note_copy_of_another_time(case: Case) -> Found:
    _noted(case)
    case.write(paths.TLOG_NOTE, case.read(paths.TLOG_NOTE) + b"\xe2\x80\x94 w.example AAAAAAAA\n")
    return 1, "note-copy"


@operator
def note_taken_away_for_clients(case: Case) -> Found:
    _noted(case)
    case.delete(paths.TLOG_NOTE)
    return 1, "note-copy"


@operator
def verifier_key_of_somebody_else(case: Case) -> Found:
    """Everything that is not signed is made to fit."""
    found = log_key(parse_checkpoint(case.read(paths.CHECKPOINT)).origin, case.other_key)
    assert found is not None
    case.write(paths.VERIFIER_KEY, f"{found[0]}\n".encode())
    case.relist(stamp=False)
    case.restamp()
    _note(case, case.read(paths.CHECKPOINT), case.key)
    return 1, "note-key"


@operator
def verifier_key_under_the_id_of_another(case: Case) -> Found:
    """The name and the id are those of the note; the key is another."""
    origin = parse_checkpoint(case.read(paths.CHECKPOINT)).origin
    (mine, *_), (theirs, *_) = (log_key(origin, key) or ("",) for key in (case.key, case.other_key))
    case.write(paths.VERIFIER_KEY, f"{mine}"[:-44].encode() + f"{theirs}\n"[-45:].encode())
    case.relist()
    _note(case, case.read(paths.CHECKPOINT), case.key)
    return 1, "note-key"


@operator
def verifier_key_with_a_byte_of_no_text(case: Case) -> Found:
    """A byte of the key that is not UTF-8, as a bad disk leaves it."""
    mine = log_key(parse_checkpoint(case.read(paths.CHECKPOINT)).origin, case.key)
    assert mine is not None
    case.write(paths.VERIFIER_KEY, f"{mine[0]}"[:-9].encode() + b"\xe9" + f"{mine[0]}\n"[-9:].encode())
    case.relist()
    _note(case, case.read(paths.CHECKPOINT), case.key)
    return 1, "note-key"


@operator
def nginx_file_edited(case: Case) -> Found:
    case.write(paths.NGINX, case.read(paths.NGINX).replace(b"sandbox;", b""))
    return 1, "file-differs"


@operator
def note_cut_short(case: Case) -> Found:
    _noted(case)
    data = case.read(paths.NOTE)
    cut = data[: case.chance.randrange(1, len(data) - 1)]
    case.write(paths.NOTE, cut)
    case.write(paths.TLOG_NOTE, cut)
    return 1, "note-syntax"


@operator
def note_taken_away_where_witnesses_are_asked_for(case: Case) -> Found:
    case.witnesses = (str(VerifierKey("w.example", WITNESS, bytes(32))),)
    return 5, "note-missing"


@operator
def note_without_a_cosignature(case: Case) -> Found:
    _noted(case)
    case.witnesses = (str(VerifierKey("w.example", WITNESS, case.chance.randbytes(32))),)
    return 5, "witness-quorum"


@operator
def tiles_of_another_log(case: Case) -> Found:
    """Clients that read tiles are shown other entries; everything else is made to fit."""
    leaves = list(case.log.leaves)
    at = case.chance.randrange(len(leaves))
    leaves[at] = leaves[at].replace(b"archived", b"Archived")
    for path, tile in tiles(leaves).items():
        case.write(paths.TLOG + path, tile)
    case.relist()
    return 4, "tiles-differ"


@operator
def tile_taken_away(case: Case) -> Found:
    whole = tiles(case.log.leaves)
    gone = case.chance.choice(sorted(whole))
    for path in whole.keys() - {gone}:
        case.write(paths.TLOG + path, whole[path])
    case.relist()
    return 1, "tiles-missing"


@operator
def tile_added(case: Case) -> Found:
    case.write(f"{paths.TLOG}tile/0/{case.chance.randrange(1, 999):03}", case.chance.randbytes(8192))
    case.relist()
    return 4, "tiles-differ"


@operator
def last_log_accepted_is_another(case: Case) -> Found:
    entries = list(case.log.entries)
    at = case.chance.randrange(len(entries))
    entries[at] = replace(entries[at], sha256=case.chance.randbytes(32).hex())
    case.last = bytes(Log(tuple(entries)))
    return 4, "log-forked"


@operator
def last_checkpoint_accepted_is_another(case: Case) -> Found:
    here = parse_checkpoint(case.read(paths.CHECKPOINT))
    size = case.chance.randrange(1, here.size + 1)
    case.last = bytes(Checkpoint(here.origin, size, case.chance.randbytes(32)))
    return 4, "log-forked"


@operator
def last_checkpoint_accepted_is_of_another_log(case: Case) -> Found:
    case.last = bytes(replace(parse_checkpoint(case.read(paths.CHECKPOINT)), origin="elsewhere.example"))
    return 4, "checkpoint-origin"


@operator
def statement_names_another_log_file(case: Case) -> Found:
    _provenance(case, log=case.chance.randbytes(32).hex())
    return 4, "provenance-log"


@operator
def key_expired_before_the_stamp(case: Case) -> Found:
    case.sign()
    signers = case.site.parent / "expired"
    day = case.chance.randrange(1, 28)
    text = case.key.with_suffix(".pub").read_text()
    signers.write_text(f'record valid-before="202601{day:02}Z" {text}')
    case.trusted = signers
    return 5, "signature-expired"
