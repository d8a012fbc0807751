"""`record verify URL`: a real nginx with the generated file, a host that strips .html, and what servers do wrong."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import sealed
from loomworks_record.bundle import fetch, paths, remote
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import Report, Unreachable
from loomworks_record.bundle.hosts import PROFILES
from loomworks_record.bundle.inputs import LOG_NAME, freshness_faults, gather, project_places, read_built
from loomworks_record.bundle.log import append_withdrawal
from loomworks_record.bundle.log_file import read_log_bytes
from loomworks_record.bundle.manifest import parse_manifest
from loomworks_record.bundle.remote import verify_url
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli.reports import what_is_right
from loomworks_record.errors import UsageError
from msgspec.structs import replace
from support.site import Build

NOW = sealed.ISSUED + 60
EXPECTED = Expectations(NOW)
VIEW = "view/phases/phase-01-é/cr-v0_3.md.html"


@pytest.fixture(autouse=True)
def _quick_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSE", 0.01)


@pytest.fixture
def site(small: sealed.Project, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small.site, tmp_path / "site"))


def configured(site: Path, change: Callable[[str], str], work: Path) -> Path:
    """The site's nginx file after a change, which must be one."""
    before = (site / paths.NGINX).read_text("utf-8")
    after = change(before)
    assert after != before
    file = work / "changed.conf"
    file.write_text(after, "utf-8")
    return file


def test_nginx_with_the_generated_file(
    site: Path, serve_nginx: Callable[..., str], small: sealed.Project, key: Path
) -> None:
    url = serve_nginx(site, include=site / paths.NGINX)
    told: list[tuple[int, int]] = []
    found = verify_url(url, EXPECTED, progress=lambda done, total: told.append((done, total)))
    assert not found.faults
    listed = parse_manifest((site / paths.MANIFEST).read_bytes(), name="").digests
    assert found.checked == len(listed.keys() - paths.NOT_SERVED) > 50
    assert told[-1] == (found.checked, found.checked)
    assert not verify_url(url + "/", EXPECTED).faults
    inputs = gather(project_places(small.root, small.content), {})
    assert not list(freshness_faults(read_built(url), inputs, read_log_bytes(small.root / LOG_NAME)))
    unsigned = verify_url(url, Expectations(NOW, key=key.with_suffix(".pub")))
    assert (unsigned.exit_code, unsigned.reasons) == (5, {"signature-missing"})


@pytest.mark.parametrize("base", ["/records", "/of/records"])
def test_a_site_under_a_path(
    base: str, small: sealed.Project, tmp_path: Path, serve: Callable[..., str], serve_nginx: Callable[..., str]
) -> None:
    """By nginx with the generated file, and by a host that reads the rules at its own root, where they are copied."""
    root = tmp_path / "root"
    site = root / base[1:]
    sealed.build(small, site, base=base)
    for name in paths.NOT_SERVED:
        shutil.copy(site / name, root)
    (root / "404.html").write_text("that of the site beside it")
    (root / "other.html").write_text("<title>beside it</title>")
    assert sealed.MOVED
    for url in (serve_nginx(root, include=site / paths.NGINX), serve(root, like_pages=True)):
        found = verify_url(url + quote(base), EXPECTED)
        # A host that knows one 404 page for all its sites shows that of the root: told, and no other fault.
        assert found.reasons <= {"not-found-page"}, found.faults[:5]
    assert not verify_directory(site, EXPECTED).faults


def test_a_host_that_strips_html(site: Path, serve: Callable[..., str]) -> None:
    found = verify_url(serve(site, like_pages=True), EXPECTED)
    assert not found.faults


def test_the_sample_record_on_both_sorts_of_host(
    sample_site: Build, serve: Callable[..., str], serve_nginx: Callable[..., str]
) -> None:
    now = Expectations(int(time.time()))
    site = sample_site.site
    for url in (serve(site, like_pages=True), serve_nginx(site, include=site / paths.NGINX)):
        found = verify_url(url, now)
        assert not found.faults, found.faults[:5]
        assert found.checked > 100


def drop(pattern: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, "", text, flags=re.MULTILINE)


def swap(one: str, other: str) -> Callable[[str], str]:
    return lambda text: text.replace(one, other)


def answer_page(what: str) -> Callable[[str], str]:
    return swap("location / {", f'location = "/{VIEW}" {{ return {what}; }}\nlocation / {{')


