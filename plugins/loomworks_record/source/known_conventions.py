"""Known conventions: sets of rows for the ways in which many write, each a file of plain data beside this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("conventions")
NOT_ROWS = ("about", "signs")  # what a file says of itself
# What names a row: of two with the same name the user's counts, and takes over what it does not say.
_NAMED_BY = {"kinds": "kind", "identifiers": "kind", "statuses": "word", "versions": "pattern"}


@cache
def known_conventions() -> tuple[str, ...]:
    return tuple(sorted(entry.name.removesuffix(".yml") for entry in _FOLDER.iterdir() if entry.name.endswith(".yml")))


def convention_text(name: str) -> str:
    """The file of a convention, as one may copy it."""
    return (_FOLDER / f"{name}.yml").read_text("utf-8")


@cache
def read_convention(name: str) -> Mapping[str, Any]:
    """``about``, ``signs`` that a folder is recognised by, and options with their rows."""
    from yaml import safe_load  # noqa: PLC0415 - a tenth of the start-up time, for who names a convention

    read: Mapping[str, Any] = safe_load(convention_text(name))
    return read


def with_conventions(options: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Options with the rows of conventions behind their own. Anything but a list or a mapping is left to be refused."""
    merged = dict(options)
    for name in names:
        for option, rows in read_convention(name).items():
            if option in NOT_ROWS:
                continue
            own = merged.get(option)
            if isinstance(rows, Mapping) and isinstance(own or {}, Mapping):
                taken = {str(label).casefold() for label in own or {}}
                merged[option] = {**(own or {}), **{k: v for k, v in rows.items() if k.casefold() not in taken}}
            elif isinstance(rows, list) and isinstance(own or [], list):
                merged[option] = _merged(own or [], rows, _NAMED_BY[option])
    return merged


def _merged(own: list[Any], rows: list[Mapping[str, Any]], key: str) -> list[Any]:
    known = {str(row[key]).casefold(): row for row in rows}
    named = {str(row.get(key)).casefold() for row in own if isinstance(row, Mapping)}
    filled = (
        _filled(row, known.get(str(row.get(key)).casefold(), {})) if isinstance(row, Mapping) else row for row in own
    )
    return [*filled, *(row for name, row in known.items() if name not in named)]


def _filled(own: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of the user's with what it does not say; one with an empty pattern takes the other away."""
    return own if own.get("pattern") == "" else {**row, **own}
