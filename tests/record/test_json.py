"""The machine's view: keys as published, values that agree, and a schema that says no to anything else."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from loomworks_record.cli.main import record
from loomworks_record.pages import api
from record import inventory
from support import strangers
from support.site import PROJECT, Build, write_content

SCHEMA = json.loads(Path(api.__file__).with_name("record.schema.json").read_text("utf-8"))
KEYS = {
    "whole": ["format", "documents", "chains", "phases", "problems"],
    "document": [
        "path", "url", "raw_url", "title", "kind", "section", "phase", "stem", "version", "date", "filed",
        "adopted", "in_force", "standing",
        "declared_status", "header", "sha256", "bytes", "chain", "predecessor", "successor", "current", "cites",
        "cited_by", "sections",
    ],
    "citation": ["text", "line", "outcome", "target", "anchor"],
    "chain": ["id", "versions", "current"],
    "phase": ["number", "folder", "title", "state", "prologue", "trajectory"],
    "cycle": ["cycle", "halt", "state", "events"],
    "event": ["kind", "path", "name", "date", "held"],
    "problem": ["code", "severity", "path", "line", "message"],
}  # fmt: skip


def listed(folder: Path) -> dict[str, Any]:
    result = CliRunner().invoke(record, ["list", "--json", "--sections", "--content", str(folder)])
    assert result.exit_code == 0, result.output
    whole: dict[str, Any] = json.loads(result.stdout)
    return whole


@pytest.fixture(scope="module", params=["sample", "broken", "inventory", "documents", "nothing"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp(request.param)
    if request.param == "sample":
        return PROJECT / "content"
    if request.param == "broken":
        return Path(__file__).parents[1] / "data" / "broken"
    if request.param == "documents":
        real = inventory.FILE.with_name("documents")
        if not real.is_dir():
            pytest.skip("the real documents lie beside the repository and are not here")
        return real
    if request.param == "inventory":
        if not inventory.FILE.is_file():
            pytest.skip("the inventory of the real record lies beside the repository and is not here")
        write_content(
            {row.path: inventory.written(row, inventory.own_styles(row)[0]) for row in inventory.rows()}, made
        )
    return made


@pytest.fixture(scope="module")
def whole(folder: Path) -> dict[str, Any]:
    return listed(folder)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_record_keeps_the_schema(whole: dict[str, Any]) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(whole)] == []


def test_the_keys_are_these_in_this_order(whole: dict[str, Any]) -> None:
    assert list(whole) == KEYS["whole"]
    cycles = [cycle for phase in whole["phases"] for cycle in phase["trajectory"]]
    events = [event for phase in whole["phases"] for event in phase["prologue"]]
    parts = {
        "document": whole["documents"],
        "citation": [
            {key: value for key, value in citation.items() if key != "ground"}
            for document in whole["documents"]
            for citation in document["cites"]
        ],
        "chain": whole["chains"],
        "phase": whole["phases"],
        "cycle": cycles,
        "event": [*events, *(event for cycle in cycles for event in cycle["events"])],
        "problem": whole["problems"],
    }
    for part, values in parts.items():
        assert all(list(value) == KEYS[part] for value in values), part


def test_what_it_says_agrees(folder: Path, whole: dict[str, Any]) -> None:
    documents = {document["path"]: document for document in whole["documents"]}
    chains = {chain["id"]: chain for chain in whole["chains"]}
    assert list(documents) == sorted(documents, key=str.encode)
    assert list(chains) == sorted(chains)
    assert sorted(path for chain in chains.values() for path in chain["versions"]) == sorted(documents)
    for path, document in documents.items():
        data = (folder / path).read_bytes()
        assert (document["sha256"], document["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
        public = path if path.replace("archive/", "") in documents else path.replace("archive/", "")
        assert unquote(document["url"]) == f"/view/{public}.html"
        assert unquote(document["raw_url"]) == f"/raw/{public}"
        assert re.fullmatch(r"[!-~]+", document["url"])
        assert path in chains[document["chain"]]["versions"]
        assert document["current"] == chains[document["chain"]]["current"]
        assert (document["standing"] == "current") <= (document["successor"] is None)
        for citation in document["cites"]:
            assert (citation["target"] is None) == (citation["outcome"] in ("elsewhere", "unresolved"))
            assert citation["target"] is None or citation["target"] in documents
            assert citation["line"] <= data.count(b"\n") + 1
        assert path not in document["cited_by"]
        for citing in document["cited_by"]:
            assert path in [citation["target"] for citation in documents[citing]["cites"]]


def _added(whole: dict[str, Any]) -> None:
    whole["documents"][0]["colour"] = "red"


def _left_out(whole: dict[str, Any]) -> None:
    del whole["documents"][0]["sha256"]


def _another_standing(whole: dict[str, Any]) -> None:
    whole["documents"][0]["standing"] = "superseded"


def _a_v_before_the_version(whole: dict[str, Any]) -> None:
    whole["documents"][0]["version"] = "v0.1"


def _a_chain_of_nothing(whole: dict[str, Any]) -> None:
    whole["chains"][0]["versions"] = []


def _a_line_zero(whole: dict[str, Any]) -> None:
    whole["problems"].append({"code": "x", "severity": "error", "path": "x", "line": 0, "message": "x"})


WRONG = [_added, _left_out, _another_standing, _a_v_before_the_version, _a_chain_of_nothing, _a_line_zero]


@pytest.mark.parametrize("change", WRONG)
def test_the_schema_refuses(change: Callable[[dict[str, Any]], None]) -> None:
    changed = copy.deepcopy(listed(PROJECT / "content"))
    assert Draft202012Validator(SCHEMA).is_valid(changed)
    change(changed)
    assert not Draft202012Validator(SCHEMA).is_valid(changed)


# Prints for each line, a JSON text, whether the schema in the first line takes it: by an implementation in Rust.
_ANOTHER = """
import json, jsonschema_rs, sys
schema, *texts = map(json.loads, sys.stdin)
validator = jsonschema_rs.validator_for(schema)
print(json.dumps([type(validator).__name__, *map(validator.is_valid, texts)]))
"""


def test_another_validator_says_the_same(sample_site: Build) -> None:
    """Of what the site publishes, what the command prints of a sound and of a broken record, and what is wrong."""
    python = strangers.environment("jsonschema-rs==0.61.2") / "python"
    published = {file: json.loads(file.read_bytes()) for file in sample_site.site.rglob("*.json")}
    keeping = [value for value in published.values() if isinstance(value, dict) and value.get("format") == api.FORMAT]
    keeping += [listed(PROJECT / "content"), listed(Path(__file__).parents[1] / "data" / "broken")]
    wrong = [copy.deepcopy(keeping[0]) for _ in WRONG]
    for change, value in zip(WRONG, wrong, strict=True):
        change(value)
    schema = json.loads(sample_site.text("api/record.schema.json"))
    lines = "".join(json.dumps(value) + "\n" for value in (schema, *keeping, *wrong))
    done = subprocess.run([python, "-c", _ANOTHER], input=lines, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["Draft202012Validator", *[True] * len(keeping), *[False] * len(wrong)]
    assert len(keeping) >= 3 and len(published) > 50


def test_the_site_publishes_the_same_without_citations(sample_site: Build) -> None:
    published = json.loads(sample_site.text("api/record.json"))
    printed = listed(sample_site.content)  # and neither has a log
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(published)] == []
    assert json.loads(sample_site.text("api/record.schema.json")) == SCHEMA
    cites, sections = {}, {}
    for document in printed["documents"]:
        cites[document["path"]] = {key: document.pop(key) for key in ("cites", "cited_by")}
        sections[document["path"]] = document.pop("sections")
    assert {key: published[key] for key in ("format", "documents", "chains", "phases")} == {
        key: printed[key] for key in ("format", "documents", "chains", "phases")
    }
    assert dict(_published(sample_site, "cites")) == cites
    assert dict(_published(sample_site, "sections")) == sections


def _published(built: Build, what: str) -> Iterator[tuple[str, Any]]:
    for file in (built.site / "api" / what).rglob("*.json"):
        yield from json.loads(file.read_text("utf-8")).items()


def test_the_page_of_problems_has_every_code_as_the_code_has_it() -> None:
    maker = _script("problem_codes")
    page = (PROJECT / "docs/problems.md").read_text("utf-8")
    assert maker.with_tables(page) == page, "run: python scripts/problem_codes.py"
    told = re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning|notice) \|", page, re.MULTILINE)
    assert dict(told) == {code: rule.severity for code, rule in maker.CODES.items()}
    assert len(told) == len(maker.CODES)


def test_a_code_that_the_page_forgets_is_seen() -> None:
    maker = _script("problem_codes")
    page = (PROJECT / "docs/problems.md").read_text("utf-8").replace("codes: log ", "codes: lag ")
    with pytest.raises(SystemExit, match="log-missing-entry"):
        maker.with_tables(page)


def test_the_page_on_json_names_every_key() -> None:
    page = (PROJECT / "docs/json.md").read_text("utf-8")
    for part, keys in KEYS.items():
        assert [key for key in keys if f'"{key}"' not in page and f"`{key}`" not in page] == [], part


def _script(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, PROJECT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
