"""The rooms of the package: which may import which, and how large their parts may grow."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from support.site import PROJECT

PLUGINS = PROJECT / "plugins"
PACKAGE = "loomworks_record"
# Each room, and what it may import besides itself. The module of errors and the version belong to no room.
ROOMS: dict[str, tuple[str, ...]] = {
    "asking": (),
    "kept": (),
    "search": ("asking",),
    "source": ("kept",),
    "text": ("source",),
    "comparison": ("source",),
    "bundle": ("source",),
    "record": ("comparison", "kept", "source", "text"),
    "filing": ("bundle", "record", "source"),
    "adoption": ("opening", "record", "source"),
    "opening": ("bundle", "kept", "pages", "record", "source"),
    "render": ("comparison", "record", "source", "text"),
    "pages": ("asking", "comparison", "kept", "record", "render", "source", "text"),
    "build": ("bundle", "comparison", "filing", "kept", "opening", "pages", "record", "render", "search", "source"),
    "mcp": ("asking", "bundle", "kept", "opening", "pages", "record", "source", "text"),
    "host": ("build", "bundle", "kept", "render", "source"),
    "cli": (
        "adoption",
        "asking",
        "build",
        "bundle",
        "comparison",
        "filing",
        "kept",
        "mcp",
        "opening",
        "pages",
        "record",
        "source",
    ),
}
MAX_FUNCTION = 60
MAX_MODULE = 400


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the dotted name of the importing module, the name imported, and where."""

    module: str
    name: str
    line: int
    nested: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name}"


def files() -> list[Path]:
    return sorted(PLUGINS.rglob("*.py"))


