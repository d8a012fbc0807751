"""Provenance: an in-toto Statement v1 that says what a bundle was built from, and with what. It holds no times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from loomworks_record.bundle.manifest import format_manifest
from loomworks_record.bundle.statements import Value, canonical, hex_digest, parse_object

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
# Package URLs (ECMA-427) name the program, whoever runs it.
BUILDER = "pkg:generic/loomworks-record"
BUILD_TYPE = f"{BUILDER}#build/1"
CONTENT, ROOT = "recordContent1", "rfc6962Root"
MAX_STATEMENT = 4 * 1024 * 1024
PARTS = ("configuration", "templates", "lock")


class Inputs(Struct, frozen=True):
    """What goes into a build: sha256 (hex) per source path (relative to content), and of each other part.

    ``parts`` has the keys ``PARTS``; a part that does not exist has the value None.
    """

    sources: Mapping[str, str]
    parts: Mapping[str, str | None]
    commit: str | None = None
    modified: bool = False
    builder: Mapping[str, str] = field(default_factory=dict)


class Provenance(Struct, frozen=True):
    """The statement as values: digests are sha256 (hex). ``log``: of the file ("" where an earlier version
    did not say); ``log_root``: of its Merkle tree."""

    content: str
    log: str
    log_root: str
    sources: str
    parts: Mapping[str, str | None]
    commit: str | None
    modified: bool
    origin: str
    host: str
    builder: Mapping[str, str]


def sources_digest(sources: Mapping[str, str]) -> str:
    """Of ``sources.txt``: the filed bytes as a manifest; run ``sha256sum -c`` on it in the content folder."""
    return hex_digest(format_manifest(sources))


def provenance(inputs: Inputs, *, content: str, log: bytes, log_root: bytes, origin: str, host: str) -> Provenance:
    return Provenance(
        content, hex_digest(log), log_root.hex(), sources_digest(inputs.sources), dict(inputs.parts),
        inputs.commit, inputs.modified, origin, host, dict(inputs.builder),
    )  # fmt: skip


def format_provenance(given: Provenance) -> bytes:
    dependencies: list[Value] = [{"name": "sources", "digest": {"sha256": given.sources}}]
    if given.commit is not None:
        commit: dict[str, Value] = {"name": "commit", "digest": {"gitCommit": given.commit}}
        if given.modified:
            commit["annotations"] = {"modified": "yes"}
        dependencies.append(commit)
    for name in PARTS:
        digest = given.parts.get(name)
        if digest is not None:
            dependencies.append({"name": name, "digest": {"sha256": digest}})
    statement: dict[str, Value] = {
        "_type": STATEMENT,
        "subject": _subjects(given.content, given.log, given.log_root, given.sources),
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"origin": given.origin, "host": given.host},
                "resolvedDependencies": dependencies,
            },
            "runDetails": {"builder": {"id": BUILDER, "version": dict(given.builder)}},
        },
    }
    return canonical(statement) + b"\n"


def parse_provenance(data: bytes) -> Provenance:
    """The inverse of ``format_provenance``; ValueError if a part that a check needs is not there."""
    try:
        statement = parse_object(data)
        canonical_form = canonical(statement) + b"\n" == data
        _renew(statement)
        subjects = {item["name"]: item for item in statement["subject"]}
        build = statement["predicate"]["buildDefinition"]
        made_from = {item["name"]: item for item in build["resolvedDependencies"]}
        parameters = build["externalParameters"]
        found = Provenance(
            content=subjects["content"]["digest"][CONTENT],
            log=subjects["integrity/log.jsonl"]["digest"]["sha256"],
            log_root=subjects["integrity/log.jsonl"]["annotations"][ROOT],
            sources=made_from["sources"]["digest"]["sha256"],
            parts={name: _digest(made_from, name) for name in PARTS},
            commit=made_from["commit"]["digest"]["gitCommit"] if "commit" in made_from else None,
            modified="annotations" in made_from.get("commit", {}),
            origin=parameters["origin"],
            host=parameters["host"],
            builder=statement["predicate"]["runDetails"]["builder"]["version"],
        )
        texts = [found.content, found.log, found.log_root, found.sources, found.origin, found.host, found.commit or ""]
        texts += [*filter(None, found.parts.values()), *found.builder, *found.builder.values()]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("expected text everywhere")
        same = canonical_form and format_provenance(found) == canonical(statement) + b"\n"
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"a part is missing or of another form ({wrong})") from wrong
    if not same:
        raise ValueError("expected the canonical form (RFC 8785) of the statement and a LF")
    return found


def _subjects(content: str, log: str, log_root: str, sources: str) -> list[Value]:
    """Subjects are matched by digest: sha256 only of files that a reader holds. The content digest is one of lines
    that stand in no file of their own, so it has a name of its own; the root is said beside the log."""
    return [
        {"name": "integrity/log.jsonl", "digest": {"sha256": log}, "annotations": {ROOT: log_root}},
        {"name": "integrity/sources.txt", "digest": {"sha256": sources}},
        {"name": "content", "digest": {CONTENT: content}},
    ]


def _renew(statement: dict[str, Any]) -> None:
    """Earlier versions of this program named themselves, and the subjects, otherwise."""
    subjects = {item["name"]: item["digest"]["sha256"] for item in statement["subject"] if "sha256" in item["digest"]}
    if subjects.keys() == {"content", "log"}:
        sources = statement["predicate"]["buildDefinition"]["resolvedDependencies"][0]["digest"]["sha256"]
        statement["subject"] = _subjects(subjects["content"], "", subjects["log"], sources)
    build, run = statement["predicate"]["buildDefinition"], statement["predicate"]["runDetails"]
    if not all(isinstance(name, str) for name in (build["buildType"], run["builder"]["id"])):
        raise TypeError("expected text as the names of builder and build type")
    build["buildType"], run["builder"]["id"] = BUILD_TYPE, BUILDER


def _digest(made_from: Mapping[str, Any], name: str) -> str | None:
    return made_from[name]["digest"]["sha256"] if name in made_from else None
