"""A checkout that names programs wherever it can: no command runs one, but what docs/security.md lists."""

from __future__ import annotations

import os
import shutil

import pytest

from robust.projects import CURRENT, PHASE, Project, make

# Modules that a command or MkDocs imports, and that the folder of the project must not stand in for.
SHADOWS = ("yaml", "mkdocs", "click", "jinja2", "markdown", "msgspec", "lxml", "pagefind", "sitecustomize")
PROGRAMS = (
    "core.fsmonitor", "filter.x.clean", "filter.x.smudge", "filter.x.process", "gpg.program", "gpg.ssh.program",
    "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy", "core.alternateRefsCommand",
    "diff.external", "diff.x.textconv", "diff.x.command", "merge.x.driver", "credential.helper", "sequence.editor",
    "interactive.diffFilter", "pager.log", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
)  # fmt: skip
FETCHING = (
    ("extensions.partialClone", "origin"), ("remote.origin.promisor", "true"), ("protocol.allow", "always"),
    ("protocol.ext.allow", "always"), ("protocol.helper.allow", "always"), ("remote.origin.url", "ext::{program}"),
    ("remote.other.promisor", "true"), ("remote.other.url", "helper::x"), ("remote.third.promisor", "true"),
    ("remote.third.url", "x"), ("remote.third.vcs", "helper"), ("core.sparseCheckout", "true"),
)  # fmt: skip
_GIT = shutil.which("git")
# One that does not know this variable yet, as before 2.39.4.
_EARLIER_GIT = '#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec {git} "$@"\n'
COMMANDS = (
    ("list",), ("check",), ("fresh",), ("verify", "site"), ("log", "--dry-run"), ("export", "--bagit", "../bag"),
    ("compare", f"content/{PHASE}/archive/phase-1-cr-room-booking-v0_1.md", f"content/{CURRENT}"), ("receipt", "x"),
    ("file", "--dry-run", "new-v0_1.md"), ("unfile", "--dry-run"), ("cache", "show"), ("stamp", "site"), ("build",),
    ("status",), ("show", CURRENT), ("blame", CURRENT), ("adopt", "."), ("withdraw", "x", "--reason", "x"),
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("hostile")
    project = make(folder / "project")
    assert project.run("build").status == 0
    project.git("init", "-q")
    project.git("add", "--all")
    project.git("commit", "-qm", "all")
    program = folder / "program"
    program.write_text(f"#!/bin/sh\ntouch '{folder}/ran'\n", "utf-8")
    program.chmod(0o755)
    included = folder / "included"
    for key in PROGRAMS:
        project.git("config", "--file", str(included), key, str(program))
    for name in ("log", "cat-file", "ls-tree", "ls-files", "rev-parse"):
        project.git("config", "--file", str(included), f"alias.{name}", f"!{program}")
    for key, value in (("log.showSignature", "true"), ("core.hooksPath", ".hooks")):
        project.git("config", "--file", str(included), key, value)
    project.git("config", "include.path", str(included))
    project.git("config", "includeIf.gitdir:**.path", str(included))
    for key, value in FETCHING:
        project.git("config", "--file", str(included), key, value.format(program=program))
    # A clone of which a part was left out: git fetches that part from where the configuration says.
    for name in ("HEAD:content", "HEAD:mkdocs.yml"):
        left_out = project.git("rev-parse", name)
        (project.root / ".git/objects" / left_out[:2] / left_out[2:]).unlink()
    (folder / "bin").mkdir()
    for name, text in (("git-remote-helper", program.read_text("utf-8")), ("git", _EARLIER_GIT.format(git=_GIT))):
        (folder / "bin" / name).write_text(text, "utf-8")
        (folder / "bin" / name).chmod(0o755)
    (project.root / ".gitattributes").write_text("* filter=x diff=x\n", "utf-8")
    (project.root / ".hooks").mkdir()
    for name in ("post-index-change", "fsmonitor-watchman", "pre-commit", "reference-transaction"):
        for hooks in (".git/hooks", ".hooks"):
            (project.root / hooks / name).write_bytes(program.read_bytes())
            (project.root / hooks / name).chmod(0o755)
    for name in SHADOWS:
        (project.root / f"{name}.py").write_text(f"open({str(folder / 'ran')!r}, 'w').close()\n", "utf-8")
    (project.content / CURRENT).touch()
    return project


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_command_runs_nothing_of_a_checkout(
    hostile: Project, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{hostile.root.parent / 'bin'}:{os.environ['PATH']}")
    ran = hostile.root.parent / "ran"
    done = hostile.run_installed(*arguments)
    assert not ran.exists(), ran.unlink()
    assert "Traceback" not in done.err
