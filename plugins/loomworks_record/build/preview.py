"""A preview: the site of a project in a folder of its own, served here and built again when a file changes."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from loomworks_record.build.alone import template_folders, write_alone
from loomworks_record.build.folder import SiteFolder
from loomworks_record.errors import RecordError, UsageError
from loomworks_record.source.project import Project, load_project
from loomworks_record.source.settings import read_settings

HOME = "127.0.0.1"
_LOOK = 0.3  # seconds between two looks at the files

Tell = Callable[[str], object]
Signs = Mapping[str, tuple[int, int]]


def preview(project: Project, port: int, tell: Tell, warn: Tell) -> None:
    """Serve the site of ``project`` until Ctrl-C; ``tell`` and ``warn`` are given lines. UsageError where the port is
    taken, whatever ends a build where the first one does not succeed."""
    with tempfile.TemporaryDirectory(prefix="record-") as folder, _listening(Path(folder), port) as server:
        site = SiteFolder(Path(folder))
        address = f"http://{HOME}:{server.server_port}/"
        seen = _signs(project)
        _build(project, site, address, warn)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tell(f"{address}  (Ctrl-C ends it)")
        try:
            _follow(project, site, address, seen, tell, warn)
        except KeyboardInterrupt:
            tell("ended")
        finally:
            server.shutdown()


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


def _follow(project: Project, site: SiteFolder, address: str, seen: Signs, tell: Tell, warn: Tell) -> None:
    """Build again whenever a file is another one, until Ctrl-C."""
    while True:
        time.sleep(_LOOK)
        now = _signs(project)
        if now == seen:
            continue
        seen = now
        began = time.monotonic()
        try:
            project = load_project(project.root)  # the configuration may be what changed
            _build(project, site, address, warn)
        except (RecordError, OSError) as wrong:
            warn(f"not built: {wrong}")
        else:
            tell(f"built again in {time.monotonic() - began:.1f} s")


def _build(project: Project, site: SiteFolder, address: str, warn: Tell) -> None:
    record, *_ = write_alone(project, site, site_url=address)
    for problem in record.compared.new:
        if problem.severity != "notice":
            warn(str(problem))


def _signs(project: Project) -> Signs:
    """What the site is made from, as far as a look at the names tells: size and time of change of each file."""
    settings = project.config_files()
    folders = [project.content_dir, *template_folders(project, read_settings(settings[0]) if settings else {})]
    names = [str(file) for file in (*settings, project.log_file)]
    for folder in folders:
        names += (f"{where}/{name}" for where, _, found in os.walk(folder) for name in found)
    return dict(_each_sign(names))


def _each_sign(names: list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    for name in names:
        with suppress(OSError):  # it went away
            found = Path(name).stat()
            yield name, (found.st_size, found.st_mtime_ns)
