"""Chains followed through their versions: by the comparisons of neighbours, which the pages of comparisons show too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import Memo, Shelf
from loomworks_record.record.chains import Chain
from loomworks_record.record.through import Through, followed
from loomworks_record.record.whole import Whole

if TYPE_CHECKING:  # with all that renders and compares
    from loomworks_record.comparison.values import Fates
    from loomworks_record.pages.compare import Pair


def follow(whole: Whole, chain: Chain) -> Through:
    """One chain through its versions; an empty value where one of them is not Markdown or cannot be compared."""
    if not neighbours(chain):
        return through_of(whole, chain, ())
    shelf = shelf_of(whole.memo)
    key = through_key(whole, chain) if shelf.keeps else b""
    kept = shelf.get_bulk(key, Through)
    if kept is not None:
        return kept
    try:
        known = through_of(whole, chain, _fates(whole, chain))
    except Exception:  # a text that cannot be rendered is told where it is built
        return Through()
    shelf.put_many({key: digest(known.said)}, {key: known})
    return known


def shelf_of(memo: Memo) -> Shelf[bytes]:
    """The digests of what is said of the sections of chains elsewhere than on their own pages, each beside the
    ``Through`` of its chain."""
    return Shelf(memo, "comparison", bytes)


def through_key(whole: Whole, chain: Chain) -> bytes:
    """The digest of all that the value of a chain depends on."""
    return digest(ground(), whole.citations.seen, chain.id, [(each.path, each.key) for each in chain.named()])


def neighbours(chain: Chain) -> list[Pair]:
    """The comparisons that a chain is followed by, oldest first: none where a version has no sections on its page."""
    held = chain.named()
    return list(pairwise(held)) if all(each.form == "md" for each in held) else []


def through_of(whole: Whole, chain: Chain, fates: Sequence[Fates | None]) -> Through:
    """The value of a chain, from what became of its sections between neighbours."""
    held = chain.named()
    known = [each for each in fates if each is not None]
    if len(known) != len(held) - 1:
        return Through()
    return followed([each.path for each in held], [whole.citations.sections(each.path) for each in held], known)


def _fates(whole: Whole, chain: Chain) -> list[Fates | None]:
    # What renders and compares: 13 MB, which is not needed where the value is kept.
    from loomworks_record.pages.changes import compared_texts  # noqa: PLC0415
    from loomworks_record.pages.compare import comparison_inputs  # noqa: PLC0415
    from loomworks_record.pages.texts import rendered_text  # noqa: PLC0415

    found = []
    before = rendered_text(whole, chain.named()[0])
    for old, new in neighbours(chain):
        after = rendered_text(whole, new)
        found.append(compared_texts(comparison_inputs(whole.record, chain, old, new), before, after, follow=True).fates)
        before = after
    return found
