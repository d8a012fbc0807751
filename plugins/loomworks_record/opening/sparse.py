"""What a sparse checkout of git leaves out of the content: a version that is not there may be the one that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from loomworks_record.bundle.git import ask_git
from loomworks_record.source.problem import Problem
from loomworks_record.source.project import Project

_SPARSE = re.compile(r"^\s*sparsecheckout\s*(?:=\s*(?:true|yes|on|1)\s*)?$", re.IGNORECASE | re.MULTILINE)
_GIT_DIR = "gitdir:"


def left_out_problems(project: Project) -> Iterator[Problem]:
    """One, with the first path and their number, where the repository has files below ``content/`` that
    are not checked out. Git is asked only where its configuration says that a checkout is sparse."""
    if not _is_sparse(project.root):
        return
    answer = ask_git(project.content_dir, "ls-files", "-t", "-z", "--", ".") or b""
    listed = (each.decode("utf-8", "surrogateescape") for each in answer.split(b"\0"))
    paths = [each[2:] for each in listed if each.startswith("S ")]
    missing = [path for path in paths if not (project.content_dir / path).exists()]
    if missing:
        said = f"a sparse checkout leaves out {len(missing):,} of the files: what is shown as current may not be"
        yield Problem(missing[0], None, "file-not-checked-out", said)


def _is_sparse(root: Path) -> bool:
    """Whether the configuration of the repository or of this working tree says so (git-sparse-checkout(1))."""
    git = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if git is None:
        return False
    if git.is_file():  # a working tree beside the first one, or a submodule
        git = git.parent / _text(git).removeprefix(_GIT_DIR).strip()
    common = git / _text(git / "commondir").strip()
    return any(_SPARSE.search(_text(file)) for file in (git / "config.worktree", git / "config", common / "config"))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
