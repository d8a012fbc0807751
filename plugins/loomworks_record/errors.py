"""The one base error: everything that goes wrong by somebody's input is one of these."""

from __future__ import annotations

from typing import ClassVar


class RecordError(Exception):
    """One line for a person: what is wrong and where, what was expected and got, the next step.

    ``exit_code`` is the process exit status when the error ends a command (docs/exit-codes.md):
    1 content · 2 usage · 3 stale or clock · 4 rollback or history · 5 signature · 6 could not check ·
    7 sources differ from the bundle.
    """

    exit_code: ClassVar[int] = 1


class UsageError(RecordError):
    """The command was called in a way that cannot be carried out."""

    exit_code: ClassVar[int] = 2
