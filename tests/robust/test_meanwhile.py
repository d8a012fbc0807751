"""Edits, renames, filings and checkouts while a site is built: it says of itself what was read, or it is not built."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from robust.projects import ARCHIVED, CURRENT, PHASE, Project, Ran, make

BUILDS = 100  # with --full

# What a hook of the project does, as somebody else would, at one moment of the build.
HOOK = """
import os
import subprocess
from pathlib import Path

def {event}({arguments}):
    if not os.path.exists("done"):
        Path("done").touch()
        exec(Path("meanwhile.py").read_text())
"""
EVENTS = {
    "on_pre_build": "config",
    "on_files": "files, config",
    "on_env": "env, config, files",
    "on_post_build": "config",
}
CHANGES = {
    "edit": f"Path('content/{CURRENT}').write_text(Path('content/{CURRENT}').read_text() + 'More.\\n')",
    "add": "Path('content/late-note-v0_1.md').write_text('# Late\\n\\n**Version.** 0.1\\n')",
    "remove": f"Path('content/{PHASE}/phase-1-scoping-note-v0_1.md').unlink()",
    "rename": f"Path('content/{PHASE}/plan.svg').rename('content/{PHASE}/drawing.svg')",
    "attachment": f"Path('content/{PHASE}/plan.svg').write_text('<svg/>')",
    "link": f"Path('content/{PHASE}/plan.svg').unlink(); Path('content/{PHASE}/plan.svg').symlink_to('/etc/passwd')",
    "configuration": "Path('mkdocs.yml').write_text(Path('mkdocs.yml').read_text().replace('OUR', 'YOUR'))",
    "template": "Path('overrides').mkdir(exist_ok=True); Path('overrides/extra.css').write_text('a{}')",
    "log": "Path('record.log.jsonl').write_text('')",
    "checkout": "subprocess.run(['git', 'checkout', '-q', 'other'], check=True)",
    "checkout and back": "[subprocess.run(['git', 'checkout', '-q', b], check=True) for b in ('other', 'main')]",
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """With two branches, of which the other one has a document more, and less to say."""
    project = make(tmp_path_factory.mktemp("meanwhile") / "project")
    (project.root / ".gitignore").write_text(".cache/\nsite/\ndone\nmeanwhile.py\nchange.py\n", "utf-8")
    project.git("init", "-q", "-b", "main")
    project.git("add", "--all")
    project.git("commit", "-qm", "one")
    project.git("checkout", "-q", "-b", "other")
    (project.content / CURRENT).write_text("# Another\n\n**Version.** 0.2\n", "utf-8")
    (project.content / "more-v0_1.md").write_text("# More\n\n**Version.** 0.1\n", "utf-8")
    project.git("add", "--all")
    project.git("commit", "-qm", "two")
    project.git("checkout", "-q", "main")
    return project


def check(project: Project, built: Ran) -> str:
    """What came of a build beside which something was changed: found by comparing bytes, without the product."""
    assert "Traceback" not in built.err, built.err
    if built.status != 0:
        assert "again" in built.line, built
        return "refused"
    sources = dict(reversed(line.split("  ")) for line in _integrity(project, "sources.txt").splitlines())
    # What is stamped is what is published; an archived version also where it was published first.
    first = {path.replace("/archive/", "/"): digest for path, digest in sources.items()}
    assert sources | first == project.published()
    assert len(first) == len(sources)  # no two at one address
    statement = json.loads(_integrity(project, "provenance.json"))["predicate"]["buildDefinition"]
    named = {each["name"]: each for each in statement["resolvedDependencies"]}
    commit = named.get("commit")
    if commit and "annotations" not in commit:
        assert sources == _committed(project, commit["digest"]["gitCommit"])
    same = sources == {path: digest for path, digest in project.filed().items() if not _is_link(project, path)}
    same &= named["configuration"]["digest"]["sha256"] == _sha256(project.root / "mkdocs.yml")
    same &= _integrity(project, "log.jsonl") == (project.root / "record.log.jsonl").read_text("utf-8")
    same &= ("templates" in named) == (project.root / "overrides").exists()
    fresh = project.run("fresh")
    assert fresh.status == (0 if same else 7), (same, fresh)
    return "fresh" if same else "older"


@pytest.mark.parametrize(
    ("change", "event"),
    [("edit", "on_env"), ("link", "on_files"), ("configuration", "on_pre_build"), ("checkout", "on_post_build")],
)
def test_changed_while_a_site_is_built(original: Project, tmp_path: Path, change: str, event: str) -> None:
    project = hooked(original, tmp_path / "project", change, event)
    outcome = check(project, project.run("build"))
    assert outcome == ("refused" if change == "configuration" else "older" if event != "on_files" else "fresh")


@pytest.mark.full
@pytest.mark.parametrize("change", CHANGES)
def test_changed_at_each_moment(original: Project, tmp_path: Path, change: str) -> None:
    for event in EVENTS:
        project = hooked(original, tmp_path / event, change, event)
        check(project, project.run("build"))


@pytest.mark.full
def test_changed_at_any_time(original: Project, tmp_path: Path, tally: Callable[[str], None]) -> None:
    """Nobody waits for a hook: the moments are the clock's."""
    chance = random.Random(24)
    begun = time.monotonic()
    copy(original, tmp_path / "measured").run("build")
    length = time.monotonic() - begun
    outcomes = []
    for number in range(BUILDS):
        project = copy(original, tmp_path / f"project-{number}")
        change = chance.choice(list(CHANGES))
        (project.root / "change.py").write_text(f"import subprocess\nfrom pathlib import Path\n{CHANGES[change]}\n")
        process = project.start("build")
        time.sleep(chance.uniform(0.05, length))
        subprocess.run([sys.executable, "change.py"], cwd=project.root, check=True)
        out, err = process.communicate(timeout=180)
        outcomes.append(check(project, Ran(process.returncode, out, err)))
        shutil.rmtree(project.root)
    counted = ", ".join(f"{outcomes.count(each)} {each}" for each in ("fresh", "older", "refused"))
    tally(f"changed while built: {BUILDS} builds, {counted}; fresh was right each time")


def copy(original: Project, folder: Path) -> Project:
    shutil.copytree(original.root, folder)
    return Project(folder)


def hooked(original: Project, folder: Path, change: str, event: str) -> Project:
    project = copy(original, folder)
    (project.root / "meanwhile.py").write_text(CHANGES[change], "utf-8")
    (project.root / "hook.py").write_text(HOOK.format(event=event, arguments=EVENTS[event]), "utf-8")
    file = project.root / "mkdocs.yml"
    file.write_text(f"{file.read_text('utf-8')}\nhooks: [hook.py]\n", "utf-8")
    project.git("add", "--all")
    project.git("commit", "-qm", "with a hook")
    project.git("branch", "-qf", "kept")
    project.git("checkout", "-q", "other")
    project.git("cherry-pick", "kept")
    project.git("checkout", "-q", "main")
    return project


def _integrity(project: Project, name: str) -> str:
    return (project.site / "integrity" / name).read_text("utf-8")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_link(project: Project, path: str) -> bool:
    return (project.content / path).is_symlink()


def _committed(project: Project, commit: str) -> dict[str, str]:
    names = project.git("ls-tree", "-r", "--name-only", commit, "--", "content").splitlines()
    assert f"content/{ARCHIVED}" in names
    folder = project.root / ".git/checked-out-for-comparison"
    folder.mkdir(exist_ok=True)
    project.git("--work-tree", str(folder), "restore", "--source", commit, "--worktree", "--", ".")
    return {name.removeprefix("content/"): _sha256(folder / name) for name in names}
