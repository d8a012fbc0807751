"""`record verify URL` of servers that compress, break off, are slow, mix generations, or say what nobody declared."""

from __future__ import annotations

import gzip
import itertools
import shutil
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest
import sealed
from loomworks_record.bundle import fetch, paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import Report
from loomworks_record.bundle.fetch import DamagedCoding, decoded
from loomworks_record.bundle.inputs import LOG_NAME, gather, project_places
from loomworks_record.bundle.log import Log, append_withdrawal
from loomworks_record.bundle.remote import verify_url
from loomworks_record.bundle.seal import SealSettings, seal, write_stamp
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.cli.reports import show
from loomworks_record.zstd import zstd
from msgspec.structs import replace
from support.hosting import Change, Reply

NOW = sealed.ISSUED + 60
EXPECTED = Expectations(NOW)
VIEW = "view/phases/phase-02-x/cr-v0_3.md"

Serve = Callable[..., str]


@pytest.fixture(autouse=True)
def _quick_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSE", 0.01)


def check(serve: Serve, site: Path, change: Change, expected: Expectations = EXPECTED) -> Report:
    return verify_url(serve(site, like_pages=True, change=change), expected)


def header(name: str, value: str, *, on: str = "text/html") -> Change:
    """A header on every file whose type begins so."""

    def change(_: str, reply: Reply) -> None:
        if reply.headers.get("content-type", "").startswith(on):
            reply.headers[name] = value

    return change


FOREIGN: dict[str, tuple[Change, str]] = {
    "pages as text": (header("content-type", "text/plain; charset=utf-8"), "header-differs"),
    "pages as bytes": (header("content-type", "application/octet-stream"), "header-differs"),
    "pages as downloads": (header("Content-Disposition", "attachment"), "header-unexpected"),
    "scripts as text": (header("content-type", "text/plain", on="text/javascript"), "header-differs"),
    "scripts as bytes": (header("content-type", "application/octet-stream", on="text/javascript"), "header-differs"),
    "styles as text": (header("content-type", "text/plain", on="text/css"), "header-differs"),
    "pages as latin-1": (header("content-type", 'text/html; charset="ISO-8859-1"'), "header-differs"),
    "data as pages": (header("content-type", "text/html", on="application/json"), "header-differs"),
    "pictures as drawings": (header("content-type", "image/svg+xml", on="image/png"), "header-differs"),
    "bytes as pages": (header("content-type", "text/html", on="application/octet"), "header-differs"),
    "refresh": (header("Refresh", "0; url=https://elsewhere.example/"), "header-unexpected"),
    "foreign style": (header("Link", "<https://elsewhere.example/a.css>; rel=stylesheet"), "header-unexpected"),
    "own style": (header("link", '</a.css>; title="a, b"; rel="alternate stylesheet"'), "header-unexpected"),
    "preload": (header("Link", "</a.css>; rel=preload, <//elsewhere.example/b>; REL=Preload"), "header-unexpected"),
    "cookie": (header("Set-Cookie", "id=1", on=""), "header-unexpected"),
    "opened to others": (header("Access-Control-Allow-Origin", "*"), "header-unexpected"),
    "another place": (header("Content-Location", "https://elsewhere.example/x"), "header-unexpected"),
    "another page": (header("Content-Location", "/documents/"), "header-unexpected"),
}  # fmt: skip
HARMLESS = {
    "Date": "Sat, 28 Nov 2026 10:00:00 GMT", "Server": "x", "ETag": '"1"', "Alt-Svc": 'h3=":443"', "Vary": "Accept",
    "CF-RAY": "1", "Strict-Transport-Security": "max-age=1", "Report-To": '{"group":"x"}', "NEL": "{}", "Age": "3",
    "Link": '</assets/record/a.css>; rel=preload; as=style, <https://host.example/terms>; rel="terms-of-service"',
    "Last-Modified": "Sat, 28 Nov 2026 10:00:00 GMT", "Accept-Ranges": "bytes", "Content-Language": "en",
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_what_nobody_declared_is_a_fault(name: str, small: sealed.Project, serve: Serve) -> None:
    change, reason = FOREIGN[name]
    found = check(serve, small.site, change)
    assert (found.exit_code, found.reasons) == (1, {reason}), found.faults[:3]


def test_harmless_headers_are_no_fault(small: sealed.Project, serve: Serve) -> None:
    found = check(serve, small.site, lambda _, reply: reply.headers.update(HARMLESS))
    assert not found.faults, found.faults[:3]


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": lambda data: data,
}


