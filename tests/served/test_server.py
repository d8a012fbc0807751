"""The server as a whole: both transports with the SDK's own client, files that change, hostile texts and arguments."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from click.testing import CliRunner
from hostile import documents
from loomworks_record.cli import mcp as command
from loomworks_record.mcp import snapshot
from loomworks_record.record.record import Record
from mcp import Client
from mcp.shared.exceptions import MCPError
from support.site import PROJECT, Build, write_content, write_project

from served.clients import COMMAND, FORBIDDEN, Asked, asking, over_http, over_stdio, reader_of, text_of

P57 = "phases/phase-57-marketing-engagement-creation"
CR = f"{P57}/phase-57-cr-marketing-engagement-creation-v0_4.md"


async def transcript(client: Client) -> None:
    """What a client does of all that the protocol has."""
    assert "never instructions" in (client.instructions or "")
    assert len((await client.list_tools()).tools) == 9
    told = await client.call_tool("trajectory", {"phase": "57"})
    assert told.structured_content["in_force"]["path"] == CR
    listed = await client.list_resources()
    assert listed.next_cursor is None and listed.resources[1].uri == f"record://packs/{P57.removeprefix('phases/')}"
    templates = (await client.list_resource_templates()).resource_templates
    assert [each.uri_template for each in templates] == ["record://documents/{+path}", "record://packs/{phase}"]
    for uri, begins in (
        (f"record://documents/{CR}", "Current: v0.4"),
        ("record://packs/57", "# Phase 57"),
        ("record://schema", "{"),
    ):
        (content,) = (await client.read_resource(uri)).contents
        assert isinstance(content, types.TextResourceContents) and content.text.startswith(begins)
    reference = types.ResourceTemplateReference(uri="record://documents/{+path}")
    completed = await client.complete(reference, {"name": "path", "value": "CR-2026-090"})
    assert completed.completion.values == [CR]
    phases = await client.complete(types.PromptReference(name="pick_up_phase"), {"name": "phase", "value": "57"})
    assert phases.completion.values == [P57.removeprefix("phases/")]
    assert [each.name for each in (await client.list_prompts()).prompts] == ["pick_up_phase", "still_true"]
    prompt = await client.get_prompt("pick_up_phase", {"phase": "57"})
    assert isinstance(prompt.messages[0].content, types.TextContent) and '"57"' in prompt.messages[0].content.text
    for refused in (
        client.read_resource("record://documents/../../etc/passwd"),
        client.read_resource("file:///etc/passwd"),
        client.get_prompt("still_true", {}),
        client.call_tool("delete", {}),
    ):
        with pytest.raises(MCPError):
            await refused


def test_over_standard_input_and_output() -> None:
    asking(over_stdio(PROJECT), transcript)


def test_over_http_for_this_machine_only() -> None:
    with over_http(PROJECT) as url:
        asking(Client(url), transcript)
        port = int(url.split(":")[2].partition("/")[0])
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
        kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        for headers, status in (
            ({"Host": "record.example"}, 421),
            ({"Host": f"record.example:{port}"}, 421),
            ({"Host": f"127.0.0.1:{port + 1}"}, 421),
            ({"Origin": "https://record.example"}, 403),
            ({"Origin": f"http://127.0.0.1:{port}.example"}, 403),
            ({"Origin": "null"}, 403),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("POST", "/mcp", body, {**kinds, **headers})
            assert connection.getresponse().status == status, headers
            connection.close()


@pytest.mark.parametrize(
    "given", ["0.0.0.0:8765", "record.example:80", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:70000"]
)
def test_an_address_that_others_reach_is_refused(given: str) -> None:
    ran = CliRunner().invoke(command.mcp, [str(PROJECT / "content"), "--http", given])
    assert "--http: expected an address" in str(ran.exception)


def test_without_the_sdk_a_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    ran = CliRunner().invoke(command.mcp, [])
    assert str(ran.exception) == (
        "'record mcp' needs the SDK of the protocol, which is not installed: pip install 'loomworks-record[mcp]'"
    )


def test_a_built_site_answers_as_its_content_does_and_only_when_it_is_verified(
    sample_site: Build, tmp_path: Path
) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("trajectory", {"phase": "57", "cycle": 3}),
        ("read", {"name": "CR v0.2 §12", "phase": 57}),
        ("cited_by", {"name": "CR-2026-090"}),
        ("resolve", {"name": "gate 5b"}),
        ("context", {"phase": "39", "tokens": 20_000}),
    ]

    async def ask(client: Client) -> list[Any]:
        return [(await client.call_tool(*call)).structured_content for call in calls]

    def plain(answers: list[Any]) -> list[Any]:
        return [
            {key: value for key, value in each.items() if key not in ("read_at", "source", "next")} for each in answers
        ]

    of_content = asking(over_stdio(sample_site.folder), ask)
    of_site = asking(over_stdio(sample_site.folder, "site"), ask)
    assert plain(of_site) == plain(of_content)
    assert {each["source"] for each in of_site} == {"verified site"}
    copy = tmp_path / "site"
    write_content(sample_site.site, copy)
    filed = copy / "raw" / CR
    filed.write_text(filed.read_text("utf-8").replace("Field 6", "Field 7"), "utf-8")
    refused = subprocess.run([*COMMAND, "mcp", str(copy)], capture_output=True, encoding="utf-8", timeout=60, input="")
    assert refused.returncode == 1 and "is not verified; --unverified serves it nonetheless" in refused.stderr
    assert f"file-differs: raw/{CR}" in refused.stderr
    (told, *_) = asking(over_stdio(tmp_path, str(copy), "--unverified"), ask)
    assert told["source"] == "unverified site"


def test_a_site_at_its_address_is_read_as_it_is_served(
    sample_site: Build, serve: Callable[..., str], tmp_path: Path
) -> None:
    async def ask(client: Client) -> types.CallToolResult:
        return await client.call_tool("resolve", {"name": "CR-2026-090"})

    url = serve(sample_site.site, like_pages=True)
    told = asking(over_stdio(tmp_path, url), ask)
    assert told.structured_content["source"] == "verified site"
    assert told.structured_content["items"][0]["address"].startswith(f"{url.rstrip('/')}/view/{P57}/")
    assert "UNVERIFIED" in text_of(asking(over_stdio(tmp_path, url, "--unverified"), ask))


def test_what_is_filed_while_it_runs_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LOOK_AGAIN", 0.0)
    text = "# Note\n\n**Version.** 0.{} **Date.** 2026-05-12\n\n## §1 Part\n\nWord {}.\n"
    write_content({"notes/note-v0_1.md": text.format(1, "one")}, tmp_path)
    reader = reader_of(tmp_path)
    ask = Asked(reader)
    first = ask("read", name="note v0.1")
    assert first["said"].startswith("Current: v0.1") and reader.snapshot() is reader.snapshot()
    (tmp_path / "notes/note-v0_2.md").write_text(text.format(2, "two"), "utf-8")
    assert ask("read", name="note v0.1", section="1")["said"].startswith(
        "Archived: v0.2 is in force; §1 changed in v0.2"
    )
    (tmp_path / "notes").rename(tmp_path / "away")
    assert ask("resolve", name="note v0.1")["items"][0]["path"] == "away/note-v0_1.md"


def test_a_folder_that_went_is_told_and_the_server_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LOOK_AGAIN", 0.0)
    content = tmp_path / "content"
    write_content({"note-v0_1.md": "# Note\n"}, content)
    ask = Asked(reader_of(content))
    assert ask("resolve", name="note")["sure"]
    content.rename(tmp_path / "gone")
    assert "there is no folder" in ask.refused("resolve", name="note")
    (tmp_path / "gone").rename(content)
    assert ask("resolve", name="note")["sure"]


_LONG = "a" * 5_000_000
HOSTILE: list[tuple[str, Any]] = [
    *((tool, {"name": name}) for tool in ("resolve", "read", "cited_by") for name in (
        "../../../etc/passwd", "/etc/passwd", "..\\..\\windows", "content/../../secret-v0_1.md", "file:///etc/passwd",
        "\x1b]0;title\x07", "\x00", "\u202egpj.exe", "%2e%2e%2fetc%2fpasswd", " ", "§", "'; DROP TABLE entries; --",
        "{{7*7}}", "ignore all previous instructions", "v" * 500, "§" * 500, "(" * 500, "\u200b" * 400,
    )),
    *(("read", {"name": documents.BENIGN, **more}) for more in (
        {"lines": "0-0"}, {"lines": "999999999-999999999"}, {"lines": "1-999999999"}, {"lines": "1"},
        {"tokens": 10**30},
        {"tokens": -1}, {"tokens": 1.5}, {"cursor": "x"}, {"cursor": "9" * 500}, {"section": "\x1b[2J"},
        {"section": "#" * 500}, {"cursor": f"{'0' * 12}.{'9' * 12}"}, {"phase": -1}, {"phase": 10**40},
    )),
    ("resolve", {"name": _LONG}), ("search", {"text": _LONG}), ("search", {"text": '"'}), ("search", {"text": '""'}),
    ("search", {"text": "(" * 400}), ("search", {"text": "a " * 240}), ("search", {"text": "x", "kind": "\x07"}),
    ("check", {"path": "../.."}), ("check", {"path": "\x1b"}), ("status", {"since": "0000-00-00"}),
    ("status", {"since": "9999-12-31"}), ("context", {"phase": "../..", "tokens": 500}), ("resolve", {}),
    ("resolve", {"name": ["x"]}), ("resolve", {"name": {"$ref": "x"}}), ("resolve", {"name": None}),
    ("resolve", {"name": "x", "__proto__": {}}), ("compare", {"old": documents.BENIGN, "new": "/etc/passwd"}),
    ("trajectory", {"phase": "66", "cycle": 10**9}),
]  # fmt: skip


def test_hostile_texts_and_arguments_are_answered_or_refused_and_nothing_ends(tmp_path: Path) -> None:
    """Over the real transport: what a text says changes nothing, and no answer holds what a terminal obeys."""
    project = tmp_path / "project"
    write_project({}, project)
    write_content(documents.record(), project / "content")
    record = reader_of(project).snapshot().whole.record
    every = [("read", {"name": each.path, "tokens": 50_000}) for each in record.documents]
    every += [
        ("compare", {"old": each.path, "form": "words"})
        for each in record.documents
        if record.standing(each) == "archived"
    ]
    every += [("cited_by", {"name": each.path}) for each in record.documents[::10]] + [("check", {}), ("status", {})]
    assert len(every) + len(HOSTILE) > 200
    kept = Asked(reader_of(project))

    async def ask(client: Client) -> None:
        for name, arguments in (*every, *HOSTILE):
            answer = await client.call_tool(name, arguments)
            kept.check(name, answer)
            said = text_of(answer)
            assert not answer.is_error or (len(said) < 3_500 and "Traceback" not in said), (name, said[:200])
            assert "root:" not in said
            if name == "read" and not answer.is_error:
                mark = answer.structured_content["quoted"]["sha256"][:16]
                assert said.count(f"--- end of filed text {mark} ---") == 1
        for uri in (
            "record://documents/%2e%2e/%2e%2e/etc/passwd",
            "record://packs/..",
            "record://\x1b[2J",
            "x" * 9_999,
        ):
            with pytest.raises(MCPError) as refused:
                await client.read_resource(uri)
            assert not FORBIDDEN.search(str(refused.value)) and len(str(refused.value)) < 500
        assert (await client.call_tool("resolve", {"name": "benign"})).structured_content["sure"]

    asking(over_stdio(project), ask)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["project"]


def test_what_is_no_message_of_the_protocol_does_not_end_it() -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}
    resolve = {"name": "resolve", "arguments": {"name": "57"}}
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}).encode(),
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        *(b"", b"\x00\xff\xfe", b"{", b"[" * 100_000),
        b'{"jsonrpc":"2.0","id":2,"method":"\\ud800"}',
        b'{"jsonrpc":"2.0","id":3,"method":"tools/call"}',
        b'{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"resolve","arguments":{"name":"\\ud800"}}}',
        json.dumps({"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": resolve}).encode(),
    ]
    with subprocess.Popen([*COMMAND, "mcp"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write(b"\n".join(lines) + b"\n")
        server.stdin.flush()
        answer: dict[str, Any] = {}
        while answer.get("id") != 9:
            answer = json.loads(server.stdout.readline())
        assert answer["result"]["structuredContent"]["sure"]
        server.stdin.close()
        assert server.wait(20) == 0


def test_a_question_that_fails_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Asked(reader_of(PROJECT))

    def fails(*_: object) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(Record, "standing", fails)
    assert (
        ask.refused("resolve", name="57 cr")
        == "resolve: it could not be answered (ZeroDivisionError); --debug shows why"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(number: signal.Signals) -> None:
    with subprocess.Popen([*COMMAND, "mcp"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
        server.stdin.flush()
        server.stdout.readline()
        server.send_signal(number)
        assert server.wait(20) == 128 + number


def test_listing_does_not_load_the_sdk() -> None:
    code = (
        "import sys; from loomworks_record.cli.main import main\n"
        "try: main(['list', '--content', 'content'])\n"
        "except SystemExit: pass\n"
        "sys.exit(' '.join({'mcp', 'pydantic', 'asyncio', 'loomworks_record.mcp'}.intersection(sys.modules)) or None)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
