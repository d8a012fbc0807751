"""``record build``: the site, whole, and checked, by MkDocs in a process of its own, or without it. ``record serve``:
the site while it is written, without a generator."""

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

from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.faults import CONTENT, BundleError
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli.bundling import now
from loomworks_record.cli.names import document_named
from loomworks_record.cli.reports import show
from loomworks_record.endings import ENDED_BY, STEPS, WHY, end_with
from loomworks_record.errors import UsageError
from loomworks_record.pages import addresses
from loomworks_record.record.record import Record
from loomworks_record.source.config import UnnamedError, origin_of
from loomworks_record.source.problem import count_words, failing
from loomworks_record.source.project import CONFIG_FILE, Project, load_project, read_settings, theme_of
from loomworks_record.source.store import content_of

_DEFAULT = 8000
_STDERR = 2
_LEVEL = re.compile(r"^[A-Z]+ +- +")  # which MkDocs writes before a line


@click.command("build")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to. Default: site_dir.")
@click.option("--strict", is_flag=True, help="Fail on errors and warnings in the record.")
@click.option("--host", type=click.Choice(("mkdocs", "none")), default="mkdocs", help="What drives the build.")
@click.option("--why", metavar="NAME", help="Say of the page of a document, or of an address, why it was made, or not.")
def build(site_dir: Path | None, strict: bool, host: str, why: str | None) -> None:
    """Build the site and verify the bundle.

    With --host none no generator has a part in it, and the pages are the same, byte for byte. Of mkdocs.yml it reads
    the record's own settings, theme.custom_dir, theme.palette, extra_css and extra_javascript; other plugins and
    hooks are not run.

    \b
    Example:
      record build
      record build --strict --site-dir ../site
      record build --host none
      record build --why "CR v0.4"

    Without site_url (or the option origin) nothing names the record: the site is built, and not sealed.

    \b
    Exit status: 0 built and verified, or built without a name; 1 the build failed; else as `record verify`.
    """
    project = load_project(Path.cwd())
    folder = (site_dir or project.site_dir).resolve()
    if why:
        os.environ[WHY] = _page_meant(project, why)
    if host == "none":
        build_without_host(project, folder, strict=strict)
    else:
        build_site(project, folder, strict=strict)
    try:
        origin_of(project.config)
    except UnnamedError as wrong:
        click.echo(f"built {folder}; not sealed, so there is nothing to verify: {wrong}")
        return
    click.echo("Verifying the site", err=True)
    report = verify_directory(folder, Expectations(now=now()))
    show(report, as_json=False, ok=f"built and verified {folder}")


def _page_meant(project: Project, named: str) -> str:
    """The address of the page that is meant."""
    record = Record(project.config, content_of(project))
    if named.endswith(".html") and named not in record.by_path:
        return named.removeprefix("/")
    return addresses.view(document_named(record, named))


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=_DEFAULT, help="Default: 8000. 0: any free one.")
def serve(port: int) -> None:
    """Show the site at http://127.0.0.1:8000/ and build it again when a document changes; reload the page then.

    MkDocs is not needed. Nothing is written but the cache. Ctrl-C ends it.

    \b
    Example:
      record serve
      record serve --port 9000

    \b
    Exit status: 0 ended with Ctrl-C; 1 the first build failed; 2 the port is taken, or there is nothing to read.
    """
    # Only this command renders by itself; what it needs takes a third of a second to import.
    from loomworks_record.build.preview import preview  # noqa: PLC0415

    preview(load_project(Path.cwd()), port, tell=click.echo, warn=lambda line: click.echo(line, err=True))


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
    if not file.is_file():
        raise UsageError(
            f"{project.root} has no {CONFIG_FILE}: `record adopt FOLDER --write` writes one for documents that are "
            "there, `record init` begins a new record"
        )
    theme = theme_of(read_settings(file))
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
        reason = _LEVEL.sub("", said[-1]).rstrip(".")
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
