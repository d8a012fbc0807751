"""``mkdocs serve``, as an author uses it: edits show after a reload, and no state of a document ends it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from loomworks_record.host.plugin import RecordPlugin
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from support import site

PATIENCE = 40  # seconds for a rebuild on a busy machine
BEFORE = {
    "a-v0_1.md": "# The document\n\n**Version.** 0.1 **Status.** Draft.\n\nFirst text.\n",
    "b-v0_1.md": "# Other\n",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """A running ``mkdocs serve``."""

    content: Path
    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def page(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, path: str, *words: str, status: int = 200) -> str:
        """The page, as soon as it answers with ``status`` and holds all ``words``."""
        until = time.monotonic() + PATIENCE
        got, text = 0, ""
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            got, text = self.page(path)
            if got == status and all(word in text for word in words):
                return text
            time.sleep(0.2)
        raise AssertionError(f"{path}: {status} with {words} never came; last {got}:\n{self.log.read_text()[-3000:]}")

    def write(self, path: str, data: str | bytes) -> None:
        # Written beside and moved: the preview may read at any moment.
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.content.parent / "beside"
        beside.write_bytes(data if isinstance(data, bytes) else data.encode())
        beside.replace(file)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("serve") / "project"
    site.write_project(BEFORE, folder, config={"plugins": [{"record": {"search": False}}], "site_url": ""})
    with _serving(folder) as running:
        running.wait_for("/view/a-v0_1.md.html", "First text.")
        yield running


@contextmanager
def _serving(folder: Path) -> Iterator[Preview]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "serve.log"
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        )
        try:
            yield Preview(folder / "content", f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(autouse=True)
def restored(preview: Preview) -> Iterator[None]:
    """After each test the record is as it was, and the preview shows it."""
    yield
    for file in sorted(preview.content.rglob("*"), reverse=True):
        if file.is_dir():
            file.rmdir()
        elif file.relative_to(preview.content).as_posix() not in BEFORE or not file.is_file():
            file.unlink()
    for path, text in BEFORE.items():
        preview.write(path, text + "\nRestored.\n" if path == "a-v0_1.md" else text)
    preview.wait_for("/view/a-v0_1.md.html", "First text.", "Restored.", "Current")
    preview.write("a-v0_1.md", BEFORE["a-v0_1.md"])


def test_an_edit_shows_with_its_standing(preview: Preview) -> None:
    preview.write("a-v0_1.md", "# The document\n\n**Version.** 0.1 **Status.** In force.\n\nSecond text.\n")
    page = preview.wait_for("/view/a-v0_1.md.html", "Second text.", "In force.")
    assert re.search(r'<span class="r-st r-st--current"[^>]*>Current<', page)
    assert "First text." not in page


def test_a_new_version_archives_the_old_one(preview: Preview) -> None:
    preview.write("archive/a-v0_1.md", BEFORE["a-v0_1.md"])
    (preview.content / "a-v0_1.md").unlink()
    preview.write("a-v0_2.md", "# The document\n\n**Version.** 0.2\n\nThird text.\n")
    assert "Current" in preview.wait_for("/view/a-v0_2.md.html", "Third text.")
    old = preview.wait_for("/view/a-v0_1.md.html", "was superseded by v0.2")
    assert "Archived (read-only)" in old
    preview.wait_for("/latest/a.html", "v0.2")
    preview.wait_for("/view/archive/a-v0_1.md.html", "Moved: ")


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "UTF-16 without a mark": ("# The document\n\nText.\n".encode("utf-16-le"), "not text in an encoding"),
    "half a character": ("# The document\n\nText ü".encode()[:-1], "not text in an encoding"),
    "nothing": (b"", "filed empty"),
    "malformed front matter": ("---\ntitle: [unclosed\n---\n\n# The document\n\nFourth text.\n", "Fourth text."),
    "an impossible date": ("---\ndate: 2026-02-30\n---\n\n# The document\n\nFifth text.\n", "Fifth text."),
    "brackets without end": ("# The document\n\n" + "[a][" * 20_000 + "\n\nSixth text.\n", "Sixth text."),
    "a template": ("# {{ nothing.at.all }} {% endraw %}\n\nSeventh text.\n", "Seventh text."),
}


@pytest.mark.parametrize(("data", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_document_is_shown_and_mended(preview: Preview, data: str | bytes, words: str) -> None:
    preview.write("a-v0_1.md", data)
    preview.wait_for("/view/a-v0_1.md.html", words)
    assert "Current" in preview.wait_for("/view/b-v0_1.md.html", "Other")


def test_a_document_that_goes_away_and_comes_back(preview: Preview) -> None:
    (preview.content / "a-v0_1.md").unlink()
    preview.wait_for("/view/a-v0_1.md.html", "There is no page at this address", status=404)
    preview.write("a-v0_1.md", "# Back\n\nEighth text.\n")
    preview.wait_for("/view/a-v0_1.md.html", "Eighth text.")


def test_what_is_no_file_in_place_of_a_document(preview: Preview) -> None:
    (preview.content / "a-v0_1.md").unlink()
    os.mkfifo(preview.content / "a-v0_1.md")  # reading it would wait for ever
    preview.write("c-v0_1.md", "# Third\n\nNinth text.\n")
    preview.wait_for("/view/c-v0_1.md.html", "Ninth text.")
    preview.wait_for("/view/a-v0_1.md.html", status=404)
    assert "file-not-regular" in preview.wait_for("/api/problems.json")


def test_a_record_that_is_emptied(preview: Preview) -> None:
    for path in BEFORE:
        (preview.content / path).unlink()
    preview.wait_for("/view/b-v0_1.md.html", status=404)
    preview.wait_for("/documents/", "Nothing has been filed yet")


def test_no_traceback_was_shown(preview: Preview) -> None:
    """Last: whatever the tests above did, the author saw lines and no traceback."""
    assert preview.process.poll() is None
    log = preview.log.read_text()
    assert "Detected file changes" in log
    assert "Traceback" not in log


def test_the_search_follows_an_edit(tmp_path: Path) -> None:
    """The page comes first; the search is made meanwhile, and an older one is there until then."""
    folder = tmp_path / "project"
    site.write_project(BEFORE, folder, config={"site_url": ""})
    with _serving(folder) as running:
        running.wait_for("/view/a-v0_1.md.html", "First text.")
        first = running.wait_for("/pagefind/shards.json", '"folder"')
        running.write("a-v0_1.md", "# The document\n\nTenth text, of orchards.\n")
        running.wait_for("/view/a-v0_1.md.html", "Tenth text")
        for _ in range(PATIENCE * 5):
            told = running.wait_for("/pagefind/shards.json", '"folder"')
            if told != first:
                break
            time.sleep(0.2)
        assert told != first
        shard = json.loads(told)["shards"][0]["folder"]
        running.wait_for(f"/pagefind/{shard}pagefind-entry.json", "page_count")
        assert "Traceback" not in running.log.read_text()


def test_files_are_looked_at_ten_times_a_second(tmp_path: Path) -> None:
    """MkDocs looks twice a second. What it watches, and what others had it watch before, is watched still."""
    site.write_project(BEFORE, tmp_path / "project")
    config = load_config(str(tmp_path / "project/mkdocs.yml"))
    plugin = config.plugins["record"]
    assert isinstance(plugin, RecordPlugin)
    for filed, seconds in ((1, 0.1), (3_000, 0.3), (50_000, 0.5)):
        server = LiveReloadServer(lambda: None, "127.0.0.1", 0, str(tmp_path))
        for path in (config.docs_dir, str(config.config_file_path)):
            server.watch(path)
        before = {each.watch.path for each in server.observer.emitters}
        plugin.filed = frozenset(map(str, range(filed)))
        plugin.on_serve(server, config=config, builder=None)
        server.server_close()
        assert server.observer.timeout == seconds
        assert len(before) == 2 and {each.watch.path for each in server.observer.emitters} >= before
