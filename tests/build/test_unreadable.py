"""No document ends a run: each reader is broken on purpose, and everything else goes on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from build.workshop import Workshop, differences, held
from click.testing import CliRunner
from loomworks_record.build import pages as build_pages
from loomworks_record.build import search as build_search
from loomworks_record.build import work
from loomworks_record.cli.main import record
from loomworks_record.pages import site_pages, texts
from loomworks_record.pages.addresses import PROBLEMS
from loomworks_record.record.citations.cite import Citations
from loomworks_record.record.trajectories import stories
from loomworks_record.source import document as source_document
from loomworks_record.source.problem import TRACEBACKS, UNREADABLE
from loomworks_record.text import reading

BROKEN = "phases/phase-7-rates/phase-7-rates-note-v0_2.md"
PHASE = "phases/phase-7-rates"
MARK = "quagga"
RECORD = {
    BROKEN: f"# Rates\n\n**Version.** 0.2 **Status.** draft; see CR v0.1\n\n## 1. Why\n\nThe {MARK} of §1, CR v0.1.\n",
    f"{PHASE}/archive/phase-7-rates-note-v0_1.md": "# Rates\n\n**Version.** 0.1\n\n## 1. Why\n\nA text.\n",
    f"{PHASE}/phase-7-cr-rates-v0_1.md": "# CR\n\n**Version.** 0.1\n\nAs the rates note v0.2 says in §1.\n",
    f"{PHASE}/phase-7-halt-surface-2026-05-12-v0_1.md": "# Halt\n\n**Date.** 2026-05-12\n\nA surprise.\n",
    "notes/other-v0_1.md": "# Other\n\n[rates](../phases/phase-7-rates/phase-7-rates-note-v0_2.md)\n",
}


def breaking(real: Callable[..., Any], at: Callable[..., bool]) -> Callable[..., Any]:
    """``real``, which fails at the broken document."""

    def broken(*arguments: Any, **others: Any) -> Any:
        if at(*arguments):
            raise IndexError("string index\nout of range")
        return real(*arguments, **others)

    return broken


# reader → (where it is called, its name there, whether its arguments are those of the broken document)
READERS: dict[str, tuple[list[tuple[object, str]], Callable[..., bool]]] = {
    "source": ([(source_document, "read_document")], lambda path, *_: path == BROKEN),
    "sections": ([(reading, "sections_of")], lambda flat, *_: MARK in flat.text),
    "mentions": ([(reading, "mentions")], lambda flat, *_: MARK in flat.text),
    "citations": ([(Citations, "_resolved")], lambda _, document: document.path == BROKEN),
    "trajectories": ([(stories, "trajectory")], lambda _, phase, *__: phase.number == 7),
    "body": ([(work, "render_text"), (texts, "render_text")], lambda job: job.path == BROKEN),
    "comparison": (
        [(work, "changes_of"), (build_pages, "changes_of")],
        lambda inputs, *_: inputs.new.home.startswith(f"view/{BROKEN}"),
    ),
    "frame": ([(site_pages, "document_page")], lambda _, __, document, *___: document.path == BROKEN),
    "search text": ([(build_search, "searched")], lambda by, text: MARK in text.body),
}
READ_BY_COMMANDS = ("source", "sections", "mentions", "citations", "trajectories")


def break_reader(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    places, at = READERS[name]
    for place, function in places:
        monkeypatch.setattr(place, function, breaking(getattr(place, function), at))


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.chdir(tmp_path)
    made = Workshop(tmp_path)
    for path, text in RECORD.items():
        made.write(path, text)
    return made


def told(workshop: Workshop) -> list[dict[str, Any]]:
    problems = json.loads((workshop.site / "api/problems.json").read_bytes())
    return [problem for problem in problems if problem["code"] == UNREADABLE]


@pytest.mark.parametrize("name", READERS)
def test_a_build_goes_on(name: str, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = workshop.build_anew("whole")
    with monkeypatch.context() as broken:
        break_reader(broken, name)
        for _ in range(2):  # what is kept hides nothing
            workshop.build()
            (problem,) = told(workshop)
            assert problem["path"] == (PHASE if name == "trajectories" else BROKEN)
            assert problem["severity"] == "error"
            assert problem["line"] == (7 if name in ("sections", "mentions") else None)
            assert "IndexError: string index out of range" in problem["message"]
            assert UNREADABLE in (workshop.site / PROBLEMS).read_text("utf-8")
        site = held(workshop.site)
        apart = ("pagefind/", "api/cites", "api/sections")
        assert site.keys() >= {path for path in whole if not path.startswith(apart)}
        for path, text in RECORD.items():
            assert site[f"raw/{path}"] == text.encode()
        if name == "frame":
            assert f"raw/{BROKEN}" in site[f"view/{BROKEN}.html"].decode()
        else:
            assert MARK in site[f"view/{BROKEN}.html"].decode()
        other = "view/notes/other-v0_1.md.html"
        assert site[other] == whole[other]
    workshop.build()
    assert differences(held(workshop.site), whole) == []


@pytest.mark.parametrize("name", READ_BY_COMMANDS)
def test_commands_go_on(name: str, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    break_reader(monkeypatch, name)
    listed = CliRunner().invoke(record, ["list", "--json", "--content", str(workshop.content)])
    assert (listed.exit_code, listed.exception) == (0, None)
    whole = json.loads(listed.stdout)
    assert {document["path"] for document in whole["documents"]} == set(RECORD)
    checked = CliRunner().invoke(record, ["check", "--json", "--content", str(workshop.content)])
    assert checked.exit_code == 1
    assert json.loads(checked.stdout) == whole["problems"]
    assert [problem["code"] for problem in whole["problems"]].count(UNREADABLE) == 1
    said = CliRunner().invoke(record, ["check", "--content", str(workshop.content)])
    assert "1 document could not be read whole" in said.stderr.splitlines()[-1]
    assert "Traceback" not in said.output + said.stderr


def test_the_traceback_is_there_for_who_asks(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_reader(monkeypatch, "mentions")
    with caplog.at_level(logging.DEBUG, TRACEBACKS):
        workshop.build()
    assert "Traceback" in caplog.text and "in broken" in caplog.text


@pytest.mark.parametrize("wrong", [RecursionError("too deep"), MemoryError(), KeyError("x"), AssertionError()])
def test_whatever_it_is(wrong: Exception, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise wrong

    monkeypatch.setattr(work, "render_text", broken)
    monkeypatch.setattr(texts, "render_text", broken)
    counted = workshop.build()
    assert {problem.path for problem in counted.problems} == set(RECORD)
