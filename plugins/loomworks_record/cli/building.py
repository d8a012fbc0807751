"""What the commands share that build a site: by MkDocs in a process of its own, or without it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import click

from loomworks_record.bundle.faults import CONTENT, BundleError
from loomworks_record.endings import ENDED_BY, STEPS, end_with
from loomworks_record.errors import UsageError
from loomworks_record.source.problem import count_words, failing
from loomworks_record.source.project import CONFIG_FILE, Project, read_settings, theme_of

_STDERR = 2
_LEVEL = re.compile(r"^[A-Z]+ +- +")  # which MkDocs writes before a line


class BuildFailed(BundleError):
    """The build of the site did not finish."""

    def __init__(self, message: str, exit_code: int = CONTENT) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def build_site(project: Project, folder: Path, *, strict: bool = False) -> None:
    """Run ``mkdocs build`` for the project into ``folder``; BuildFailed with the last line that it said.

    On a terminal it says everything there itself, and draws how far it is.
    """
    file = project.root / CONFIG_FILE
    theme = theme_of(read_settings(file)) if file.is_file() else {}
    if theme.get("name") == "material" and not find_spec("material"):
        raise UsageError(
            f"{CONFIG_FILE}: the theme 'material' is not installed, and no page of a record has anything of it; take "
            "its name out, or install it: pip install 'loomworks-record[material]'"
        )
    debug = click.get_current_context().find_root().params.get("debug")
    # -P: a module's name in the project's folder (yaml.py, mkdocs.py) must not stand in for the module itself.
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--verbose" if debug else "--quiet"]
    command += ["--site-dir", str(folder)]
    command += ["--strict"] if strict else []
    # Material's notice on MkDocs 2 is for whoever chooses a generator; whoever builds a record cannot act on it.
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    on_terminal = sys.stderr.isatty()
    reading, writing = os.pipe()  # by it the plugin says what ended the build, and with which exit code
    os.set_blocking(reading, False)
    steps = os.dup(_STDERR)  # what is done now is said at once, also where the rest is held back
    answer = subprocess.run(
        command,
        cwd=project.root,
        env=environment | {ENDED_BY: str(writing), STEPS: str(steps)},
        pass_fds=(writing, steps),
        stdout=subprocess.PIPE,
        stderr=None if on_terminal else subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
        preexec_fn=partial(end_with, os.getpid(), signal.SIGTERM),
    )
    os.close(writing)
    os.close(steps)
    with open(reading, "rb", buffering=0) as ended:  # noqa: PTH123 - it is open already
        code, _, why = (ended.read() or b"").decode("utf-8", "replace").partition(" ")
    told = (answer.stderr or "").strip()
    if answer.returncode != 0 and code not in ("", str(CONTENT)):
        raise BuildFailed(why, int(code))
    if answer.returncode != 0:
        nothing = "what it said stands above" if on_terminal else "it gave no reason"
        said = (told or answer.stdout.strip()).splitlines() or [nothing]
        for line in said[:-1]:
            click.echo(line, err=True)
        reason = _LEVEL.sub("", said[-1])
        raise BuildFailed(f"the build failed ({reason}); run `mkdocs build` in {project.root} to see all of it")
    if told:
        click.echo(told, err=True)


def build_without_host(project: Project, folder: Path, *, strict: bool = False) -> None:
    """Build the site of a project into ``folder`` without MkDocs, and tell its problems; BuildFailed where they fail a
    ``strict`` build."""
    # Only this command renders by itself; what it needs takes a third of a second to import.
    from loomworks_record.build.alone import build_alone  # noqa: PLC0415
    from loomworks_record.build.progress import progress  # noqa: PLC0415 - likewise

    os.environ.setdefault(STEPS, str(_STDERR))
    problems = build_alone(project, folder, progress()).new
    shown = [problem for problem in problems if problem.severity != "notice"]
    for problem in shown:
        click.echo(str(problem), err=True)
    if unread := count_words(problems):
        click.echo(f"{unread}; their bytes are published as filed (record --debug shows the tracebacks)", err=True)
    fails = failing(shown, strict=strict) if strict else ()
    if fails:
        raise BuildFailed(f"--strict: {len(fails)} of these problems fail the build; docs/problems.md says what to do")
