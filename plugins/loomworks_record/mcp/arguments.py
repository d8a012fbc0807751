"""What each tool takes. The schemas that clients see are made from these types, and arguments are read into them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

_LONGEST = 500  # characters of a name or a question
Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=_LONGEST,
        description="As a person says it: 'CR-2026-090 v0.2', 'phase 57 CR', 'methodology v0.20', 'CR v0.2 §12', "
        "'Gate 5b', a file name, a path below content/, an address of the site.",
    ),
]
Section = Annotated[
    str, Meta(max_length=_LONGEST, description="A § ('12', '§7.2'), an identifier ('Gate 5b'), or the title.")
]
Within = Annotated[int, Meta(ge=0, description="The phase that a short name is meant in: 'CR v0.2' of phase 57.")]
Phase = Annotated[
    str, Meta(min_length=1, max_length=_LONGEST, description="'57', 'phase 57', its folder, or a document of it.")
]
Cursor = Annotated[str, Meta(max_length=_LONGEST, description="'next' of the page before, with the same arguments.")]


class Arguments(Struct, forbid_unknown_fields=True, kw_only=True):
    """Arguments of a tool. An unknown one is refused: it would change the question without a word."""


class Resolve(Arguments):
    name: Name
    phase: Within | None = None
    cursor: Cursor | None = None


class ReadArguments(Arguments):
    name: Name
    section: Section | None = None
    lines: Annotated[str, Meta(pattern="^[0-9]{1,9}-[0-9]{1,9}$", description="Lines, from 1: '10-40'.")] | None = None
    phase: Within | None = None
    tokens: Annotated[int, Meta(ge=50, le=50_000, description="Size of a page, at 4 bytes a token.")] = 1_000
    cursor: Cursor | None = None


class ContextArguments(Arguments):
    phase: Phase
    tokens: Annotated[int, Meta(ge=200, le=500_000, description="Budget of the pack, at 4 bytes a token.")] = 4_000


class TrajectoryArguments(Arguments):
    phase: Phase
    cycle: Annotated[int, Meta(ge=0, description="Give its events too; 0: what came before the first halt.")] | None = (
        None
    )
    cursor: Cursor | None = None


class Compare(Arguments):
    old: Name
    new: Annotated[str, Meta(max_length=_LONGEST, description="A name, or 'v0.3'. Default: what is in force.")] = ""
    form: Annotated[Literal["summary", "words"], Meta(description="What changed where, or the words themselves.")] = (
        "summary"
    )
    section: Section | None = None
    phase: Within | None = None
    cursor: Cursor | None = None


class CitedByArguments(Arguments):
    name: Name
    section: Section | None = None
    phase: Within | None = None
    cursor: Cursor | None = None


class SearchArguments(Arguments):
    text: Annotated[
        str, Meta(min_length=1, max_length=_LONGEST, description='Words that all occur; "a phrase" in double quotes.')
    ]
    standing: Annotated[
        Literal["current", "archived", "any"], Meta(description="Archived versions are superseded.")
    ] = "current"
    kind: Annotated[str, Meta(max_length=_LONGEST, description="'change-request', 'halt-surface' …")] | None = None
    phase: Annotated[int, Meta(ge=0, description="Only documents of this phase.")] | None = None
    cursor: Cursor | None = None


class Status(Arguments):
    since: Annotated[date, Meta(description="Also all that was filed on this day or later.")] | None = None
    cursor: Cursor | None = None


class Check(Arguments):
    severity: (
        Annotated[Literal["error", "warning", "notice"], Meta(description="Only problems that are at least so grave.")]
        | None
    ) = None
    path: Annotated[str, Meta(max_length=_LONGEST, description="Only below this path.")] | None = None
    cursor: Cursor | None = None
