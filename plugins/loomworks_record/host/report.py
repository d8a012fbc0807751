"""What a build says of the record's problems, and whether they fail it: our own count decides, not the host's."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import get_plugin_logger

from loomworks_record.endings import say_what_ended
from loomworks_record.errors import REFUSALS, RecordError, refusal, refusals_of_threads
from loomworks_record.source.baseline import BaselineComparison
from loomworks_record.source.problem import TRACEBACKS, count_words, failing

log = get_plugin_logger(__name__)
_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "notice": logging.INFO}


@contextmanager
def in_one_line() -> Iterator[None]:
    """What goes wrong by input, or is refused by the system, is an error that MkDocs tells in one line."""
    try:
        with refusals_of_threads():
            yield
    except (RecordError, *REFUSALS) as wrong:
        error = wrong if isinstance(wrong, RecordError) else refusal(wrong)
        told = PluginError(str(error))
        # click has it as one of the class
        told.exit_code = error.exit_code  # type: ignore[misc]
        raise told from None


def end_in_one_line(error: Exception, *, serving: bool) -> None:
    """Say to the command that began this build what ended it, and with which exit code. Raises Abort with that code
    where MkDocs would end with another, or show a traceback of what the system refused it."""
    if isinstance(error, PluginError):
        code, line = error.exit_code, str(error)
    elif isinstance(error, REFUSALS):
        refused = refusal(error)
        code, line = refused.exit_code, str(refused)
    else:
        return
    say_what_ended(code, line)
    if code != PluginError.exit_code and not serving:
        log.error("%s", line)
        ended = Abort("Aborted with a BuildError!")  # the words that MkDocs has for it
        ended.exit_code = code  # type: ignore[misc]
        raise ended


def report(compared: BaselineComparison, *, strict: bool, besides: BaselineComparison | None = None) -> None:
    """Tell every problem, but those ``besides``, that were told before. What the baseline knows is told with the
    notices; what fails a strict build is told even where only errors are shown."""
    told = Counter((*besides.new, *besides.known)) if besides else Counter()
    fails = set(failing(compared.new, strict=strict)) if strict else set()
    for level, problem in [
        *((logging.ERROR if each in fails else _LEVELS[each.severity], each) for each in compared.new),
        *((logging.INFO, each) for each in compared.known),
    ]:
        if told[problem] > 0:
            told[problem] -= 1
        else:
            log.log(level, "%s", problem)


def close_report(compared: BaselineComparison, *, strict: bool) -> None:
    """Say how many documents could not be read. Raises PluginError where problems fail a strict build."""
    unread = count_words(compared.new)
    if unread:
        log.error("%s; their bytes are published as filed (run with --verbose for the tracebacks)", unread)
    fails = failing(compared.new, strict=True) if strict else ()
    if fails:
        counted = Counter(problem.severity for problem in fails)
        words = " and ".join(f"{count} {each}{'' if count == 1 else 's'}" for each, count in sorted(counted.items()))
        raise PluginError(f"--strict: {words} in the record; see above, or run `record check`")


def show_tracebacks() -> None:
    """With --verbose, the host shows the tracebacks of documents that could not be read."""
    host, ours = logging.getLogger("mkdocs"), logging.getLogger(TRACEBACKS)
    ours.handlers, ours.propagate = host.handlers, False
    ours.setLevel(host.level)
