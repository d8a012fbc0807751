"""The whole: the record with what reading its texts adds. Each part is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import NO_MEMO, Memo, Shelf, key_of
from loomworks_record.record.chains import Chain
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem, all_read

if TYPE_CHECKING:  # loaded by who cites
    from loomworks_record.record.citations.cite import Citations
    from loomworks_record.record.citations.read_batch import Share
    from loomworks_record.record.grounds import Grounds
    from loomworks_record.record.through import Through
    from loomworks_record.record.trajectories.stories import Stories

T = TypeVar("T")
ProblemsOf = Callable[[T], Iterable[Problem]]


class KeptAnswer(NamedTuple):
    """Something that is said of a record. ``made_of`` is the digest of all that it depends on, b"" where its key is."""

    made_of: bytes
    answer: msgspec.Raw


@dataclass(frozen=True)
class Whole:
    """One record, read once. Everything that pages, files and commands say comes from here.

    ``more_problems`` are those that somebody else found (the log's). ``memo`` keeps between runs what reading costs,
    ``share`` may have other processes read. ``follow`` follows a chain through its versions: their texts are rendered
    and compared for that, which is for rooms above this one. Without it nothing is said of the ground of citations.
    ``ways``: of each chain that was followed, by its id, the digest of what that says of it elsewhere.
    """

    record: Record
    more_problems: tuple[Problem, ...] = ()
    memo: Memo = field(default=NO_MEMO, repr=False, compare=False)
    share: Share = field(default=map, repr=False, compare=False)
    follow: Callable[[Whole, Chain], Through] | None = field(default=None, repr=False, compare=False)
    ways: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def citations(self) -> Citations:
        # With the parser of Markdown and the grammar of mentions: a list of documents asks for neither.
        from loomworks_record.record.citations.cite import cite  # noqa: PLC0415

        return cite(self.record, memo=self.memo, share=self.share)

    @cached_property
    def stories(self) -> Stories:
        from loomworks_record.record.trajectories.stories import Stories  # noqa: PLC0415 - as above

        return Stories(self.record, self.citations.of, self._kept_whole)

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
        found = self._kept_whole("problems", tuple[Problem, ...], self._found_problems, tuple)
        if self._answers.keeps and all_read(found):  # else it is tried again
            self._answers.put_many({self._problems_key: (b"", found)})
        return found

    def _found_problems(self) -> tuple[Problem, ...]:
        return sort_problems((*self.record.problems, *self.citations.problems, *self.stories.problems,
                              *self.grounds.problems, *self.more_problems))  # fmt: skip

    @property
    def said(self) -> bytes | None:
        """One digest of all that is said of the record but for the words of texts: where it is equal, so is whatever
        looks neither at the bytes of a document, nor at a rendered text or a comparison. None where that cannot be
        told: of a text nothing is kept, its chain was not followed, or something could not be read."""
        return self._said if self._said and all_read(self.problems) else None

    def kept_by_said(self, what: str, of: type[T], make: Callable[[], T], *besides: object) -> T:
        """What ``make`` makes of nothing but what is ``said``, and of the plain values ``besides``: made once."""
        return make() if self.said is None else self._kept(of, make, digest(self._said, what, besides))

    def _kept_whole(self, what: str, of: type[T], make: Callable[[], T], problems_of: ProblemsOf[T]) -> T:
        """The same for what problems are made of; if something could not be read it is tried again."""
        return make() if self._said is None else self._kept(of, make, digest(self._said, what), b"", problems_of)

    def _kept(
        self,
        of: type[T],
        make: Callable[[], T],
        key: bytes,
        made_of: bytes = b"",
        problems_of: ProblemsOf[T] = lambda _: (),
    ) -> T:
        found = self._answers.get(key)
        if found and found.made_of == made_of:
            return msgspec.msgpack.decode(found.answer, type=of)
        made = make()
        if self._answers.keeps and all_read(problems_of(made)):
            self._answers.put_many({key: (made_of, made)})
        return made

    @cached_property
    def _said(self) -> bytes | None:
        record, citations = self.record, self.citations
        ways = [self.ways.get(chain.id) for chain in record.chains]
        if None in ways:
            return None
        texts = [citations.said(document.path) for document in record.documents]
        if not all(texts):
            return None
        config, _, *others = record.made_of
        cited = (place for document in record.documents for place in citations.superseded(document.path))
        grounds = [self.grounds.of_place(*place) for place in cited]
        try:
            return digest(ground(), config, others, self.more_problems, _headed(record), texts, ways, grounds)
        except UnicodeEncodeError:  # half a surrogate pair
            return None

    @cached_property
    def kept_problems(self) -> tuple[Problem, ...] | None:
        """The same, where an earlier run has found them; else None."""
        found = self._answers.get(self._problems_key) if self._answers.keeps else None
        return msgspec.msgpack.decode(found.answer, type=tuple[Problem, ...]) if found else None

    def kept(self, what: str, of: type[T], make: Callable[[], T]) -> T:
        """What ``make`` says of this record, or said in an earlier run: of one record at a time."""
        if not self._answers.keeps:
            return make()

        def problems_of(made: T) -> Iterable[Problem]:
            return *self.record.problems, *vars(self).get("citations", self.record).problems

        return self._kept(of, make, key_of(what), self._made_of, problems_of)

    def citing(self, path: str) -> tuple[str, ...]:
        """The paths of the other documents that cite one, of current ones first."""
        return self._citing.get(path, ())

    @cached_property
    def _citing(self) -> dict[str, tuple[str, ...]]:
        return self.kept("citing", dict[str, tuple[str, ...]], lambda: self.citations.citing)

    @cached_property
    def _answers(self) -> Shelf[KeptAnswer]:
        return Shelf(self.memo, "said", KeptAnswer)

    @property
    def _problems_key(self) -> bytes:
        return key_of("problems", self._made_of)

    @cached_property
    def _made_of(self) -> bytes:
        return digest(ground(), self.record.made_of, self.more_problems, self.follow is not None)


# What a document is but for its bytes; the last follows from them.
_HEADED = (*(each.name for each in fields(Document) if each.name not in ("filed", "sha256")), "is_pointer")


def _headed(record: Record) -> list[tuple[object, ...]]:
    """Of each document all but its bytes, and which is the first one with the same bytes."""
    first: dict[str, int] = {}
    return [
        (*(getattr(document, member) for member in _HEADED), first.setdefault(document.sha256, number))
        for number, document in enumerate(record.documents)
    ]
