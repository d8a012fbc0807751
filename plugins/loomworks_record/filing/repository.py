"""Filing and git: whether a filing is committed already, and a commit of exactly its files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from loomworks_record.bundle.git import ask_git
from loomworks_record.errors import RecordError

_PATIENCE = 600.0  # seconds: hooks of a repository may run its tests


class GitError(RecordError):
    """Git is not there, or did not do what it was asked to; the message has its own words."""


def in_repository(folder: Path) -> bool:
    """Whether git tracks ``folder``."""
    return ask_git(folder, "rev-parse", "--is-inside-work-tree") == b"true\n"


def committed(folder: Path, paths: Sequence[str]) -> str | None:
    """The short name of the last commit if it holds any of ``paths`` (relative to ``folder``); else None."""
    if not paths or not ask_git(folder, "ls-tree", "-r", "--name-only", "-z", "HEAD", "--", *paths):
        return None
    return (ask_git(folder, "rev-parse", "--short", "HEAD") or b"HEAD").decode().strip()


def commit(folder: Path, paths: Sequence[str], message: str) -> str:
    """Commit exactly ``paths`` (relative to ``folder``), whatever else is staged; the commit's short name.

    This is the only place where git runs what the repository names: its hooks, filters and signing program, as
    whoever asks for a commit expects (docs/security.md).
    Raises GitError with git's reason, a hook's among them; the index is then as it was for these paths.
    """
    known = set(_git(folder, "ls-files", "-z", "--", *paths).split("\0"))
    # A file that was never committed and was moved is neither there nor known: git would refuse its name.
    named = [path for path in paths if path in known or (folder / path).exists()]
    try:
        _git(folder, "add", "--all", "--", *named)
        _git(folder, "commit", "--quiet", "--message", message, "--only", "--", *named)
    except GitError:
        with suppress(GitError):
            _git(folder, "reset", "--quiet", "--", *named)
        raise
    return _git(folder, "rev-parse", "--short", "HEAD").strip()


def _git(folder: Path, *arguments: str) -> str:
    # GIT_DIR and its kin, set while a hook runs, would answer for another repository than the one at folder.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT}
    command = ["git", "--literal-pathspecs", "-C", str(folder), *arguments]
    try:
        answer = subprocess.run(
            command, env=environment | {"LC_ALL": "C"}, capture_output=True, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL, timeout=_PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise GitError(f"git {arguments[0]}: gave no answer in {_PATIENCE / 60:.0f} minutes and was ended") from None
    except OSError as wrong:
        raise GitError(f"git cannot be run: {wrong.strerror}; install it, or leave --commit out") from wrong
    if answer.returncode != 0:
        said = (answer.stderr or answer.stdout).strip().splitlines() or ["it gave no reason"]
        raise GitError(f"git {arguments[0]}: {said[-1] if arguments[0] == 'commit' else said[0]}")
    return answer.stdout


_KEPT = frozenset(
    f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL", "DATE")
) | {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_SSH_COMMAND"}  # fmt: skip
