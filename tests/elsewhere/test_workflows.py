"""The workflows, the action and the hooks: valid for the programs that read them, and true to our own commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from loomworks_record.bundle.hosts import PROFILES
from loomworks_record.cli.main import COMMANDS, record
from support.site import PROJECT, write_content

from elsewhere.linting import ACTION, HOOKS, WORKFLOWS, module, need_module, scripts, steps

FILES = [*WORKFLOWS, ACTION]
CALLED = re.compile(r"(?:^|[\s;&|(])record ([a-z]+)(?![\w=])([^\n;&|)]*)", re.MULTILINE)


def names(file: Path) -> str:
    return file.name


def wrong_calls(text: str) -> Iterator[str]:
    """Calls of ``record`` in a script or a page that name a command or an option which is not there."""
    for command, rest in CALLED.findall(text):
        if command not in COMMANDS:
            yield f"record {command}"
            continue
        made = record.get_command(click.Context(record), command)  # type: ignore[attr-defined]
        known = {option for parameter in made.params for option in parameter.opts} | {"--help"}
        yield from (f"record {command} {given}" for given in re.findall(r"--[a-z-]+", rest) if given not in known)


@pytest.mark.parametrize("file", WORKFLOWS, ids=names)
def test_workflows_are_valid(file: Path) -> None:
    need_module("check_jsonschema", "check-jsonschema")
    status, said = module("check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file))
    assert status == 0, said
    status, said = module("check_jsonschema", "--builtin-schema", "custom.github-workflows-require-timeout", str(file))
    assert status == 0, said


def test_the_action_is_valid() -> None:
    need_module("check_jsonschema", "check-jsonschema")
    status, said = module("check_jsonschema", "--builtin-schema", "vendor.github-actions", str(ACTION))
    assert status == 0, said


def test_the_linter_finds_a_fault(tmp_path: Path) -> None:
    need_module("check_jsonschema", "check-jsonschema")
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text("utf-8").replace("runs-on:", "run-on:"))
    assert module("check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(broken))[0] == 1


def test_the_hooks_are_valid() -> None:
    need_module("pre_commit", "pre-commit")
    status, said = module("pre_commit", "validate-manifest", str(HOOKS))
    assert status == 0, said


def test_the_hooks_call_commands_that_exist() -> None:
    hooks = yaml.safe_load(HOOKS.read_text("utf-8"))
    assert {hook["id"] for hook in hooks} == {"record-check", "record-log"}
    for hook in hooks:
        assert CALLED.search(hook["entry"])
        assert list(wrong_calls(hook["entry"])) == []
        assert not hook["pass_filenames"]


@pytest.mark.parametrize(
    ("path", "hook", "chosen"),
    [
        ("content/phases/phase-57-x/phase-57-cr-v0_1.md", "record-check", True),
        ("content/brand/guide-v0_1.html", "record-check", True),
        ("record.log.jsonl", "record-check", True),
        ("src/main.py", "record-check", False),
        ("content/notes/archive/note-v0_1.md", "record-log", True),
        ("content/notes/note-v0_2.md", "record-log", False),
    ],
)
def test_the_hooks_run_for_the_files_of_a_record(path: str, hook: str, chosen: bool) -> None:
    by_id = {each["id"]: each for each in yaml.safe_load(HOOKS.read_text("utf-8"))}
    assert bool(re.search(by_id[hook]["files"], path)) is chosen


@pytest.mark.parametrize("file", FILES, ids=names)
def test_scripts_are_bash_and_call_what_exists(file: Path) -> None:
    assert scripts(file) or file.name == "check.yml"
    for script in scripts(file):
        checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, encoding="utf-8")
        assert checked.returncode == 0, checked.stderr
        assert list(wrong_calls(script)) == []


@pytest.mark.parametrize("file", FILES, ids=names)
def test_nothing_is_pasted_into_a_script(file: Path) -> None:
    """A branch may be named like a command: values reach scripts through the environment alone."""
    assert [script for script in scripts(file) if "${{" in script] == []


@pytest.mark.parametrize("file", FILES, ids=names)
def test_what_is_used_has_a_version(file: Path) -> None:
    used = [step["uses"] for step in steps(file) if "uses" in step]
    assert used
    assert [name for name in used if not re.search(r"@(v\d+|[0-9a-f]{40})$|^\./", name)] == []
    for script in scripts(file):
        assert all(re.search(r"wrangler@\d+\.\d+\.\d+ ", line) for line in script.splitlines() if "npx" in line)


@pytest.mark.parametrize("file", WORKFLOWS, ids=names)
def test_workflows_may_only_read_the_repository(file: Path) -> None:
    values = yaml.safe_load(file.read_text("utf-8"))
    assert values["permissions"] == {"contents": "read"}
    checkouts = [step for step in steps(file) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts and all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("file", WORKFLOWS, ids=names)
def test_workflows_give_the_action_inputs_that_it_has(file: Path) -> None:
    known = set(yaml.safe_load(ACTION.read_text("utf-8"))["inputs"])
    calls = [step for step in steps(file) if step.get("uses") == "./.github/actions/record"]
    assert calls
    assert set().union(*(set(step.get("with", {})) for step in calls)) <= known


def test_the_files_that_the_action_installs_from_exist() -> None:
    text = "\n".join(scripts(ACTION))
    assert re.findall(r'"\$tree/([\w.-]+)"', text) == ["requirements-build.txt", "requirements.txt"]
    assert all((PROJECT / name).is_file() for name in re.findall(r'"\$tree/([\w.-]+)"', text))
    assert (ACTION.parent / "summary.py").is_file()


def test_the_nightly_runs_are_told_apart_by_their_times() -> None:
    text = (PROJECT / ".github/workflows/publish.yml").read_text("utf-8")
    declared = set(re.findall(r'cron: "([^"]+)"', text))
    assert set(re.findall(r"schedule == '([^']+)'", text)) == declared
    assert len(declared) == 2


def test_each_python_that_is_supported_builds_the_record() -> None:
    values = yaml.safe_load((PROJECT / ".github/workflows/check.yml").read_text("utf-8"))
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    stated = [name.rpartition(" ")[2] for name in project["classifiers"] if re.search(r"Python :: 3\.\d+$", name)]
    assert values["jobs"]["check"]["strategy"]["matrix"]["python"] == stated


def test_the_action_names_every_host() -> None:
    said = yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]["host"]["description"]
    assert re.findall(r"[\w-]+", said.partition("(")[2]) == list(PROFILES)


def test_a_site_that_is_not_sealed_passes_the_action(tmp_path: Path) -> None:
    """Its step, as it stands there, in a record without site_url."""
    write_content({"notes/a-v0_1.md": "# A\n\n**Version.** 0.1\n"}, tmp_path)
    settings = "site_name: Notes\ndocs_dir: notes\ntheme:\n  name: material\nplugins:\n  - record\n"
    (tmp_path / "mkdocs.yml").write_text(settings, "utf-8")
    build = next(step["run"] for step in steps(ACTION) if step.get("id") == "build")
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {"FOLDER": ".", "HOST": "none", "GITHUB_OUTPUT": str(tmp_path / "outputs"), "PATH": paths}
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", build],
        cwd=tmp_path,
        env={**os.environ, **given},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "::notice::The site is not sealed" in run.stdout
    assert (tmp_path / "outputs").read_text() == "site=./site\n"
