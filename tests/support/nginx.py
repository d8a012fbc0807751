"""A real nginx for a built folder, started and stopped by the test."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import programs

_CONFIGURATION = """\
{user}
daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder};
        {lines}
    }}
}}
"""
_PLAIN = "index index.html; error_page 404 /404.html; types { text/html html; text/css css; text/javascript js; }"


@contextmanager
def serve(folder: Path, work: Path, *, include: Path | None = None) -> Iterator[str]:
    """The address, without final slash, of an nginx that serves ``folder``.

    ``work``: an empty folder for its files. ``include``: a file of directives for its ``server`` block, in place of
    plain ones. AssertionError with nginx's own words when it does not start.
    """
    executable = programs.need("nginx", package="nginx-light")
    port = _free_port()
    work.mkdir(parents=True, exist_ok=True)
    configuration = work / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            # Its workers would otherwise become another user, who cannot read the folders of a test run by root.
            user="user root;" if os.geteuid() == 0 else "",
            work=work,
            port=port,
            folder=folder,
            lines=_PLAIN if include is None else f"include {include};",
        )
    )
    with (work / "errors.txt").open("w+") as errors:
        process = subprocess.Popen([executable, "-p", str(work), "-c", str(configuration)], stderr=errors)
        try:
            _wait_for(port, process, work / "errors.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], errors: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nginx did not start: {errors.read_text()}")
