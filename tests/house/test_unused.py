"""Nothing in the stylesheets, templates and scripts that no page can use."""

from __future__ import annotations

import re
from pathlib import Path

from support.site import PROJECT

OVERRIDES = PROJECT / "overrides"
PACKAGE = PROJECT / "plugins/loomworks_record"
_COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_HIGHLIGHT = re.compile(r"\.highlight :is\([^)]*\)")  # classes of Pygments


def texts(folder: Path, *endings: str) -> dict[str, str]:
    """Files below a folder; what browsers and templates read without its comments."""
    files = sorted(file for file in folder.rglob("*") if file.suffix in endings)
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        if file.suffix == ".py"
        else _COMMENT.sub("", file.read_text("utf-8"))
        for file in files
    }


def unused_classes(styles: str, others: str) -> list[str]:
    """Classes with a rule and without a place that writes them, whole or from a stem: ``r-st--{{ … }}``."""
    rules = re.sub(r"\{[^{}]*\}", "{}", _HIGHLIGHT.sub("", styles))
    names = set(re.findall(r"\.([a-z][\w-]*)", rules))
    written = set(re.findall(r"(?<![\w-])[a-z][\w-]*", others))
    stems = (
        *re.findall(r"([a-z][\w-]*--)(?=\$?\{)", others),
        *re.findall(r'class="(?:[^"{]* )?([a-z][\w-]*)(?=\{)', others),
    )
    return sorted(name for name in names - written if not name.startswith(stems))


def test_the_rules_themselves() -> None:
    styles = ".a { x: 1 } .r-b--c .d-gone:hover { y: 1.5rem } .highlight :is(.k) { z: 0 }"
    assert unused_classes(styles, '<p class="a r-b--{{ x }}">') == ["d-gone"]


def test_each_class_with_a_rule_is_written_somewhere() -> None:
    styles = "".join(texts(OVERRIDES, ".css").values())
    others = "\n".join((*texts(OVERRIDES, ".html", ".svg", ".js").values(), *texts(PACKAGE, ".py").values()))
    assert unused_classes(styles, others) == []


def test_each_template_and_each_macro_is_used() -> None:
    templates = texts(OVERRIDES, ".html", ".svg", ".link")
    everything = "\n".join((*templates.values(), *texts(PACKAGE, ".py").values()))
    names = [file.relative_to(OVERRIDES / "record") for file in (OVERRIDES / "record").rglob("*") if file.is_file()]
    assert [str(name) for name in names if not re.search(rf"\b{re.escape(name.stem)}\b", everything)] == []
    macros = re.findall(r"\{% macro (\w+)\(", everything)
    assert [name for name in macros if len(re.findall(rf"\b{name}\b", everything)) < 2] == []


def test_each_block_that_a_template_fills_exists_in_another() -> None:
    templates = texts(OVERRIDES, ".html")
    offered = re.findall(r"\{% block (\w+) %\}", templates["record/base.html"])
    filled = {name for file, text in templates.items() if file != "record/base.html"
              for name in re.findall(r"\{% block (\w+) %\}", text)}  # fmt: skip
    assert filled <= set(offered)


def test_each_name_in_a_script_is_used() -> None:
    for name, text in texts(OVERRIDES, ".js").items():
        made = re.findall(r"^\s*(?:const|let|function) (\w+)\b", text, re.MULTILINE)
        assert [each for each in made if len(re.findall(rf"\b{each}\b", text)) < 2] == [], name
