"""Compiled templates are kept beside our compiled modules, and only as long as they are those of the text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment
from loomworks_record.render import templates

TEXT = {"page.html": "{{ 'a.css'|asset }} {{ name }}"}


def rendered(assets: dict[str, str], text: dict[str, str] = TEXT) -> str:
    env = templates.environment(text, lambda target, page: target, assets)
    return env.get_template("page.html").render(name="<x>")


def refuse(*_: object) -> None:
    raise AssertionError("compiled again")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(templates, "cache_from_source", lambda _: str(tmp_path / "templates.pyc"))
    return tmp_path


def test_what_was_compiled_is_taken(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rendered({"a.css": "a.1.css"})
    assert first == "a.1.css &lt;x&gt;"
    monkeypatch.setattr(Environment, "compile", refuse)
    assert rendered({"a.css": "a.1.css"}) == first
    assert len(list(kept.iterdir())) == 1


def test_other_assets_and_another_text_are_compiled(kept: Path) -> None:
    """Jinja puts the name of an asset into what it compiles."""
    rendered({"a.css": "a.1.css"})
    assert rendered({"a.css": "a.2.css"}) == "a.2.css &lt;x&gt;"
    assert rendered({"a.css": "a.2.css"}, {"page.html": "{{ name }}"}) == "&lt;x&gt;"


@pytest.mark.parametrize("data", [b"", b"j2", b"\x00" * 400])
def test_what_is_damaged_is_compiled(kept: Path, data: bytes) -> None:
    first = rendered({})
    (file,) = kept.iterdir()
    file.write_bytes(data)
    assert rendered({}) == first
    file.write_bytes(file.read_bytes()[: len(file.read_bytes()) // 2])
    assert rendered({}) == first


def test_nothing_is_kept_where_python_keeps_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    rendered({})
    assert list(kept.iterdir()) == []
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    kept.rmdir()  # nor where it cannot be
    rendered({})