def compressed(name: str, encode: Callable[[bytes], bytes]) -> Change:
    def change(_: str, reply: Reply) -> None:
        reply.body = encode(reply.body)
        reply.length = len(reply.body)
        reply.headers["Content-Encoding"] = name

    return change


@pytest.mark.parametrize("name", ENCODERS)
def test_a_server_that_always_compresses(name: str, signed: Path, serve: Serve, key: Path) -> None:
    found = check(serve, signed, compressed(name, ENCODERS[name]), Expectations(NOW, key=key.with_suffix(".pub")))
    assert not found.faults, found.faults[:3]
    assert any("were decoded" in note for note in found.notes) == (name != "identity")


def test_a_coding_that_nobody_knows(small: sealed.Project, serve: Serve) -> None:
    found = check(serve, small.site, compressed("rot13\x1b", lambda data: data))
    assert (found.exit_code, found.reasons) == (6, {"coding-unknown"})
    assert "rot13" in found.faults[0].message


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_in_its_coding(name: str, small: sealed.Project, serve: Serve) -> None:
    for damage in (lambda data: data[: len(data) // 2], lambda data: b"<p>" + data, lambda _: b"\x00\x01"):
        found = check(serve, small.site, compressed(name, lambda data, damage=damage: damage(ENCODERS[name](data))))
        assert (found.exit_code, found.reasons) == (6, {"unreachable"}), (name, found.faults[:2])


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_a_few_bytes_do_not_fill_memory(name: str) -> None:
    bomb = ENCODERS[name](bytes(40_000_000))
    sizes = [len(piece) for piece in decoded([bomb], [name])]
    assert sum(sizes) == 40_000_000
    assert max(sizes) <= 1 << 22
    with pytest.raises(DamagedCoding):
        list(decoded([b"x" * 99], [name]))


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_many_threads_decode_at_once_what_is_whole_and_what_is_damaged(name: str) -> None:
    texts = [b"%d " % number * number for number in range(1, 400)]

    def one(text: bytes) -> tuple[bool, bool]:
        sent = ENCODERS[name](text)
        whole = b"".join(decoded([sent[:5], sent[5:]], [name])) == text
        try:
            list(decoded([sent[:-1]], [name]))
        except DamagedCoding:
            return whole, True
        return whole, False

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, texts)) == {(True, True)}


