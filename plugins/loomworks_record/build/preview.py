"""A preview: the site of a project in a folder of its own, served here and built again when a file changes."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from loomworks_record.build.alone import settings_of, template_folders, write_alone
from loomworks_record.build.folder import SiteFolder
from loomworks_record.build.search_later import SearchLater
from loomworks_record.errors import RecordError, UsageError
from loomworks_record.source.project import Project, load_project
from loomworks_record.stopping import end_if_asked

HOME = "127.0.0.1"
# Seconds between two looks at the files; of many files, so many times what a look takes.
_LOOK, _TIMES = 0.1, 5
_MOST_UNFINISHED = 5  # builds in a row: whoever edits without end sees whole sites, too
_SETTLE = 0.02  # seconds in which a program that saves a file writes the rest of it

Tell = Callable[[str], object]
Signs = Mapping[str, tuple[int, int]]


def preview(project: Project, port: int, tell: Tell, warn: Tell) -> None:
    """Serve the site of ``project`` until Ctrl-C; ``tell`` and ``warn`` are given lines. UsageError where the port is
    taken, whatever ends a build where the first one does not succeed."""
    with tempfile.TemporaryDirectory(prefix="record-") as folder, _listening(Path(folder), port) as server:
        site = _Site(SiteFolder(Path(folder), ours=True), f"http://{HOME}:{server.server_port}/", warn)
        seen = _signs(project)
        site.build(project)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tell(f"{site.address}  (Ctrl-C ends it)")
        try:
            _follow(project, site, seen, tell)
        except KeyboardInterrupt:
            tell("ended")
        finally:
            site.search.stop()
            server.shutdown()


class OutdatedError(Exception):
    """What is being built is not wanted any more."""


@dataclass(frozen=True)
class _Site:
    """The site that is looked at. Its search follows its pages."""

    folder: SiteFolder
    address: str
    warn: Tell
    search: SearchLater = field(default_factory=SearchLater)

    def build(self, project: Project, is_outdated: Callable[[], bool] = lambda: False) -> None:
        """Raises OutdatedError where a newer build is wanted before this one is over; edited pages are there then."""

        def go_on(done: int, of: int) -> None:
            if is_outdated():
                raise OutdatedError

        self.search.stop()
        with self.search.lock:
            record = write_alone(project, self.folder, go_on, self.address, later=self.search).record
        for problem in record.compared.new:
            if problem.severity != "notice":
                self.warn(str(problem))


class _Handler(SimpleHTTPRequestHandler):
    """As hosts answer: no lists of folders, our page for what is not there, and always the newest."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".md": "text/plain; charset=utf-8"}  # noqa: RUF012

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, "404.html")
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _listening(folder: Path, port: int) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer((HOME, port), partial(_Handler, directory=str(folder)))
    except OSError as wrong:
        raise UsageError(f"port {port}: {wrong.strerror}; name another one with --port") from None


def _follow(project: Project, site: _Site, seen: Signs, tell: Tell) -> None:
    """Build again whenever a file is another one, until Ctrl-C."""
    took, told, unfinished = 0.0, threading.Event(), 0
    with _told_of_changes(project, told):
        while True:
            if told.wait(max(_LOOK, _TIMES * took)):
                time.sleep(_SETTLE)
                told.clear()
            end_if_asked()
            began = time.monotonic()
            now = _signs(project)
            took = time.monotonic() - began
            if now == seen and not unfinished:
                continue
            seen, unfinished = now, unfinished + 1
            try:
                project = load_project(project.root)  # the configuration may be what changed
                site.build(project, told.is_set if unfinished < _MOST_UNFINISHED else lambda: False)
            except OutdatedError:
                continue
            except (RecordError, OSError) as wrong:
                site.warn(f"not built: {wrong}")
            else:
                tell(f"built again in {time.monotonic() - began:.1f} s")
            unfinished = 0


@contextmanager
def _told_of_changes(project: Project, told: threading.Event) -> Iterator[None]:
    """Set ``told`` when the system says that a file of the content is another one. Where it says nothing (a disk of
    another machine, too many folders), that shows at the next look."""
    from watchdog import events  # noqa: PLC0415 - a twentieth of a second, and the first page is there already
    from watchdog.observers import Observer  # noqa: PLC0415 - likewise

    handler, observer = events.FileSystemEventHandler(), Observer()
    handler.on_any_event = lambda event: told.set()  # type: ignore[method-assign]
    ours = [events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent, events.FileDeletedEvent]
    with suppress(OSError):
        observer.schedule(handler, str(project.content_dir), recursive=True, event_filter=ours)
        observer.start()
    try:
        yield
    finally:
        observer.stop()


def _signs(project: Project) -> Signs:
    """What the site is made from, as far as a look at the names tells: size and time of change of each file."""
    settings = project.config_files()
    folders = [project.content_dir, *template_folders(project, settings_of(project))]
    names = [str(file) for file in (*settings, project.log_file)]
    for folder in folders:
        names += (f"{where}/{name}" for where, _, found in os.walk(folder) for name in found)
    return dict(_each_sign(names))


def _each_sign(names: list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    for name in names:
        with suppress(OSError):  # it went away
            found = Path(name).stat()
            yield name, (found.st_size, found.st_mtime_ns)
