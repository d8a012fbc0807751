"""A document that the program fails to read: a problem like others, so that one document never ends a run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loomworks_record.errors import RecordError
from loomworks_record.source.problem import Problem

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
