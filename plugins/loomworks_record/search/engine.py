"""Pagefind as a function: pages in, the files of their index out.

The command walks a folder in the order in which its file system lists it, and numbers the pages so: the same pages
give other bytes on another disk. Its service (what its Node and Python interfaces talk to) takes pages one by one,
in our order. Requests and answers are JSON in base64, a comma after each. Pagefind's own Python interface waits a
tenth of a second for every answer, which is a minute for 600 pages; so the few lines are written here.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import msgspec

from loomworks_record.errors import RecordError

# Places of words in one chunk of the index, an answer's unit of transfer (docs/decisions/0050). Pagefind's own 20,000
# are meant for one index; of several a query loads a chunk each.
CHUNK = 2_500
LANGUAGE = "en"
_BLOCK = 1 << 20
PATIENCE = 1_800.0  # seconds that Pagefind may take for one index: some hundred times what a large one takes


class SearchError(RecordError):
    """The index could not be made."""


class _IndexFile(msgspec.Struct):
    path: str
    content: bytes  # in base64


class _Payload(msgspec.Struct):
    type: str
    message: str = "an error"
    files: list[_IndexFile] = []


class _ServiceAnswer(msgspec.Struct):
    """Read into bytes at once: an index has tens of megabytes, and each form that it goes through as many again."""

    payload: _Payload
    message_id: int | None = None


def engine_version() -> str:
    """Pagefind's version: other ones write other bytes."""
    return version("pagefind")


def run_pagefind(pages: Iterable[tuple[str, str]], *, chunk: int = CHUNK) -> dict[str, bytes]:
    """The files of the index over ``pages``, (URL, HTML) in their order, as Pagefind names them.

    Raises SearchError when Pagefind is not there or refuses.
    """
    # A tenth of a second, which a build without a change to make need not pay.
    from pagefind.service import get_executable  # noqa: PLC0415

    program = get_executable()
    if program is None:
        raise SearchError("Pagefind's program is not installed; pip install 'pagefind[bin]'")
    try:
        with _service(program, chunk) as service:
            end = threading.Timer(PATIENCE, service.kill)
            end.daemon = True
            end.start()
            try:
                return _files(service, _requests(pages))
            finally:
                end.cancel()
                service.kill()
    except BrokenPipeError:  # also from what is written when the pipe is closed
        raise SearchError(f"Pagefind ended with {service.returncode} before it was asked everything") from None
    except (FileNotFoundError, PermissionError) as wrong:
        raise SearchError(f"Pagefind's program cannot be run: {wrong.strerror}; reinstall 'pagefind[bin]'") from None


def _service(program: Path, chunk: int) -> subprocess.Popen[bytes]:
    # Settings for Pagefind that a project has are those of another index: files in the folder, PAGEFIND_SITE.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    return subprocess.Popen(
        [program, "--service"],
        cwd=Path(program).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": str(chunk)},
    )


def _requests(pages: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    yield {"type": "NewIndex", "config": {"force_language": LANGUAGE}}
    for url, html in pages:
        yield {"type": "AddFile", "index_id": 0, "url": url, "file_contents": html}
    yield {"type": "GetFiles", "index_id": 0}


def _files(service: subprocess.Popen[bytes], requests: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    assert service.stdin is not None and service.stdout is not None
    # The service queues what it reads and what it says without limit: neither side can wait for the other.
    last = 0
    for last, request in enumerate(requests, 1):
        message = json.dumps({"message_id": last, "payload": request})
        service.stdin.write(b64encode(message.encode("utf-8")) + b",")
    service.stdin.flush()
    for answer in _answers(service.stdout):
        if answer.payload.type == "Error":
            raise SearchError(f"Pagefind says: {answer.payload.message}")
        if answer.message_id == last:
            return {file.path: file.content for file in answer.payload.files}
    raise SearchError(f"Pagefind ended with {service.wait()} and gave no index")


def _answers(stream: IO[bytes]) -> Iterator[_ServiceAnswer]:
    read, rest = bytearray(), b""
    while block := stream.read1(_BLOCK):  # type: ignore[attr-defined]
        *ends, rest = (rest + block).split(b",")
        for end in ends:
            read += b64decode(end)
            told = msgspec.json.decode(read, type=_ServiceAnswer | None)
            read.clear()
            if told:
                yield told
        whole = len(rest) // 4 * 4  # four letters are three bytes
        read += b64decode(rest[:whole])
        rest = rest[whole:]
