"""Problems: what is wrong or doubtful in a record, and the one table of their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from loomworks_record import lazy
from loomworks_record.errors import RecordError
from loomworks_record.source.tables import table

_CONTROL = lazy.regex(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Severity = Literal["error", "warning", "notice"]


class Rule(Struct, frozen=True):
    """What a code stands for: its severity, the rule that was broken, and what to do about it."""

    severity: Severity
    rule: str
    remedy: str


class Problem(Struct, frozen=True, order=True):
    """One thing wrong at one place. ``path`` is relative to ``content/``; ``line`` is 1-based or None."""

    path: str
    line: int | None
    code: str
    message: str

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    def __str__(self) -> str:
        """One line, whatever is in the path."""
        path = _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", self.path)
        place = path if self.line is None else f"{path}:{self.line}"
        return f"{place}: {self.severity}: {self.message} [{self.code}]"


def failing(problems: Iterable[Problem], *, strict: bool) -> tuple[Problem, ...]:
    """Those that fail a check: errors, and under ``strict`` warnings too. Notices never do."""
    severities = ("error", "warning") if strict else ("error",)
    return tuple(problem for problem in problems if problem.severity in severities)


def sort_key(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.path, problem.line or 0, problem.code, problem.message)


# The one table of codes; docs/problems.md is made from it.
CODES = table("problems", dict[str, Rule])


UNREADABLE = "document-unreadable"
TRACEBACKS = "loomworks_record.tracebacks"  # the logger that gets them, at the level DEBUG
# What is not a fault of a document: a disk that cannot be read, input that was refused in words of its own.
NOT_OF_A_DOCUMENT = (OSError, RecordError)
_LONGEST = 200  # characters of what an exception says
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def unreadable(path: str, part: str, wrong: Exception, line: int | None = None) -> Problem:
    """The problem of the document at ``path``, of which reading ``part`` (in words) ended with ``wrong``.

    The traceback goes to the logger ``TRACEBACKS``. Raises ``wrong`` again where it is not a fault of the document.
    """
    if isinstance(wrong, NOT_OF_A_DOCUMENT):
        raise wrong
    import logging  # noqa: PLC0415 - several milliseconds of every start, for what should never happen

    logging.getLogger(TRACEBACKS).debug("%s: %s", path, part, exc_info=wrong)
    said = _SPACE.sub(" ", f"{type(wrong).__name__}: {wrong}").strip(" :")[:_LONGEST]
    return Problem(path, line, UNREADABLE, f"{part} could not be read ({said}); --debug shows the traceback")


def all_read(problems: Iterable[Problem]) -> bool:
    """Whether every document could be read whole."""
    return all(problem.code != UNREADABLE for problem in problems)


def count_words(problems: tuple[Problem, ...]) -> str:
    """How many documents could not be read, for the closing line of a command; "" where all could."""
    count = len({problem.path for problem in problems if problem.code == UNREADABLE})
    return f"{count:,} {'document' if count == 1 else 'documents'} could not be read whole" if count else ""
