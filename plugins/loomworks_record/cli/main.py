"""The command ``record``: a table of commands, loaded when called, and the one place that catches errors."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

import click

from loomworks_record import __version__
from loomworks_record.cli.guessing import GuessingGroup
from loomworks_record.errors import REFUSALS, RecordError, SystemRefusalError, refusal, refusals_of_threads
from loomworks_record.stopping import end

# Loaded on demand: `record verify`, `list` and `check` must start fast and never import MkDocs.
COMMANDS: dict[str, str] = {
    "check": "loomworks_record.cli.check:check",
    "list": "loomworks_record.cli.list:list_documents",
    "show": "loomworks_record.cli.show:show",
    "status": "loomworks_record.cli.status:status",
    "context": "loomworks_record.cli.context:context",
    "build": "loomworks_record.cli.build:build",
    "serve": "loomworks_record.cli.build:serve",
    "verify": "loomworks_record.cli.verify:verify",
    "fresh": "loomworks_record.cli.fresh:fresh",
    "log": "loomworks_record.cli.log:log",
    "withdraw": "loomworks_record.cli.log:withdraw",
    "receipt": "loomworks_record.cli.receipt:receipt",
    "stamp": "loomworks_record.cli.publish:stamp",
    "publish": "loomworks_record.cli.publish:publish",
    "export": "loomworks_record.cli.export:export",
    "compare": "loomworks_record.cli.compare:compare",
    "blame": "loomworks_record.cli.blame:blame",
    "file": "loomworks_record.cli.file:file_documents",
    "unfile": "loomworks_record.cli.file:unfile",
    "adopt": "loomworks_record.cli.adopt:adopt_folder",
    "conventions": "loomworks_record.cli.conventions:conventions",
    "init": "loomworks_record.cli.init:init",
    "mcp": "loomworks_record.cli.mcp:mcp",
    "cache": "loomworks_record.cli.cache:cache",
}


class LazyGroup(GuessingGroup):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="record")
@click.option("--debug", is_flag=True, help="Show tracebacks: of a failed command, of an unreadable document.")
def record(debug: bool) -> None:
    """Read, check, build, verify and publish a record of versioned documents.

    \b
    Example:
      record check --content content
    """
    if debug:
        import logging  # noqa: PLC0415 - as below

        from loomworks_record.source.problem import TRACEBACKS  # noqa: PLC0415 - as below

        logging.basicConfig(format="%(message)s")
        logging.getLogger(TRACEBACKS).setLevel(logging.DEBUG)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``record``; an error by input ends it with one line on stderr and the error's exit code."""
    _open_what_is_closed()
    given = list(sys.argv[1:] if arguments is None else arguments)
    # What a command makes stays until it ends, and next to nothing of it is garbage in cycles.
    gc.set_threshold(1_000_000, 50, 100)
    atexit.register(gc.freeze)  # Python would look twice at all of it before it ends: a tenth of the time of a list
    with suppress(ValueError):  # in another thread than the first
        _heed_signals()
    try:
        with refusals_of_threads():
            record.main(args=given, prog_name="record", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.Abort:
        click.echo("record: stopped; nothing more was done", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (head, less) went away: that is not a fault of the command.
        _silence(sys.stdout)
        sys.exit(0)
    except (RecordError, *REFUSALS) as wrong:
        if "--debug" in given:
            import traceback  # noqa: PLC0415 - five milliseconds of every start, for what is seldom asked

            traceback.print_exc()
        error = wrong if isinstance(wrong, RecordError) else refusal(wrong)
        with suppress(OSError):  # stderr may be what refuses
            click.echo(f"record: {error}", err=True)
        if error is not wrong:
            _silence(sys.stdout)
        sys.exit(error.exit_code)
    except RuntimeError as wrong:
        if not str(wrong).startswith("Symlink loop"):  # so says pathlib before Python 3.13, where the system refused
            raise
        click.echo(f"record: {wrong}: it leads to itself; remove that link", err=True)
        sys.exit(SystemRefusalError.exit_code)


def _heed_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    # As Python has it, or start.py left it; who ignores Ctrl-C (nohup) goes on to.
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_DFL):
        signal.signal(signal.SIGINT, end)


def _open_what_is_closed() -> None:
    """A standard stream that the caller closed (``2>&-``) leads nowhere, else the next file opened would be taken for
    it, here or in a process that is begun. What a stream's encoding lacks is escaped."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = open(os.devnull, mode)  # noqa: SIM115, PTH123 - for as long as the process lasts
            os.set_inheritable(nowhere.fileno(), True)
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":  # of Latin-1, say, which lacks dashes
            stream.reconfigure(errors="backslashreplace")


def _silence(stream: TextIO) -> None:
    """Nothing more is written to ``stream``: Python would, at its end, and complain."""
    with suppress(OSError, ValueError):  # it may not be a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