SERVER_FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "wrong cache header": (swap('Cache-Control "no-cache"', 'Cache-Control "max-age=600"'), "header-differs"),
    "assets not immutable": (swap("max-age=31536000, immutable", "max-age=60"), "header-differs"),
    "policy dropped": (drop(r"^ *add_header Content-Security-Policy .*$"), "header-missing"),
    "nosniff dropped": (drop(r"^ *add_header X-Content-Type-Options .*$"), "header-missing"),
    "a policy added": (swap("default-src 'none'; script-src", "default-src *; script-src"), "header-differs"),
    "sandbox dropped for filed HTML": (swap("sandbox; ", ""), "header-differs"),
    "Markdown as HTML": (swap('default_type "text/plain; charset=utf-8"', "default_type text/html"), "header-differs"),
    "home page for every address": (swap("404 /404.html", "404 =200 /index.html"), "not-found-status"),
    "404 page answered with 200": (swap("404 /404.html", "404 =200 /404.html"), "not-found-status"),
    "the server's own 404 page": (drop(r"^error_page 404 .*$"), "not-found-page"),
    "redirect dropped": (drop(r'^location = "/view/old-name\.md\.html".*$'), "redirect-missing"),
    "redirect elsewhere": (swap('return 301 "/view/phases', 'return 301 "/view/elsewhere'), "redirect-differs"),
    "redirect to another site": (swap('return 301 "/', 'return 301 "https://evil.example/'), "redirect-differs"),
    "pages moved away": (answer_page("302 /"), "redirect-differs"),
    "pages forbidden": (answer_page("403"), "file-unreadable"),
    "pages gone": (answer_page("410"), "file-missing"),
}  # fmt: skip


@pytest.mark.parametrize("fault", SERVER_FAULTS)
def test_what_a_server_does_wrong(fault: str, site: Path, tmp_path: Path, serve_nginx: Callable[..., str]) -> None:
    change, reason = SERVER_FAULTS[fault]
    url = serve_nginx(site, include=configured(site, change, tmp_path))
    found = verify_url(url, EXPECTED)
    assert reason in found.reasons, found.faults[:5]
    assert found.exit_code == (6 if reason == "file-unreadable" else 1)


def test_what_is_right_is_said_first(site: Path, tmp_path: Path, serve_nginx: Callable[..., str]) -> None:
    dropped = drop(r"^ *add_header (Content-Security-Policy|X-Content-Type-Options) .*$")
    found = verify_url(serve_nginx(site, include=configured(site, dropped, tmp_path)), EXPECTED)
    assert len(found.faults) > 1
    assert what_is_right(found) == f"{found.checked} files are as built; the server sends 2 headers less than declared"
    (site / VIEW).unlink()
    found = verify_url(serve_nginx(site, include=configured(site, dropped, tmp_path)), EXPECTED)
    assert what_is_right(found).startswith(f"{found.checked - 1} of {found.checked} files are as built; ")
    assert what_is_right(replace(found, checked=0)) == ""


def old_page(site: Path) -> str:
    sealed.write(site / VIEW, (site / VIEW).read_bytes().replace(b".", b"!"))
    return "file-differs"


def missing_page(site: Path) -> str:
    (site / VIEW).unlink()
    return "file-missing"


def cut_off_page(site: Path) -> str:
    sealed.write(site / VIEW, (site / VIEW).read_bytes()[:100])
    return "file-differs"


def line_endings(site: Path) -> str:
    sealed.write(site / VIEW, (site / VIEW).read_bytes().replace(b"\n", b"\r\n"))
    return "file-line-endings"


def old_stamp(site: Path) -> str:
    stamp = parse_stamp((site / paths.STAMP).read_bytes())
    sealed.write(site / paths.STAMP, bytes(replace(stamp, manifest="0" * 64)))
    return "stamp-manifest"


def no_manifest(site: Path) -> str:
    (site / paths.MANIFEST).unlink()
    return "manifest-missing"


def empty_manifest(site: Path) -> str:
    sealed.write(site / paths.MANIFEST, b"")
    return "manifest-empty"


def oversized_stamp(site: Path) -> str:
    sealed.write(site / paths.STAMP, b"x" * 70_000)
    return "file-oversized"


@pytest.mark.parametrize(
    "change",
    [old_page, missing_page, cut_off_page, line_endings, old_stamp, no_manifest, empty_manifest, oversized_stamp],
)
def test_what_a_server_holds_wrongly(
    change: Callable[[Path], str], site: Path, serve_nginx: Callable[..., str]
) -> None:
    url = serve_nginx(site, include=site / paths.NGINX)
    reason = change(site)
    found = verify_url(url, EXPECTED)
    assert reason in found.reasons, found.faults[:5]
    assert found.exit_code == (6 if reason.startswith(("manifest-", "file-oversized")) else 1)


def test_a_withdrawn_document_that_the_server_still_has(tmp_path: Path, serve_nginx: Callable[..., str]) -> None:
    project = sealed.make_project(tmp_path / "project")
    path = "phases/phase-02-x/archive/cr-v0_1.md"
    filed = (project.content / path).read_bytes()
    project.write_log(append_withdrawal(project.log, path, "a secret was filed"))
    (project.content / path).unlink()
    sealed.build(project, project.site)
    url = serve_nginx(project.site, include=project.site / paths.NGINX)
    assert not verify_url(url, EXPECTED).faults
    sealed.write(project.site / "raw" / path, filed)  # no manifest lists it: only asking for it can find it
    found = verify_url(url, EXPECTED)
    assert (found.exit_code, found.reasons) == (1, {"withdrawn-published"})


