"""The helpers of the tests do what they say, since every other test stands on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support import site
from support.chromium import Visit

PAGE = "<!doctype html><html lang=en><title>{0}</title><link rel=icon href=data:,><h1>{0}</h1>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small built site with pages, a folder, a 404 page, headers and redirects."""
    site.write_content(
        {
            "index.html": PAGE.format("Home"),
            "404.html": PAGE.format("Nothing here"),
            "page.html": PAGE.format("Page") + "<script src=/set.js></script>",
            "part/index.html": PAGE.format("Part"),
            "raw/note.md": "# Note\n",
            "set.js": "document.title = 'set by script'",
            "_headers": "/*\n  X-Place: all\n  X-Joined: one\n/raw/*\n  ! X-Place\n  X-Place: raw\n  X-Joined: two\n",
            "_redirects": "/old /page 301\n",
        },
        tmp_path / "built",
    )
    return tmp_path / "built"


def ask(url: str) -> tuple[int, dict[str, str], str]:
    """Status, headers with lower-case names, and body; no redirect is followed."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/", 200, "Home"),
        ("/page.html", 200, "Page"),
        ("/part/", 200, "Part"),
        ("/raw/note.md", 200, "# Note"),
        ("/page", 404, "Nothing here"),
        ("/nowhere/", 404, "Nothing here"),
        ("/../conftest.py", 404, "Nothing here"),
    ],
)
def test_plain_server(folder: Path, serve: Callable[..., str], address: str, status: int, said: str) -> None:
    got, _, body = ask(serve(folder) + address)
    assert (got, said in body) == (status, True)


def test_plain_server_moves_to_the_folder(folder: Path, serve: Callable[..., str]) -> None:
    status, headers, _ = ask(serve(folder) + "/part")
    assert (status, headers["location"]) == (301, "/part/")


@pytest.mark.parametrize(
    ("address", "status", "place"),
    [
        ("/page", 200, None),
        ("/part/", 200, None),
        ("/part", 308, "/part/"),
        ("/page.html", 308, "/page"),
        ("/part/index.html", 308, "/part/"),
        ("/old", 301, "/page"),
        ("/_headers", 404, None),
        ("/_redirects", 404, None),
        ("/nowhere", 404, None),
    ],
)
def test_server_like_pages(
    folder: Path, serve: Callable[..., str], address: str, status: int, place: str | None
) -> None:
    got, headers, _ = ask(serve(folder, like_pages=True) + address)
    assert (got, headers.get("location")) == (status, place)


def test_headers_are_joined_unless_detached(folder: Path, serve: Callable[..., str]) -> None:
    base = serve(folder, like_pages=True)
    _, headers, _ = ask(f"{base}/raw/note.md")
    assert (headers["x-place"], headers["x-joined"]) == ("raw", "one, two")
    assert ask(f"{base}/page")[1]["x-place"] == "all"


def test_nginx_serves_a_folder(folder: Path, serve_nginx: Callable[..., str]) -> None:
    base = serve_nginx(folder)
    assert ask(f"{base}/part/")[0] == 200
    status, _, body = ask(f"{base}/nowhere")
    assert (status, "Nothing here" in body) == (404, True)


def test_nginx_says_why_it_does_not_start(folder: Path, tmp_path: Path, serve_nginx: Callable[..., str]) -> None:
    (tmp_path / "wrong.conf").write_text("no_such_directive on;\n")
    with pytest.raises(AssertionError, match='unknown directive "no_such_directive"'):
        serve_nginx(folder, include=tmp_path / "wrong.conf")


def test_a_visit_sees_the_page_and_its_requests(
    folder: Path, serve: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    base = serve(folder)
    seen = visit(f"{base}/page.html", width=390, scheme="dark")
    assert seen.page.title() == "set by script"
    assert seen.page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [390, True]
    assert [url.removeprefix(base) for url in seen.requests] == ["/page.html", "/set.js"]
    assert (seen.strangers(), seen.complaints) == ([], [])


def test_a_visit_without_javascript(folder: Path, serve: Callable[..., str], visit: Callable[..., Visit]) -> None:
    assert visit(f"{serve(folder)}/page.html", javascript=False).page.title() == "Page"


def test_a_visit_names_strangers_and_complaints(
    folder: Path, serve: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    (folder / "page.html").write_text(PAGE.format("Page") + "<script src=http://127.0.0.1:9/x.js></script>")
    seen = visit(f"{serve(folder)}/page.html")
    assert seen.strangers() == ["http://127.0.0.1:9/x.js"]
    assert any("ERR_" in complaint for complaint in seen.complaints)


TESTS_OF_A_BROWSER = """
import pytest

