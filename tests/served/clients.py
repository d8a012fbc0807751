"""Clients of the server: the SDK's own, in this process, over standard input and output, and over HTTP."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import mcp_types as types
from jsonschema import Draft202012Validator
from loomworks_record.mcp.server import Service
from loomworks_record.mcp.snapshot import RecordSource, Snapshot, files_mark
from loomworks_record.opening.open_record import open_record
from loomworks_record.pages.shell import Site
from loomworks_record.source.project import load_project
from mcp import Client, StdioServerParameters, stdio_client

T = TypeVar("T")
COMMAND = [sys.executable, "-m", "loomworks_record.cli.main"]
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def reader_of(folder: Path) -> RecordSource:
    """Of the project in a folder, or of a folder of documents."""
    content = None if (folder / "mkdocs.yml").exists() else folder
    project = load_project(folder, content)
    site = Site("", "", "", "", project.site_url, search=False)
    return RecordSource(lambda: Snapshot(open_record(project), "content", site.absolute), lambda: files_mark(project))


def asking(client: AbstractAsyncContextManager[Client], ask: Callable[[Client], Awaitable[T]]) -> T:
    """What ``ask`` gives of a connected client."""

    async def run() -> T:
        async with client as connected:
            return await ask(connected)

    with ThreadPoolExecutor(1) as thread:  # a browser test before may have left a running loop in this one
        return thread.submit(asyncio.run, run()).result()


def in_process(reader: RecordSource) -> Client:
    return Client(Service(reader).server())


def over_stdio(folder: Path, *arguments: str) -> Client:
    command, *rest = COMMAND
    return Client(stdio_client(StdioServerParameters(command=command, args=[*rest, "mcp", *arguments], cwd=folder)))


@contextmanager
def over_http(folder: Path, *arguments: str) -> Iterator[str]:
    """The address of a server."""
    command = [*COMMAND, "mcp", *arguments, "--http", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stderr is not None
            yield server.stderr.readline().rpartition(" at ")[2].strip()
        finally:
            server.terminate()
            server.wait(30)


class Asked:
    """The tools of one reader, each answer checked: by its schema, and for what a terminal would obey."""

    def __init__(self, reader: RecordSource) -> None:
        self._reader = reader
        tools = asking(in_process(reader), lambda client: client.list_tools()).tools
        self._schemas = {tool.name: Draft202012Validator(tool.output_schema or {}) for tool in tools}

    def all(self, calls: list[tuple[str, dict[str, Any]]]) -> list[types.CallToolResult]:
        """The answers to several calls over one connection."""

        async def ask(client: Client) -> list[types.CallToolResult]:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

        found = asking(in_process(self._reader), ask)
        for (name, _), answer in zip(calls, found, strict=True):
            self.check(name, answer)
        return found

    def check(self, name: str, answer: types.CallToolResult) -> None:
        assert not FORBIDDEN.search(text_of(answer)), (name, text_of(answer))
        if not answer.is_error:
            self._schemas[name].validate(answer.structured_content)
            assert text_of(answer).startswith(answer.structured_content["said"])

    def __call__(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        (answer,) = self.all([(tool, arguments)])
        assert not answer.is_error, text_of(answer)
        return answer.structured_content

    def refused(self, tool: str, /, **arguments: Any) -> str:
        (answer,) = self.all([(tool, arguments)])
        assert answer.is_error, answer.structured_content
        return text_of(answer)

    def pages(self, tool: str, /, **arguments: Any) -> list[dict[str, Any]]:
        """Every page of an answer."""
        found = [self(tool, **arguments)]
        while found[-1]["next"]:
            found.append(self(tool, **arguments, cursor=found[-1]["next"]))
            assert len(found) < 500
        return found


def text_of(answer: types.CallToolResult) -> str:
    (content,) = answer.content
    assert isinstance(content, types.TextContent)
    return content.text