def test_a_release_published_during_the_check(site: Path, tmp_path: Path, serve_nginx: Callable[..., str]) -> None:
    url = serve_nginx(site, include=site / paths.NGINX)
    project = sealed.make_project(tmp_path / "next", seed=2)
    told: list[int] = []

    def publish(done: int, total: int) -> None:
        told.append(done)
        if told.count(total // 2) == 1 and done == total // 2:
            sealed.build(project, site, issued=sealed.ISSUED + 9)

    assert not verify_url(url, EXPECTED, progress=publish).faults


def test_releases_published_all_the_time(site: Path, tmp_path: Path, serve_nginx: Callable[..., str]) -> None:
    url = serve_nginx(site, include=site / paths.NGINX)
    seeds = iter(range(2, 9))

    def publish(done: int, total: int) -> None:
        if done == total // 2:
            seed = next(seeds)
            sealed.build(sealed.make_project(tmp_path / str(seed), seed=seed), site, issued=sealed.ISSUED + seed)

    found = verify_url(url, EXPECTED, progress=publish)
    assert (found.exit_code, found.reasons) == (6, {"moved-while-checking"})


def test_a_server_that_is_not_there() -> None:
    found = verify_url("http://127.0.0.1:9", EXPECTED)
    assert (found.exit_code, found.reasons) == (6, {"unreachable"})
    assert "3 tries" in found.faults[0].message


def test_a_long_manifest_is_asked_for_in_portions(
    site: Path, serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is handed out to be fetched takes memory: a manifest of a stranger may have a million lines."""
    monkeypatch.setattr(remote, "_PORTION", 7)
    handed: list[int] = []
    pool_map = ThreadPoolExecutor.map
    monkeypatch.setattr(
        ThreadPoolExecutor, "map", lambda self, one, paths: (handed.append(len(paths)), pool_map(self, one, paths))[1]
    )
    found = verify_url(serve(site, like_pages=True), EXPECTED)
    assert (max(handed), sum(handed)) == (7, found.checked)


def test_a_server_that_breaks_down_halfway(
    site: Path, serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    get = fetch.PublishedSite.get_file

    def broken(self: fetch.PublishedSite, path: str, *, keep: int = 0) -> fetch.Answer:
        if path.startswith("view/"):
            raise Unreachable(f"{path}: no answer")
        return get(self, path, keep=keep or 1 << 20)

    monkeypatch.setattr(fetch.PublishedSite, "get_file", broken)
    found: Report = verify_url(serve(site, like_pages=True), EXPECTED)
    assert (found.exit_code, found.reasons) == (6, {"unreachable"})
    assert len(found.faults) == remote.GIVE_UP_AFTER


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org", "http://", "https://example.org/?q", "file:///etc", "https://[::1", "http://a:99999/",
     "http://a:x/", "http://\u2100.example.org/", "http://127.0.0.1:0/"],
)  # fmt: skip
def test_what_is_no_address_of_a_site(url: str) -> None:
    with pytest.raises(UsageError, match="expected the https:// address"):
        verify_url(url, EXPECTED)


def test_a_site_below_a_folder(small: sealed.Project, tmp_path: Path, serve: Callable[..., str]) -> None:
    shutil.copytree(small.site, tmp_path / "www/record")
    shutil.copy(small.site / "404.html", tmp_path / "www/404.html")
    site = tmp_path / "www"
    for name in ("_headers", "_redirects"):
        text = (small.site / name).read_text("utf-8")
        (site / name).write_text(re.sub(r"^/", "/record/", text, flags=re.MULTILINE).replace(" /view", " /record/view"))
    found = verify_url(serve(site, like_pages=True) + "/record", EXPECTED)
    assert not found.faults


@pytest.mark.parametrize("host", ["github-pages", "plain"])
def test_a_host_that_reads_no_rules(
    host: str, small: sealed.Project, tmp_path: Path, serve: Callable[..., str]
) -> None:
    """What such a host does not send is one note, and its own bytes, types and statuses are faults as everywhere."""
    site = tmp_path / "site"
    sealed.build(small, site, host=host)
    found = verify_url(serve(site), EXPECTED)
    assert not found.faults, found.faults[:5]
    assert [note for note in found.notes if host in note and "renamed addresses do not lead on" in note]
    assert [note for note in found.notes if "filed HTML can run" in note]  # the site has some
    (site / VIEW).write_text("<p>another")
    assert verify_url(serve(site), EXPECTED).reasons == {"file-differs"}
    (site / VIEW).unlink()
    assert verify_url(serve(site), EXPECTED).reasons == {"file-missing"}


def test_what_github_pages_adds_is_expected_of_it_alone(site: Path, serve: Callable[..., str]) -> None:
    assert "access-control-allow-origin" in PROFILES["github-pages"].sends
    assert not PROFILES["none"].sends and not PROFILES["plain"].sends
