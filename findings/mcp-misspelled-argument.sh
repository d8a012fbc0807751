#!/usr/bin/env bash
# A tool of a Model Context Protocol server, written with the official SDK, that takes an optional argument ("on", a day), and a
# client that calls it "day", as a language model easily does.
#
# Expected: an error that names the argument, as Python gives for an unknown keyword. The SDK does check types: a number where a
# text is expected is refused.
# Seen (mcp 2.3.0): no error. The unknown argument is dropped before the function is called, the default is used, and the answer, for
#   another question than was asked, is marked as a success. The published schema says nothing of other properties, so a
#   client that validates by it sees no fault either.
# What follows: a server whose answers depend on optional arguments must refuse unknown ones itself, and say so in its schema.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check mcp==2.3.0
"$temp/venv/bin/python" - 2>/dev/null <<'PYTHON'
import asyncio
import sys

from mcp import Client
from mcp.server import MCPServer

server = MCPServer("days")


@server.tool()
def which_version_holds(on: str = "today") -> str:
    return f"the version that holds {on}"


async def ask():
    async with Client(server) as client:
        right = await client.call_tool("which_version_holds", {"on": "2026-05-12"})
        misspelled = await client.call_tool("which_version_holds", {"day": "2026-05-12"})
        of_another_type = await client.call_tool("which_version_holds", {"on": 20260512})
        schema = (await client.list_tools()).tools[0].input_schema
    return right, misspelled, of_another_type, schema


right, misspelled, of_another_type, schema = asyncio.run(ask())
print("right:          ", right.is_error, right.content[0].text)
print("misspelled:     ", misspelled.is_error, misspelled.content[0].text)
print("of another type:", of_another_type.is_error)
print("schema:         ", schema)
sys.exit(
    (right.content[0].text, misspelled.is_error, misspelled.content[0].text, of_another_type.is_error)
    != ("the version that holds 2026-05-12", False, "the version that holds today", True)
    or "additionalProperties" in schema
)
PYTHON
