#!/usr/bin/env bash
# What a client of the Model Context Protocol gets of a tool's answer as data ("structured content", with an output schema), by
# the type that the tool's function declares. The official SDK, on the same values.
#
# Expected: a mapping is the one type that fits as it is; other types are wrapped or are text alone.
# Seen (mcp 2.3.0): the reverse. "-> list[dict]" and "-> str" have a schema and come wrapped as {"result": …}; "-> dict" has neither schema nor
#   structured content, just JSON within a text; "-> dict[str, Any]" has both, and is not wrapped.
# What follows: a bare "dict" in an annotation is a silent loss of the typed answer. Declare dataclasses or models, and test
# structured content through a client, not the function.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check mcp==2.3.0
"$temp/venv/bin/python" - 2>/dev/null <<'PYTHON'
import asyncio
import sys
from typing import Any

from mcp import Client
from mcp.server import MCPServer

server = MCPServer("types")


@server.tool()
def bare() -> dict:
    return {"version": "0.4"}


@server.tool()
def with_types() -> dict[str, Any]:
    return {"version": "0.4"}


@server.tool()
def several() -> list[dict]:
    return [{"version": "0.4"}]


@server.tool()
def text() -> str:
    return "0.4"


async def ask():
    async with Client(server) as client:
        schemas = {tool.name: tool.output_schema is not None for tool in (await client.list_tools()).tools}
        return {name: (has, (await client.call_tool(name, {})).structured_content) for name, has in schemas.items()}


seen = asyncio.run(ask())
for name, (has_schema, content) in seen.items():
    print(f"{name:10} schema: {has_schema!s:5} structured: {content}")
sys.exit(
    seen
    != {
        "bare": (False, None),
        "with_types": (True, {"version": "0.4"}),
        "several": (True, {"result": [{"version": "0.4"}]}),
        "text": (True, {"result": "0.4"}),
    }
)
PYTHON
