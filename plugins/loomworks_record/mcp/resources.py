"""Resources and prompts: what a client lists, completes and attaches, beside the tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import quote, unquote

from msgspec import Struct

from loomworks_record.errors import UsageError
from loomworks_record.mcp import arguments, tools
from loomworks_record.mcp.snapshot import Snapshot
from loomworks_record.pages.reading import pack
from loomworks_record.pages.wording import full_name

SCHEMA = "record://schema"
DOCUMENT, PACK = "record://documents/{+path}", "record://packs/{phase}"
_MOST = 50_000  # tokens of a document that is given as one resource
_MOST_COMPLETED = 20  # the protocol takes up to 100


class ListedResource(Struct, frozen=True):
    """One resource, or one template."""

    uri: str
    name: str
    description: str
    mime_type: str = "text/markdown"


TEMPLATES = (
    ListedResource(DOCUMENT, "document", "The filed text of one version, with what holds of it now."),
    ListedResource(PACK, "pack", "What to read of a phase, whole and in order."),
)


def listed(snapshot: Snapshot) -> Iterator[ListedResource]:
    """The schema, the pack of every phase from the newest on, and every current document."""
    yield ListedResource(SCHEMA, "schema", "The JSON Schema of loomworks-record/1.", "application/schema+json")
    for phase in reversed(snapshot.whole.record.phases):
        yield ListedResource(
            f"record://packs/{quote(phase.folder)}", phase.heading, "What to read of this phase, in order."
        )
    for chain in snapshot.whole.record.chains:
        if chain.current:
            name = full_name(snapshot.whole.record, chain.current)
            yield ListedResource(
                _uri(chain.current.path), name, chain.current.title, f"text/{_TYPES[chain.current.form]}"
            )


_TYPES = {"md": "markdown", "html": "plain"}


def _uri(path: str) -> str:
    return f"record://documents/{quote(path)}"


def text_of(snapshot: Snapshot, uri: str) -> str:
    """The text of a resource; UsageError where there is none such."""
    kind, _, rest = uri.removeprefix("record://").partition("/")
    name = unquote(rest)
    if uri == SCHEMA:
        return files("loomworks_record.pages").joinpath("record.schema.json").read_text("utf-8")
    if kind == "documents" and name in snapshot.whole.record.by_path:
        return tools.read(snapshot, arguments.ReadArguments(name=name, tokens=_MOST)).text()
    phases = {key: each for each in snapshot.whole.record.phases for key in (each.folder, str(each.number))}
    if kind == "packs" and name in phases:
        return pack(snapshot.whole, phases[name], snapshot.url)
    raise UsageError(f"there is no resource '{uri[:200]}'; expected {SCHEMA}, {DOCUMENT} or {PACK}")


def completed(snapshot: Snapshot, argument: str, value: str) -> list[str]:
    """What the value of an argument may be meant to be: folders of phases, paths or names of documents."""
    record = snapshot.whole.record
    if argument == "phase":
        folders = [each.folder for each in reversed(record.phases)]
        return [each for each in folders if not value or value.casefold() in each.casefold()][:_MOST_COMPLETED]
    begun = [path for path in record.by_path if value and path.startswith(value)]
    _, said = snapshot.look(value, most=_MOST_COMPLETED) if value.strip() else (None, [])
    named = [each["path" if argument == "path" else "name"] for each in said]
    found = dict.fromkeys((*filter(None, named), *(begun if argument == "path" else ())))
    return list(found)[:_MOST_COMPLETED]


class Prompt(Struct, frozen=True):
    """What a person picks in a client. ``argument`` is the one that it takes."""

    name: str
    title: str
    description: str
    argument: str
    says: str


PROMPTS = {
    prompt.name: prompt
    for prompt in (
        Prompt("pick_up_phase", "Pick up a phase", "Take a phase up where it stands", "phase",
               "Take up phase {} of the record. Call 'trajectory' for how it stands and 'context' for what to read; "
               "read what was left out with 'read'. Rely on versions in force only. Then say in ten lines: what "
               "holds, what is open, what comes next, each with its path and version."),
        Prompt("still_true", "Is this still true?", "Check a statement or a citation", "statement",
               "Is this still true by the record? {}\nResolve what it names, read it with 'read', and look at the "
               "first line: it says what is in force and whether the passage has changed. Where it has, compare. "
               "Answer yes, no or in part, with the version that says so and its address."),
    )
}  # fmt: skip


def prompt_text(name: str, arguments: dict[str, str]) -> str:
    """The message of a prompt; UsageError where its argument is missing, or another is given."""
    prompt = PROMPTS.get(name)
    if prompt is None:
        raise UsageError(f"there is no prompt '{name[:200]}'; expected {' or '.join(PROMPTS)}")
    value = arguments.get(prompt.argument, "").strip()
    if not value or set(arguments) != {prompt.argument} or len(value) > 2_000:
        raise UsageError(f"{name}: expected one argument '{prompt.argument}' of up to 2,000 characters")
    return prompt.says.format(json.dumps(value, ensure_ascii=False))
