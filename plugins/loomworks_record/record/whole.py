"""The whole: the record with what reading its texts adds. Each part is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import msgspec

from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import NO_MEMO, Memo, Shelf, key_of
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.source.problem import Problem
from loomworks_record.source.unreadable import all_read

if TYPE_CHECKING:  # loaded by who cites
    from loomworks_record.record.citations.cite import Citations
    from loomworks_record.record.citations.read_batch import Share
    from loomworks_record.record.grounds import Grounds
    from loomworks_record.record.through import Through
    from loomworks_record.record.trajectories.stories import Stories

T = TypeVar("T")


@dataclass(frozen=True)
class Whole:
    """One record, read once. Everything that pages, files and commands say comes from here.

    ``more_problems`` are those that somebody else found (the log's). ``memo`` keeps between runs what reading costs,
    ``share`` may have other processes read. ``follow`` follows a chain through its versions: their texts are rendered
    and compared for that, which is for rooms above this one. Without it nothing is said of the ground of citations.
    """

    record: Record
    more_problems: tuple[Problem, ...] = ()
    memo: Memo = field(default=NO_MEMO, repr=False, compare=False)
    share: Share = field(default=map, repr=False, compare=False)
    follow: Callable[[Whole, Chain], Through] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def citations(self) -> Citations:
        # With the parser of Markdown and the grammar of mentions: a list of documents asks for neither.
        from loomworks_record.record.citations.cite import cite  # noqa: PLC0415

        return cite(self.record, memo=self.memo, share=self.share)

    @cached_property
    def stories(self) -> Stories:
        from loomworks_record.record.trajectories.stories import Stories  # noqa: PLC0415 - as above

        return Stories(self.record, self.citations.of)

    @cached_property
    def grounds(self) -> Grounds:
        from loomworks_record.record.grounds import Grounds  # noqa: PLC0415 - as above

        follow = self.follow
        return Grounds(self.record, self.citations, (lambda chain: follow(self, chain)) if follow else None)

    def with_problems(self, found: tuple[Problem, ...]) -> Whole:
        """The same, and what was read of it, with problems that showed later."""
        whole = replace(self, more_problems=(*self.more_problems, *found))
        whole.__dict__.update({"citations": self.citations, "stories": self.stories, "grounds": self.grounds})
        return whole

    @cached_property
    def attachments(self) -> frozenset[str]:
        """The paths of what is filed beside documents."""
        return frozenset(attachment.path for attachment in self.record.content.attachments)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of the record, sorted by place."""
        if self.kept_problems is not None:
            return self.kept_problems
        found = sort_problems((*self.record.problems, *self.citations.problems, *self.stories.problems,
                               *self.grounds.problems, *self.more_problems))  # fmt: skip
        if self._problems.keeps and all_read(found):  # else it is tried again
            self._problems.put_many({self._made_of: found})
        return found

    @cached_property
    def kept_problems(self) -> tuple[Problem, ...] | None:
        """The same, where an earlier run has found them; else None."""
        return self._problems.get(self._made_of) if self._problems.keeps else None

    def kept(self, what: str, of: type[T], make: Callable[[], T]) -> T:
        """What ``make`` says of this record, or said in an earlier run: of one record at a time."""
        shelf, key = Shelf(self.memo, "record", tuple[bytes, msgspec.Raw]), key_of(what)
        found = shelf.get(key)
        if found and found[0] == self._made_of:
            return msgspec.msgpack.decode(found[1], type=of)
        made = make()
        if shelf.keeps and all_read((*self.record.problems, *vars(self).get("citations", self.record).problems)):
            shelf.put_many({key: (self._made_of, made)})
        return made

    def citing(self, path: str) -> tuple[str, ...]:
        """The paths of the other documents that cite one, of current ones first."""
        return self._citing.get(path, ())

    @cached_property
    def _citing(self) -> dict[str, tuple[str, ...]]:
        return self.kept("citing", dict[str, tuple[str, ...]], lambda: self.citations.citing)

    @property
    def _problems(self) -> Shelf[tuple[Problem, ...]]:
        return Shelf(self.memo, "problems", tuple[Problem, ...])

    @cached_property
    def _made_of(self) -> bytes:
        return digest(ground(), self.record.made_of, self.more_problems, self.follow is not None)