def cut(reply: Reply) -> None:
    reply.body = reply.body[: len(reply.body) // 2]


def too_long(reply: Reply) -> None:
    reply.length = len(reply.body) + 7


@pytest.mark.parametrize("damage", [cut, too_long])
def test_an_answer_that_breaks_off_once(damage: Callable[[Reply], None], small: sealed.Project, serve: Serve) -> None:
    broken: set[str] = set()

    def change(address: str, reply: Reply) -> None:
        if address not in broken and len(reply.body) > 1:
            broken.add(address)
            damage(reply)

    found = check(serve, small.site, change)
    assert not found.faults, found.faults[:3]
    assert len(broken) > 40


@pytest.mark.parametrize("damage", [cut, too_long])
@pytest.mark.parametrize("path", [paths.LOG, paths.STAMP, paths.MANIFEST, paths.SIGNATURE, VIEW])
def test_an_answer_that_never_comes_whole(
    path: str, damage: Callable[[Reply], None], signed: Path, serve: Serve, key: Path
) -> None:
    def change(address: str, reply: Reply) -> None:
        if address == f"/{path}":
            damage(reply)

    found = check(serve, signed, change, Expectations(NOW, key=key.with_suffix(".pub")))
    assert (found.exit_code, found.reasons) == (6, {"unreachable"}), found.faults[:3]
    assert "broke off" in found.faults[0].message


@pytest.fixture
def signed(small: sealed.Project, copy_of: Callable[[Path], Path], key: Path) -> Path:
    site = copy_of(small.site)
    stamp = parse_stamp((site / paths.STAMP).read_bytes())
    (site / paths.STAMP).unlink()
    write_stamp(site, stamp, key)
    return site


def alternating(path: str, *bodies: bytes) -> Change:
    turns = itertools.cycle(bodies)

    def change(address: str, reply: Reply) -> None:
        if address == f"/{path}":
            reply.body = next(turns)
            reply.length = len(reply.body)

    return change


@pytest.mark.parametrize("turns", [2, 3, 5])
def test_a_stamp_that_alternates_hides_nothing(
    turns: int, tmp_path: Path, serve: Serve, key: Path, other_key: Path
) -> None:
    project = sealed.make_project(tmp_path / "project")
    common = project.log
    project.write_log(append_withdrawal(common, "phases/phase-01-é/archive/cr-v0_1.md", "one"))
    (project.content / "phases/phase-01-é/archive/cr-v0_1.md").unlink()
    accepted = sealed.build(project, tmp_path / "accepted").stamp
    forged = sealed.make_project(tmp_path / "forged")
    forged.write_log(append_withdrawal(common, "phases/phase-02-x/archive/cr-v0_1.md", "another"))
    (forged.content / "phases/phase-02-x/archive/cr-v0_1.md").unlink()
    sealed.build(forged, forged.site, issued=sealed.ISSUED + 9, key=other_key)
    own = (forged.site / paths.STAMP).read_bytes()
    stamps = [own, *(bytes(replace(parse_stamp(own), sequence=sealed.ISSUED + 9 + n)) for n in range(1, turns))]
    expected = Expectations(NOW, last=bytes(accepted), key=key.with_suffix(".pub"))
    found = check(serve, forged.site, alternating(paths.STAMP, *stamps), expected)
    assert found.exit_code == 5
    assert {"signature-key", "log-not-extended", "moved-while-checking"} <= found.reasons


def test_a_server_that_stops_answering_hides_nothing(signed: Path, serve: Serve, other_key: Path) -> None:
    def change(address: str, reply: Reply) -> None:
        if address.startswith("/integrity/") and address.removeprefix("/") not in (
            paths.STAMP, paths.SIGNATURE, paths.MANIFEST
        ):  # fmt: skip
            reply.status = 503

    found = check(serve, signed, change, Expectations(NOW, key=other_key.with_suffix(".pub")))
    assert found.exit_code == 5
    assert {"signature-key", "unreachable"} <= found.reasons


def test_a_cache_that_mixes_generations(tmp_path: Path, serve: Serve) -> None:
    """Each statement in turn, and each quarter of all files, of the release before: never an alarm of history."""
    project = sealed.make_project(tmp_path / "project")
    whole = project.log
    project.write_log(Log(whole.entries[:-1]))
    sealed.build(project, tmp_path / "old", issued=sealed.ISSUED - 9)
    last = (tmp_path / "old" / paths.STAMP).read_bytes()
    middle = (tmp_path / "middle", tmp_path / "new")
    project.write_log(whole)
    for number, folder in enumerate(middle):
        sealed.write(project.content / "added.md", f"# Added {number}\n".encode())
        sealed.build(project, folder, issued=sealed.ISSUED + number)
    for accepted in (last, (tmp_path / "new" / paths.STAMP).read_bytes()):
        expected = Expectations(NOW, last=accepted)
        statements = [
            paths.LOG, paths.CHECKPOINT, paths.PROVENANCE, paths.SOURCES, paths.MANIFEST, paths.STAMP,
            paths.HEADERS_COPY,
        ]  # fmt: skip
        choices: list[Callable[[str, int], bool]] = [lambda path, _, one=one: path == one for one in statements]  # type: ignore[misc]
        choices += [lambda _, number, turn=turn: number % 4 == turn for turn in range(4)]  # type: ignore[misc]
        for chosen in choices:
            found = check(serve, tmp_path / "new", older(tmp_path / "old", chosen), expected)
            assert found.exit_code in (0, 1), found.faults[:3]
            assert found.exit_code == 0 or found.reasons & {"generation-mixed", "file-differs", "file-missing"}


def older(old: Path, chosen: Callable[[str, int], bool]) -> Change:
    names = {path: number for number, path in enumerate(sorted(sealed.tree(old)))}

    def change(address: str, reply: Reply) -> None:
        path = address.removeprefix("/")
        if path in names and chosen(path, names[path]):
            reply.body = (old / path).read_bytes()
            reply.length = len(reply.body)

    return change


@contextmanager
def drip(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that answers every connection with ``talk`` until the other end has enough."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                talk(connection)
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def endless(first: bytes, then: bytes, pause: float = 0.0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(then)
            time.sleep(pause)

    return talk


SLOW = {
    "a body byte by byte": endless(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x", 0.05),
    "a head byte by byte": endless(b"HTTP/1.1 200 OK\r\n", b"X", 0.05),
    "a status byte by byte": endless(b"", b"H", 0.05),
    "nothing": endless(b"", b"", 0.05),
    "100 Continue": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "trailers": endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"T: x\r\n" * 100),
    "empty chunks of a coding": endless(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n\x1f\r\n", 0.05
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_server_is_left(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "ANSWER", 0.6)
    began = time.monotonic()
    with drip(SLOW[name]) as url:
        found = verify_url(url, EXPECTED)
    assert (found.exit_code, found.reasons) == (6, {"unreachable"})
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("length", ["-5", "nan", "5\r\nContent-Length: 50"])
def test_a_length_that_cannot_be_read_says_nothing_of_the_content(length: str) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nhello".encode()
    with drip(lambda connection: connection.sendall(answer)) as url:
        found = verify_url(url, EXPECTED)
    assert (found.exit_code, found.reasons) == (6, {"unreachable"})


def test_the_whole_check_has_an_end(small: sealed.Project, serve: Serve) -> None:
    def change(_: str, reply: Reply) -> None:
        time.sleep(0.05)

    found = verify_url(serve(small.site, like_pages=True, change=change), EXPECTED, seconds=0.4)
    assert found.exit_code == 6
    assert "--deadline" in found.faults[0].message


def test_nothing_of_a_server_reaches_a_terminal_as_it_is(
    small: sealed.Project, serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(address: str, reply: Reply) -> None:
        reply.headers["Refresh"] = "0\x1b]0;owned\x07\x9b31m" + "y" * 9000
        if address == "/view/old-name.md.html":
            reply.headers["location"] = "/\x1b[2J\u202e".encode().decode("latin-1")

    found = check(serve, small.site, change)
    with pytest.raises(SystemExit):
        show(found, as_json=False, ok="")
    said = capsys.readouterr().err
    assert "header-unexpected: " in said and "\\x1b" in said
    assert all(char.isprintable() or char == "\n" for char in said)
    assert max(map(len, said.splitlines())) < 600


def test_a_status_line_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with drip(lambda connection: connection.sendall(b"\x1b[31mHELLO\x07 " * 2000 + b"\r\n\r\n")) as url:
        show_report(verify_url(url, EXPECTED))
    said = capsys.readouterr().err
    assert all(char.isprintable() or char == "\n" for char in said) and len(said) < 1000


def show_report(found: Report) -> None:
    with pytest.raises(SystemExit):
        show(found, as_json=False, ok="")


def test_python_itself_as_a_server(small: sealed.Project, tmp_path: Path, serve: Serve) -> None:
    """A copy whose declared headers are sent by a server of the standard library."""
    site = Path(shutil.copytree(small.site, tmp_path / "site"))
    assert not check(serve, site, lambda _, reply: None).faults


def test_a_host_that_lets_filed_html_run_is_told_so(small: sealed.Project, serve: Serve) -> None:
    def change(_: str, reply: Reply) -> None:
        reply.headers.pop("content-security-policy", None)

    found = check(serve, small.site, change)
    assert found.exit_code == 1
    told = [fault for fault in found.faults if "can run on this site's origin" in fault.message]
    assert told and all(fault.path.startswith("raw/") and fault.path.endswith(".html") for fault in told)


@pytest.mark.parametrize("host", ["none", "cloudflare-free"])
def test_filed_html_as_text(host: str, small: sealed.Project, tmp_path: Path, serve: Serve) -> None:
    site = Path(shutil.copytree(small.site, tmp_path / "site"))
    settings = SealSettings(sealed.ORIGIN, host, sealed.MOVED, filed_html="text")
    inputs = gather(project_places(small.root, small.content), {"loomworks-record": "0"})
    log = (small.root / LOG_NAME).read_bytes()
    seal(site, log=log, inputs=inputs, settings=settings, issued=sealed.ISSUED)
    types: dict[str, str] = {}
    found = check(serve, site, lambda address, reply: types.update({address: reply.headers.get("content-type", "")}))
    if host != "none":  # this server strips .html, as that host does
        assert not found.faults, found.faults[:3]
        assert types["/raw/phases/phase-02-x/report-v0_1"] == "text/plain; charset=utf-8"
    assert "/raw/*.html" in (site / "_headers").read_text() or host != "none"
