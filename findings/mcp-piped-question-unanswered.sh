#!/usr/bin/env bash
# A server of the Model Context Protocol on standard input and output, asked by a shell: "printf … | server", the last line of which
# calls a tool. The same tool once as "def" and once as "async def"; both return at once. The official SDK.
#
# Expected: both answer and end, or both leave the question unanswered because the input has ended.
# Seen (mcp 2.3.0): "async def" answers. Of "def" there is no answer and no error, and the exit status is 0: such a function runs in
#   another thread, the end of the input is seen before it returns, and what it returns is dropped. How long it takes makes no
#   difference. (An "async def" that waits longer is answered with the error "Connection closed".)
# What follows: a check of a server from a shell must keep the input open until the answers are there; a server that is to be asked so
#   needs asynchronous handlers.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check mcp==2.3.0
cat >"$temp/server.py" <<'PYTHON'
from mcp.server import MCPServer

server = MCPServer("piped")


@server.tool()
def plain() -> str:
    return "done"


@server.tool()
async def asynchronous() -> str:
    return "done"


server.run()
PYTHON
ask() {
  printf '%s\n' \
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"shell","version":"0"}}}' \
    '{"jsonrpc":"2.0","method":"notifications/initialized"}' \
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"'"$1"'","arguments":{}}}' |
    "$temp/venv/bin/python" "$temp/server.py" 2>/dev/null | grep -c '"id":2' || true
}
plain=$(ask plain) asynchronous=$(ask asynchronous)
echo "answers of 'def': $plain, of 'async def': $asynchronous"
[ "$plain $asynchronous" = "0 1" ]
