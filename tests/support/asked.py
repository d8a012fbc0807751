"""The table of questions, ``tests/data/asked.tsv``."""

from __future__ import annotations

from typing import NamedTuple

from support.site import PROJECT


class Case(NamedTuple):
    """``how``: sure; first (right, and not sure); candidates; unsure (what comes is not it); nothing. ``first`` is the
    path, the address or the name of what comes first, "*" for anything."""

    text: str
    how: str
    first: str


def _cases() -> list[Case]:
    lines = (PROJECT / "tests" / "data" / "asked.tsv").read_text("utf-8").splitlines()
    return [Case(*line.split("\t")) for line in lines if not line.startswith("#")]


CASES = _cases()
