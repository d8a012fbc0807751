"""What the filing commands say: a plan as lines of text, and as JSON (docs/filing.md)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from loomworks_record.filing.journal import Transaction
from loomworks_record.filing.values import FiledDocument, FilingPlan
from loomworks_record.filing.versions import VersionMention
from loomworks_record.pages.wording import counted, day
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.problem import Problem

FORMAT = "loomworks-filing/1"
_OF_ENTRIES = ("sequence", "type", "path", "version", "sha256", "bytes")
_MOST_SHOWN = 12  # places that are only shown; all of them are in the JSON

# A line and how it looks on a terminal: the words of rich's styles.
Line = tuple[str, str]


def emit(lines: Iterable[Line]) -> None:
    """Print lines on stdout: in colour on a terminal, plain elsewhere."""
    if not sys.stdout.isatty():
        for line, _ in lines:
            click.echo(line)
        return
    # A quarter of a second that no script has to wait for.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for line, style in lines:
        console.print(Text(line, style=style))


def plan_lines(plan: FilingPlan, kinds: KindTable) -> Iterator[Line]:
    """The plan as a person reads it before saying yes."""
    several = len(plan.filed) > 1
    for filed in plan.filed:
        yield str(filed.document.name), "bold"
        yield f"  {_described(filed, kinds)}", ""
        yield f"  to {_folder(filed)}: {filed.reason}", ""
    for folder in plan.new_folders:
        yield f"  '{folder}' is a new folder; name another with --to FOLDER", "yellow"
    yield from _section("Move to archive/", [move.document.path for move in plan.moves])
    yield from _section(
        "Write",
        [f"{filed.document.path}  {counted(filed.document.size, 'byte')}{_fixed(filed)}" for filed in plan.filed],
    )
    entries = [f"{entry.sequence} {entry.type} {entry.path} sha256 {entry.sha256}" for entry in plan.entries]
    yield from _section("The log gains", entries)
    yield from _problems("Problems it causes", plan.caused, "red")
    yield from _problems("Problems it settles", plan.settled, "green")
    yield from _section("Note", plan.notes, "yellow")
    for filed in plan.filed:
        yield from _places(filed, several)


def transaction_lines(transaction: Transaction) -> Iterator[Line]:
    """What undoing a filing would do."""
    yield f"Undo: {transaction.title}", "bold"
    gone = {change.before: change.path for change in transaction.changes if change.path and change.after is None}
    new = [change for change in transaction.changes if change.path and change.before is None]
    back = [f"{change.path} -> {gone[change.after]}" for change in new if change.after in gone]
    yield from _section("Move back", back)
    yield from _section("Remove", [change.path for change in new if change.after not in gone])
    if any(not change.path for change in transaction.changes):
        yield from _section("The log", ["becomes what it was before"])


def plan_json(plan: FilingPlan, *, done: bool, commit: str | None, recovered: Sequence[str]) -> dict[str, Any]:
    """The plan, and what became of it: ``done`` only when everything was."""
    from loomworks_record.pages.api import problem_json  # noqa: PLC0415 - with all that reads texts: for JSON alone

    return {
        "format": FORMAT,
        "ok": not plan.refusals,
        "done": done,
        "commit": commit,
        "title": plan.title if plan.filed and not plan.refusals else None,
        "files": [_filed_json(filed) for filed in plan.filed],
        "moves": [{"from": move.document.path, "to": move.target} for move in plan.moves],
        "new_folders": list(plan.new_folders),
        "log": [{key: getattr(entry, key) for key in _OF_ENTRIES} for entry in plan.entries],
        "caused": [problem_json(problem) for problem in plan.caused],
        "settled": [problem_json(problem) for problem in plan.settled],
        "notes": list(plan.notes),
        "refusals": [{"code": r.code, "file": r.given, "message": r.message} for r in plan.refusals],
        "recovered": list(recovered),
    }


def _filed_json(filed: FiledDocument) -> dict[str, Any]:
    document = filed.document
    return {
        "file": filed.given,
        "path": document.path,
        "kind": document.kind,
        "version": str(document.version),
        "date": document.date.isoformat() if document.date else None,
        "sha256": document.sha256,
        "bytes": document.size,
        "chain": document.chain,
        "follows": filed.previous.path if filed.previous else None,
        "reason": filed.reason,
        "places": [
            {
                "place": place.key,
                "family": place.family,
                "line": place.line,
                "text": place.text,
                "instead": place.instead,
                "changed": place.key in filed.changed,
                "around": place.excerpt,
            }
            for place in filed.places
        ],
    }


def _described(filed: FiledDocument, kinds: KindTable) -> str:
    document = filed.document
    facts = [kinds.label(document.kind), document.cr_number or "", f"v{document.version}", day(document.date)]
    follows = f"follows v{filed.previous.version}" if filed.previous else "the first of its chain"
    return f"{', '.join(fact for fact in facts if fact)}; {follows}; '{document.title}'"


def _folder(filed: FiledDocument) -> str:
    folder = filed.document.path.rpartition("/")[0]
    return folder or "the top of the record"


def _fixed(filed: FiledDocument) -> str:
    return f", changed at {', '.join(sorted(filed.changed))}" if filed.changed else ""


def _section(heading: str, items: Sequence[str], style: str = "") -> Iterator[Line]:
    if items:
        yield heading, f"bold {style}".strip()
        yield from ((f"  {item}", style) for item in items)


def _problems(heading: str, problems: Sequence[Problem], style: str) -> Iterator[Line]:
    yield from _section(f"{heading} ({len(problems)})", [str(problem) for problem in problems], style)


def _places(filed: FiledDocument, several: bool) -> Iterator[Line]:
    # "supersedes v0.3" and "v0.3 → v0.4" name the version before rightly; --json lists them too.
    said = [place for place in filed.places if place.family not in ("transition", "arrow")]
    left = [place for place in said if place.key not in filed.changed]
    if not left or filed.previous is None:
        return
    own = f" in {filed.document.name}" if several else ""
    yield f"Still names v{filed.previous.version}{own}", "bold"
    changeable = [place for place in left if place.instead is not None]
    shown = [place for place in left if place.instead is None]
    prefix = f"{filed.document.name}:" if several else ""
    for place in changeable:
        yield f"  {place.key}: {place.excerpt}", "yellow"
        yield f"    can become '{place.instead}' with --fix {prefix}{place.key}", "yellow"
    for place in shown[:_MOST_SHOWN]:
        yield f"  {place.key}: {place.excerpt}", "dim"
    if len(shown) > _MOST_SHOWN:
        yield f"  and {len(shown) - _MOST_SHOWN} more mentions; --json lists them all", "dim"


def question(place: VersionMention, filed: FiledDocument) -> str:
    """What is asked about one place that may be changed."""
    return f"{filed.document.name}, {place.key}: change '{place.text}' to '{place.instead}'? ({place.excerpt})"
