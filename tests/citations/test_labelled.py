"""The labelled set is read with a precision of 0.99 and a recall of 0.95 or better."""

from __future__ import annotations

from pathlib import Path

import pytest

from citations.labelled_set import found_on, lines, score
from citations.records import NO_REAL, REAL, SAMPLE, cited

SETS = {"real": REAL, "sample": SAMPLE}


def the_set(name: str) -> Path:
    if not SETS[name].is_dir():
        pytest.skip(NO_REAL)
    return SETS[name]


@pytest.mark.parametrize("name", SETS)
def test_precision_and_recall(name: str) -> None:
    result = score(cited(the_set(name)), lines(name))
    assert result.precision >= 0.99, "\n".join(result.wrong)
    assert result.recall >= 0.95, "\n".join(result.missed)


@pytest.mark.parametrize("name", SETS)
def test_what_only_looks_like_a_mention_is_none(name: str) -> None:
    citations = cited(the_set(name))
    for line in lines(name):
        found = [text for text, *_ in found_on(citations, line)]
        assert not set(line.none) & set(found), f"{line.path}:{line.line}"


def test_the_set_is_large_and_has_every_outcome() -> None:
    labelled = [mention for name in SETS for line in lines(name) for mention in line.mentions]
    assert len(labelled) >= 150
    assert {outcome for _, outcome, _, _ in labelled} == {"held", "superseded", "elsewhere", "unresolved"}
    assert sum(len(line.none) for name in SETS for line in lines(name)) >= 10


@pytest.mark.parametrize("name", SETS)
def test_the_labels_are_on_the_lines_that_they_name(name: str) -> None:
    folder = the_set(name)
    for line in lines(name):
        text = " ".join((folder / line.path).read_text("utf-8").split("\n")[line.line - 1].split())
        plain = text.replace("`", "").replace("*", "")
        for said in (*(mention[0] for mention in line.mentions), *line.none):
            in_range = "v0.1–v0.3" in plain and said == "v0.2"  # a range does not spell out what is inside
            assert in_range or said in plain or said in text, f"{line.path}:{line.line}: {said}"
