"""Git, asked about a repository that may be a stranger's: nothing that its configuration names is run.

A repository's own ``.git/config`` can name programs (core.fsmonitor, filter.<name>.clean, gpg.program, a remote's
upload-pack), and git's safe.directory does not help whoever unpacked it from an archive. So only commands are used
that read objects: none looks at the working tree, where filters and the monitor are run (``git status`` does), none
shows a signature (``git log`` may), and nothing that is missing is fetched.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from loomworks_record.errors import RecordError
from loomworks_record.source.names import parse_name
from loomworks_record.source.version import Version

PATIENCE = 60.0  # seconds that git may take for one answer
_SOON = 15.0  # for the commit alone

_OBJECT = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) commit [0-9]+\n")
_COMMITTED = re.compile(rb"^committer [^\n]* (\d+) [+-]\d{4}$", re.MULTILINE)
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.alternateRefsCommand=",
)  # fmt: skip
_FILES = frozenset({b"100644", b"100755", b"100664"})


class SilentError(RecordError):
    """Git gave no answer: its folder holds what cannot be read to an end, or lies on a disk that does not answer."""

    exit_code = 6


class ShallowError(RecordError):
    """History was asked of a clone that has only the end of it."""


class Revision(Struct, frozen=True):
    """The git commit of a project: id, and time in seconds since 1970 UTC."""

    commit: str
    epoch: int


def read_revision(root: Path) -> Revision | None:
    """The commit that git has checked out at ``root``; None outside git, or before the first commit."""
    answer = ask_git(root, "cat-file", "--batch", given=b"HEAD\n", patience=_SOON)
    found = _OBJECT.match(answer) if answer else None
    if answer is None or found is None:
        return None
    time = _COMMITTED.search(answer.partition(b"\n\n")[0])
    return Revision(found[1].decode(), int(time[1])) if time else None


def committed_files(root: Path, commit: str, paths: Sequence[str]) -> Mapping[str, str] | None:
    """Path → blob id of every regular file that a commit has at or below ``paths``; None where git does not say.

    Paths are relative to ``root``, with ``/``; what lies outside of the repository has no files.
    """
    answer = ask_git(root, "ls-tree", "-r", "-z", commit, "--", *paths)
    if answer is None:
        return None
    found: dict[str, str] = {}
    for line in answer.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if facts and facts[:6] in _FILES:
            found[path.decode("utf-8", "surrogateescape")] = facts.split(b" ")[2].decode()
    return found


def first_commits(root: Path, folder: str) -> dict[str, int] | None:
    """Path relative to ``root`` → when what lies there was first committed (seconds since 1970 UTC), renames followed;
    of every file that HEAD's history has below ``folder``. None outside git. Raises ShallowError: the history of a
    shallow clone begins in the middle.

    A rename keeps the time where the bytes are the same, or where the version in the name is: a version that replaces
    another one in a single commit is not a rename.
    """
    shallow = ask_git(root, "rev-parse", "--is-shallow-repository", "HEAD")  # refused where nothing is committed yet
    if shallow is None:
        return None
    if shallow.startswith(b"true"):
        raise ShallowError("this clone is shallow: its history does not say when documents were filed")
    answer = ask_git(
        root, "log", "-z", "--reverse", "--topo-order", "--format=%x01%ct", "--raw", "--no-abbrev", "--no-textconv",
        "--no-ext-diff", "-M", "-l1000", "--diff-filter=AR", "--diff-merges=first-parent", "--relative", "HEAD", "--",
        folder,
    )  # fmt: skip
    return None if answer is None else _first_seen(answer.decode("utf-8", "surrogateescape"))


def _first_seen(told: str) -> dict[str, int]:
    found: dict[str, int] = {}
    time = 0
    fields = iter(told.split("\0"))
    for text in fields:
        line = text.lstrip("\n")
        if line.startswith("\x01"):
            time = int(line[1:])
        elif line.startswith(":"):
            change = line.split(" ")[4]
            old = next(fields)
            if change.startswith("A"):
                found.setdefault(old, time)
                continue
            new = next(fields)
            kept = change == "R100" or _version_of(old) == _version_of(new)
            found.setdefault(new, found.get(old, time) if kept else time)
    return found


def _version_of(path: str) -> Version | None:
    return parse_name(PurePosixPath(path).name).version


def is_blob(data: bytes, blob: str) -> bool:
    """Whether git keeps ``data`` as the object ``blob``, by itself or as Git LFS (a pointer to it) does."""
    made = hashlib.sha1 if len(blob) == 40 else hashlib.sha256
    if made(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == blob:
        return True
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(data).hexdigest()}\n"
    pointer += f"size {len(data)}\n"
    return made(f"blob {len(pointer)}\0{pointer}".encode(), usedforsecurity=False).hexdigest() == blob


def ask_git(root: Path, *arguments: str, given: bytes = b"", patience: float = PATIENCE) -> bytes | None:
    """What git answers on stdout; None where it is not there, or refuses. SilentError where it is silent for so many
    seconds."""
    # GIT_DIR and its kin, set while a hook runs, would answer for another repository than the one at root.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    if arguments[0] != "log":  # which may follow a history that was joined; a commit's own files are those it names
        environment["GIT_NO_REPLACE_OBJECTS"] = "1"
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    # What is missing is not fetched. Git before 2.39.4 does not know the first; the second wins over the configuration,
    # in which protocol.ext.allow wins over a protocol.allow that is given here.
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
    command = ["git", "--literal-pathspecs", *_SAFE, "-C", str(root), *arguments]
    try:
        answer = subprocess.run(
            command, env=environment, input=given, capture_output=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"{root}: git gave no answer in {patience:.0f} s ('git {arguments[0]}'); look at what lies in .git"
        raise SilentError(message) from None
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None