@pytest.mark.browser
def test_browser():
    {browser}

@pytest.mark.server
def test_server():
    pass

@pytest.mark.browser
@pytest.mark.full
def test_long():
    pass
"""


def run_pytest(folder: Path, browser: str, *arguments: str, ci: str = "true") -> tuple[int, str]:
    """Exit status and output of a run of three small tests under this project's own conftest.py."""
    house = site.PROJECT / "tests"
    (folder / "conftest.py").write_text((house / "conftest.py").read_text("utf-8"), "utf-8")
    (folder / "pytest.ini").write_text(
        f'[pytest]\ntestpaths = .\npythonpath = "{house}"\naddopts = --strict-markers -p no:cacheprovider\n'
        "markers =\n  full: x\n  browser: x\n  server: x\n"
    )
    (folder / "test_small.py").write_text(TESTS_OF_A_BROWSER.format(browser=browser))
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder,
        env={**os.environ, "CI": ci},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    return finished.returncode, finished.stdout


SKIP = "pytest.skip('no browser here')"


def test_ci_passes_when_all_kinds_ran(tmp_path: Path) -> None:
    status, output = run_pytest(tmp_path, "pass")
    assert status == 0
    assert "1 of 1 browser tests ran; 1 of 1 server tests ran" in output
    assert output.rstrip().splitlines()[-1].strip("= ").startswith("2 passed, 1 skipped in")


def test_ci_fails_when_a_browser_test_is_skipped(tmp_path: Path) -> None:
    status, output = run_pytest(tmp_path, SKIP)
    assert status == 1
    assert "may not be skipped when CI=true. Skipped: no browser here" in output
    assert output.rstrip().splitlines()[-1].strip("= ").startswith("1 failed, 1 passed, 1 skipped in")


def test_elsewhere_a_browser_test_may_be_skipped(tmp_path: Path) -> None:
    status, output = run_pytest(tmp_path, SKIP, ci="")
    assert (status, "0 of 1 browser tests ran" in output) == (0, True)


def test_ci_fails_when_a_whole_run_has_no_browser_test(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n")
    status, output = run_pytest(tmp_path, "pass", "-p", "no:randomly", "--override-ini=python_files=test_other.py")
    assert (status, "no browser test ran, and CI=true" in output) == (1, True)


def test_a_whole_run_fails_when_a_file_is_passed_over(tmp_path: Path) -> None:
    """Pytest goes into no folder named ``build`` unless it is told to."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build/test_other.py").write_text("def test_other(): pass\n")
    said = "no test of build/test_other.py was collected"
    status, output = run_pytest(tmp_path, "pass", ci="")
    assert (status, said in output) == (1, True)
    assert said not in run_pytest(tmp_path, "pass", "-k", "server", ci="")[1]
    status, output = run_pytest(tmp_path, "pass", "--override-ini=norecursedirs=.*", ci="")
    assert (status, said in output, "3 passed" in output) == (0, False, True)


def test_a_chosen_part_needs_no_browser_test(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, "pass", "-k", "server")[0] == 0


@pytest.mark.full
def test_a_run_of_several_workers_counts_the_same(tmp_path: Path) -> None:
    """Counts, lines for the end, and what fails a whole run come from the workers."""
    (tmp_path / "test_tally.py").write_text("def test_tally(tally): tally('counted: 3 cases')\n")
    status, output = run_pytest(tmp_path, "pass", "-n", "2")
    assert (status, "1 of 1 browser tests ran; 1 of 1 server tests ran" in output) == (0, True)
    assert (output.count("counted: 3 cases"), "3 passed, 1 skipped" in output) == (1, True)

    (tmp_path / "build").mkdir()
    (tmp_path / "build/test_tally.py").write_text("def test_other(): pass\n")
    status, output = run_pytest(tmp_path, "pass", "-n", "2", "--override-ini=python_files=test_tally.py")
    assert (status, "no test of build/test_tally.py was collected" in output) == (1, True)
    assert "no server test ran, and CI=true" in output


def test_full_runs_the_long_tests(tmp_path: Path) -> None:
    status, output = run_pytest(tmp_path, "pass", "--full")
    assert (status, "2 of 2 browser tests ran" in output, "3 passed" in output) == (0, True, True)
