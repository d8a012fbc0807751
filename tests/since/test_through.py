"""Through versions: beside what is true of chains that are made up."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from since.generated import Chain, Generator, Part, markdown, through, words_below

_CHAINS = 300


def _truth(chain: Chain, own: int, until: int) -> tuple[int, int]:
    """In which versions a part first appeared and last changed."""
    held = [words_below(version, own) for version in chain.versions[: until + 1]]
    first = max((at for at in range(until + 1) if held[at] is None), default=-1) + 1
    return first, max((at for at in range(first + 1, until + 1) if held[at] != held[at - 1]), default=first)


def _told(chain: Chain) -> Iterator[tuple[Part, tuple[int, int], tuple[int, int]]]:
    """Of the newest version: (part, what is true, what is told)."""
    texts, places = zip(*map(markdown, chain.versions), strict=True)
    found, last = through(list(texts)), len(texts) - 1
    for anchor, part in places[last]:
        thread = found.thread(last, anchor)
        assert thread is not None
        changed = thread.changed(last) or (thread.first,)
        yield part, _truth(chain, part.own, last), (thread.first.at, changed[-1].at)


def test_first_and_last_change_are_the_truth() -> None:
    """Of 99 in 100 places; of all where no step both moved and edited one."""
    count, wrong, certain = 0, 0, []
    for seed in range(_CHAINS):
        chain = Generator(seed).chain()
        for part, true, told in _told(chain):
            count += 1
            wrong += true != told
            if true != told and not chain.both:
                certain.append((seed, part.own, true, told))
    assert count > 4_000
    assert certain == []
    assert wrong <= count / 100


@given(st.integers(min_value=10_000))
def test_what_is_said_to_be_the_same_has_the_same_words(seed: int) -> None:
    """Whatever was done: between any two versions."""
    chain = Generator(seed).chain()
    texts, places = zip(*map(markdown, chain.versions), strict=True)
    found, parts = through(list(texts)), [dict(each) for each in places]
    for thread in found.threads:
        held = {stage.at: parts[stage.at][stage.anchor] for stage in thread.stages}
        for later in thread.stages:
            for earlier in thread.stages[: later.at - thread.first.at]:
                if not thread.changed(later.at, earlier.at):
                    words = [_words(chain, at, held[at]) for at in (earlier.at, later.at)]
                    assert words[0] == words[1]


def _words(chain: Chain, at: int, part: Part) -> list[str]:
    """The words of a part, whatever it is taken for."""
    below = words_below(chain.versions[at], part.own)
    if isinstance(below, str):
        return [below]
    assert isinstance(below, list)
    return sorted(str((title, sentences, [row for _, row in rows])) for _, title, sentences, rows in below)
