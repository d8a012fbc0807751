"""The whole: the record with what reading its texts adds. Each part is made when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from loomworks_record.record.record import Record, sort_problems
from loomworks_record.source.problem import Problem


@dataclass(frozen=True)
class Whole:
    """One record, read once. Everything that pages, files and commands say comes from here."""

    record: Record
    more_problems: tuple[Problem, ...] = ()

    @cached_property
    def attachments(self) -> frozenset[str]:
        """The paths of what is filed beside documents."""
        return frozenset(attachment.path for attachment in self.record.content.attachments)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of the record, sorted by place."""
        return sort_problems((*self.record.problems, *self.more_problems))