def dotted(file: Path, root: Path = PLUGINS) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def room(name: str) -> str | None:
    """The room of a module of ours; None for one that stands beside the rooms."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else None


def imports(source: str, module: str) -> Iterator[Import]:
    """Every import of a module, also those named in a string that is handed to importlib."""
    tree = ast.parse(source)
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        nested = id(node) in inner
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, node.lineno, nested) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import; write the whole name"
            # 'from package import module' and 'from module import value' look alike; both are given.
            yield Import(module, node.module or "", node.lineno, nested)
            yield from (Import(module, f"{node.module}.{alias.name}", node.lineno, nested) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.partition(":")[0]
            if name.startswith(f"{PACKAGE}.") and name.replace(".", "").isidentifier():
                yield Import(module, name, node.lineno, nested=False)


def not_allowed(found: Import) -> bool:
    """Whether ``ROOMS`` does not name an import."""
    own, other = room(found.module), room(found.name)
    if found.name.partition(".")[0] in ("mkdocs", "material"):
        return own != "host"
    if not found.name.startswith(PACKAGE) or other is None:
        return False
    if own is None:
        return found.module not in (PACKAGE, f"{PACKAGE}.__main__")  # the doors: for other programs, for a terminal
    return other not in (own, *ROOMS[own])


@cache
def all_imports() -> tuple[Import, ...]:
    return tuple(found for file in files() for found in imports(file.read_text("utf-8"), dotted(file)))


@pytest.mark.parametrize(
    ("module", "line", "wrong"),
    [
        ("source.names", "from loomworks_record.record import chains", True),
        ("record.chains", "from loomworks_record import render", True),
        ("record.chains", "from loomworks_record.source import names", False),
        ("bundle.seal", "import loomworks_record.host.plugin", True),
        ("bundle.seal", "from mkdocs.config import Config", True),
        ("cli.build", "import mkdocs", True),
        ("cli.build", "from loomworks_record.host import run", True),
        ("host.plugin", "from mkdocs.config import Config", False),
        ("host.plugin", "from loomworks_record.cli import main", True),
        ("pages.home", "PLACE = 'loomworks_record.host.plugin:RecordPlugin'", True),
        ("errors", "from loomworks_record.source import names", True),
        ("source.names", "import mkdocstrings", False),
        ("bundle.seal", "from loomworks_record.pages import plan", True),
        ("comparison.words", "from loomworks_record.text import flat", True),
    ],
)
def test_the_rule_itself(module: str, line: str, wrong: bool) -> None:
    assert any(not_allowed(found) for found in imports(line, f"{PACKAGE}.{module}")) is wrong


def test_every_module_has_a_room() -> None:
    beside = {dotted(file) for file in files() if room(dotted(file)) is None}
    names = ("__main__", "errors", "endings", "forking", "lazy", "stopping", "zstd")
    assert beside <= {PACKAGE, *(f"{PACKAGE}.{name}" for name in names)}


def test_the_table_of_rooms_has_no_circle_and_no_idle_line() -> None:
    TopologicalSorter(ROOMS).prepare()
    used = {(room(found.module), room(found.name)) for found in all_imports()}
    allowed = {(own, other) for own, others in ROOMS.items() for other in others}
    assert allowed - used == set()


def test_imports_follow_the_flow_of_the_data() -> None:
    assert [str(found) for found in all_imports() if not_allowed(found)] == []


def gives_a_reason(lines: list[str], line: int) -> bool:
    """Whether the import at ``line`` (1-based), or the run of imports that it is part of, says why it stands there."""
    while "# noqa: PLC0415" in lines[line - 1]:
        if re.search(r"noqa: PLC0415 - \w", lines[line - 1]):
            return True
        line -= 1
    return lines[line - 1].lstrip().startswith("# ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def f():\n    import yaml\n", False),
        ("def f():\n    import yaml  # noqa: PLC0415\n", False),
        ("def f():\n    import yaml  # noqa: PLC0415 - a tenth of a second\n", True),
        ("def f():\n    # a tenth of a second\n    import a  # noqa: PLC0415\n    import b  # noqa: PLC0415\n", True),
    ],
)
def test_what_counts_as_a_reason(text: str, reason: bool) -> None:
    lines = text.splitlines()
    assert gives_a_reason(lines, len(lines)) is reason


def test_imports_stand_at_the_top_or_say_why_not() -> None:
    """A command may put off a costly import; the circle test below sees these too, so none dodges a cycle."""
    lines = {dotted(file): file.read_text("utf-8").splitlines() for file in files()}
    nested = [found for found in all_imports() if found.nested]
    assert [str(found) for found in nested if not gives_a_reason(lines[found.module], found.line)] == []


def test_no_module_imports_itself_in_a_circle() -> None:
    modules = {dotted(file) for file in files()}
    graph = {module: set[str]() for module in modules}
    for found in all_imports():
        # A package that is imported for one of its modules is no dependency of its own.
        if found.name in modules and not any(name.startswith(f"{found.name}.") for name in modules):
            graph[found.module].add(found.name)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def sizes(place: str, text: str) -> Iterator[tuple[str, int, int]]:
    """What has a limit in a file: where it is, its number of lines, and the limit."""
    yield place, text.count("\n"), MAX_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{place}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1, MAX_FUNCTION


def test_sizes_are_counted() -> None:
    text = "class A:\n    @property\n    def short(self):\n        return 1\n\n\ndef long():\n" + "    x = 1\n" * 60
    assert list(sizes("a.py", text)) == [
        ("a.py", 67, MAX_MODULE),
        ("a.py:7 long", 61, MAX_FUNCTION),
        ("a.py:3 short", 2, MAX_FUNCTION),
    ]


def test_functions_and_modules_are_small() -> None:
    code = [*files(), *sorted((PROJECT / "scripts").rglob("*.py"))]
    found = [size for file in code for size in sizes(str(file.relative_to(PROJECT)), file.read_text("utf-8"))]
    assert [f"{place}: {lines} lines, at most {limit}" for place, lines, limit in found if lines > limit] == []


@pytest.mark.parametrize("command", ["check", "list", "verify"])
def test_reading_commands_never_import_mkdocs(command: str) -> None:
    """They must start fast, and work where no generator is installed."""
    code = (
        "import click, sys; from loomworks_record.cli.main import record; "
        f"record.get_command(click.Context(record), {command!r}); "
        "sys.exit(', '.join(n for n in ('mkdocs', 'material', 'jinja2') if n in sys.modules) or None)"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_each_class_has_a_name_of_its_own() -> None:
    trees = (ast.parse(file.read_text("utf-8")) for file in files())
    counted = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in counted.items() if count > 1] == []
