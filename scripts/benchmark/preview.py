"""``mkdocs serve`` and ``record serve`` as an author uses them: from saving a file to the page that shows it."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmark import browser
from benchmark.builds import Builds, Figures
from benchmark.results import NotMeasured
from benchmark.running import end, environment
from benchmark.tools import MKDOCS, RECORD

_SEARCH_PATIENCE = 120.0  # seconds until a search must find what was written


@dataclass(frozen=True, slots=True)
class Preview:
    """A running preview."""

    address: str
    process: subprocess.Popen[bytes]

    def wait_for(self, path: str, words: str, seconds: float) -> None:
        """Ask for a page until it holds ``words``."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.process.poll() is not None:
                raise NotMeasured(f"the preview ended with {self.process.returncode}")
            if words.encode() in self._page(path, left):
                return
            time.sleep(0.02)
        raise NotMeasured(f"the preview did not show the page within {seconds:.0f} s")

    def _page(self, path: str, seconds: float) -> bytes:
        """The page as it is now; nothing where there is none yet. While it builds, the server lets us wait."""
        try:
            with urllib.request.urlopen(f"{self.address}/{path}", timeout=seconds) as answer:
                body: bytes = answer.read()
                return body
        except (urllib.error.HTTPError, OSError):
            return b""


def serve(builds: Builds, rounds: int) -> Figures:
    """``mkdocs serve``: from the start to the first page, then for each edit: from the write to the page, and to the
    search."""
    yield from _followed(builds, rounds, "record", (*MKDOCS, "serve", "--dev-addr", "127.0.0.1:{port}"))


def serve_alone(builds: Builds, rounds: int) -> Figures:
    """``record serve``, likewise."""
    yield from _followed(builds, rounds, "alone", (RECORD, "serve", "--port", "{port}"))


def _followed(builds: Builds, rounds: int, name: str, command: Sequence[str | Path]) -> Figures:
    builds.need_site()
    with _serving(builds, command) as preview:
        start = time.monotonic()
        preview.wait_for("documents/", "</html>", builds.timeout)
        yield f"{name}.serve-start", time.monotonic() - start
        for _ in range(rounds):
            yield f"{name}.serve", _shown(builds, preview)[0]
        with browser.browsing() as running:
            for _ in range(rounds):
                seconds, word = _shown(builds, preview)
                start = time.monotonic()
                browser.wait_until_found(running, preview.address, word, _SEARCH_PATIENCE)
                yield f"{name}.serve-search", seconds + time.monotonic() - start


def _shown(builds: Builds, preview: Preview) -> tuple[float, str]:
    """Edit a document: seconds until its page has the new words, and one of them."""
    edit = builds.edit()
    start = time.monotonic()
    preview.wait_for(f"view/{edit.path}.html", edit.word, builds.timeout)
    return time.monotonic() - start, edit.word


@contextmanager
def _serving(builds: Builds, command: Sequence[str | Path]) -> Iterator[Preview]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [str(part).format(port=port) for part in command], cwd=builds.projects.record, stdout=output,
            stderr=output, env=environment(), start_new_session=True,
        )  # fmt: skip
        try:
            # The address of the site counts below 127.0.0.1 too; ours has no folder in it.
            yield Preview(f"http://127.0.0.1:{port}", process)
        finally:
            end(process)
            process.wait()
