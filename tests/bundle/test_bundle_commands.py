"""The commands of the bundle as they are typed: what they print, and how they end."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bagit
import pytest
import sealed
from loomworks_record.bundle import paths
from loomworks_record.bundle.log import ArchiveError, parse_log
from loomworks_record.bundle.statements import parse_stamp
from loomworks_record.cli.main import main
from loomworks_record.opening.open_record import open_record
from loomworks_record.source.project import load_project

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
ARCHIVED = "phases/phase-02-x/archive/cr-v0_1.md"

BESIDE = (paths.STAMP, paths.SIGNATURE, paths.NOTE, paths.TLOG_NOTE)


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sealed.Project:
    """A project that was built just now, and is the working folder."""
    made = sealed.make_project(tmp_path / "project")
    sealed.build(made, made.site, issued=int(time.time()) - 5)
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> Ended:
        status = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return command


def test_verify(project: sealed.Project, run: Run) -> None:
    for arguments in ([], ["site"], [project.site], ["site", "--host", "cloudflare-free"]):
        done = run("verify", *arguments)
        assert (done.status, done.err) == (0, ""), arguments
        assert done.out.startswith("ok: ")
    sealed.write(project.site / "index.html", b"edited")
    done = run("verify", "site")
    assert done.status == 1
    assert re.fullmatch(r"\d+ of \d+ files are as built\n", done.out)
    assert done.err.startswith("file-differs: index.html: expected sha256 ")
    done = run("verify", "--json")
    answer = json.loads(done.out)
    assert (done.status, done.err) == (1, "")
    assert answer.keys() == {"ok", "exit", "faults"}
    assert (answer["ok"], answer["exit"]) == (False, 1)
    assert [fault["reason"] for fault in answer["faults"]] == ["file-differs"]
    assert answer["faults"][0].keys() == {"reason", "path", "message"}


def test_verify_json_when_all_is_well(project: sealed.Project, run: Run) -> None:
    done = run("verify", "site", "--json")
    assert json.loads(done.out) == {"ok": True, "exit": 0, "faults": []}


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"], ["site", "--key", "nowhere"], ["site", "--last", "mkdocs.yml"], ["site", "--host", "other"],
        ["https://record.example", "--rebuild"], ["ftp://record.example"], ["--receipt", "nowhere"],
        ["site", "--key", "mkdocs.yml"], ["a", "b"],
    ],
)  # fmt: skip
def test_verify_called_wrongly(arguments: list[str], project: sealed.Project, run: Run) -> None:
    done = run("verify", *arguments)
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert done.err


def test_verify_over_a_server(project: sealed.Project, run: Run, serve: Callable[..., str]) -> None:
    url = serve(project.site, like_pages=True)
    assert run("verify", url).status == 0
    assert run("fresh", "--site", url).status == 0
    (project.site / "view" / f"{ARCHIVED}.html").unlink()
    done = run("verify", url)
    assert done.status == 1
    assert done.err.startswith(f"file-missing: view/{ARCHIVED}.html: ")


def test_verify_imports_neither_mkdocs_nor_yaml(project: sealed.Project) -> None:
    program = (
        "import sys; from loomworks_record.cli.main import main\n"
        "try: main(['verify', 'site'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'mkdocs', 'yaml', 'rich', 'jinja2', 'urllib.request', 'markdown', 'lxml', 'rfc8785'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(PLUGINS)}, capture_output=True, text=True
    )
    assert finished.stdout.endswith("[]\n"), finished.stdout + finished.stderr


def test_fresh(project: sealed.Project, run: Run) -> None:
    assert run("fresh").status == 0
    assert run("fresh", "--site", "site").out.startswith("fresh: ")
    sealed.write(project.content / "phases/phase-01-é/new-v0_1.md", b"# New\n")
    sealed.write(project.content / "README.md", b"# Changed\n")
    (project.content / "phases/phase-01-é/picture.png").unlink()
    sealed.write(project.root / "overrides/main.html", b"other")
    sealed.write(project.root / "requirements.txt", b"other")
    sealed.write(project.root / "mkdocs.yml", b"plugins: [record]\n")
    (project.root / "record.log.jsonl").unlink()
    done = run("fresh", "--json")
    answer = json.loads(done.out)
    assert (done.status, answer["exit"], answer["ok"]) == (7, 7, False)
    assert {(fault["reason"], fault["path"]) for fault in answer["faults"]} == {
        ("document-added", "phases/phase-01-é/new-v0_1.md"),
        ("document-changed", "README.md"),
        ("document-removed", "phases/phase-01-é/picture.png"),
        ("templates-changed", ""),
        ("lock-changed", ""),
        ("configuration-changed", ""),
        ("log-changed", ""),
    }


def test_fresh_sees_a_change_of_what_the_configuration_inherits(project: sealed.Project, run: Run) -> None:
    alone = (project.root / "mkdocs.yml").read_bytes()
    # Below the project and beside it.
    sealed.write(project.root / "mkdocs.yml", b"INHERIT: shared/base.yml\n" + alone)
    sealed.write(project.root / "shared/base.yml", b"INHERIT: ../../team.yml\nextra: {a: 1}\n")
    sealed.write(project.root.parent / "team.yml", b"extra: {b: 2}\n")
    shutil.rmtree(project.site)
    sealed.build(project, project.site)
    assert run("fresh").status == 0
    for place in (project.root / "shared/base.yml", project.root.parent / "team.yml"):
        before = place.read_bytes()
        sealed.write(place, before + b"site_name: Another\n")
        assert (run("fresh").status, run("fresh").err.count("configuration-changed")) == (7, 1)
        sealed.write(place, before)
    assert run("fresh").status == 0

    assert run("export", "--bagit", "bag").status == 0
    assert Path("bag/data/shared/base.yml").is_file()
    (project.root / "shared/base.yml").unlink()
    done = run("fresh")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "mkdocs.yml: INHERIT: there is no file shared/base.yml; correct the path" in done.err


def test_fresh_says_when_it_cannot_tell(project: sealed.Project, run: Run) -> None:
    sealed.write(project.site / paths.SOURCES, b"")
    done = run("fresh")
    assert done.status == 6
    assert done.err.startswith("bundle-inconsistent: ")
    done = run("fresh", "--site", "http://127.0.0.1:9")
    assert done.status == 6
    assert done.err.startswith("unreachable: ")
    assert run("fresh", "--site", "nowhere").status == 2


def test_log_adopts_an_archive(project: sealed.Project, run: Run) -> None:
    (project.root / "record.log.jsonl").unlink()
    dry = run("log", "--dry-run")
    assert dry.status == 0
    assert dry.out.count(" archived ") == 12
    assert not (project.root / "record.log.jsonl").exists()
    assert run("log").status == 2  # nobody there to say yes
    assert run("log", "--yes").status == 0
    log = project.log
    assert sum(entry.type == "archived" for entry in log.entries) == 12
    first = log.in_force[ARCHIVED]
    assert (first.version, first.date, first.type) == ("0.1", "2026-05-12", "archived")
    assert run("log").out.startswith("nothing to add")


def test_log_refuses_a_changed_archive(project: sealed.Project, run: Run) -> None:
    before = project.log.in_force[ARCHIVED]
    sealed.write(project.content / ARCHIVED, b"# Edited\n")
    done = run("log", "--yes")
    assert done.status == 1
    assert done.err.startswith(f"archive-differs: {ARCHIVED}: expected sha256 {before.sha256}")
    assert run("log", "--correct", ARCHIVED).status == 2
    done = run("log", "--correct", f"content/{ARCHIVED}", "--reason", "the scan was cut off", "--yes")
    assert done.status == 0, done.err
    entry = project.log.in_force[ARCHIVED]
    assert (entry.type, entry.reason, entry.sequence) == ("correction", "the scan was cut off", 12)
    assert run("log", "--yes").status == 0
    sealed.build(project, project.site, issued=int(time.time()))
    assert run("verify", "site").status == 0


def test_a_damaged_log_is_never_appended_to(project: sealed.Project, run: Run) -> None:
    log = project.root / "record.log.jsonl"
    log.write_bytes(log.read_bytes()[:-3])
    done = run("log", "--yes")
    assert done.status == 4
    assert done.err.count("\n") == 1


def test_withdraw(project: sealed.Project, run: Run) -> None:
    dry = run("withdraw", ARCHIVED, "--reason", "a secret", "--dry-run")
    assert dry.status == 0
    assert (project.content / ARCHIVED).exists()
    assert run("withdraw", ARCHIVED).status == 2
    done = run("withdraw", ARCHIVED, "--reason", "a secret", "--yes")
    assert done.status == 0, done.err
    assert not (project.content / ARCHIVED).exists()
    entry = project.log.withdrawn[ARCHIVED]
    assert (entry.reason, len(entry.sha256)) == ("a secret", 64)
    assert run("withdraw", ARCHIVED, "--reason", "again", "--yes").status == 4
    assert run("withdraw", "README.md", "--reason", "not archived, but a secret", "--yes").status == 0
    assert run("withdraw", "never-filed.md", "--reason", "x", "--yes").status == 4
    assert run("withdraw", "../elsewhere.md", "--reason", "x", "--yes").status == 2
    shutil.rmtree(project.site)
    sealed.build(project, project.site, issued=int(time.time()))
    assert run("verify", "site").status == 0


@pytest.mark.parametrize("place", ["notes/plan-v0_1.md", "notes/archive/plan-v0_1.md", "notes/plan.svg"])
def test_a_withdrawal_that_was_killed_before_it_deleted(place: str, project: sealed.Project, run: Run) -> None:
    """Wherever the file lies: what was withdrawn is never built again."""
    file = project.content / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# Plan\n\nA secret.\n", "utf-8")
    assert run("withdraw", place, "--reason", "a secret", "--yes").status == 0
    loaded = load_project(project.root)
    open_record(loaded).refuse_wrong_log()
    file.write_text("# Plan\n\nA secret.\n", "utf-8")
    with pytest.raises(ArchiveError, match="delete the file"):
        open_record(loaded).refuse_wrong_log()


def test_receipts(project: sealed.Project, run: Run, key: Path) -> None:
    assert run("stamp", "site", "--key", key).status == 0
    assert run("receipt", ARCHIVED).status == 0
    receipt = project.root / "cr-v0_1.receipt.json"
    elsewhere = project.root / "years-later"
    elsewhere.mkdir()
    shutil.copy(receipt, elsewhere)
    shutil.copy(project.content / ARCHIVED, elsewhere)
    arguments = ("verify", "--receipt", elsewhere / receipt.name)
    public = ("--key", key.with_suffix(".pub"))
    assert run(*arguments, elsewhere / "cr-v0_1.md", *public).status == 0
    assert run(*arguments).status == 0
    sealed.write(elsewhere / "cr-v0_1.md", b"another text")
    done = run(*arguments, elsewhere / "cr-v0_1.md", *public)
    assert (done.status, done.err.split(":")[0]) == (1, "receipt-document")
    assert run(*arguments, elsewhere / "gone.md").status == 2
    text = receipt.read_text()
    sealed.write(elsewhere / receipt.name, text.replace("cr-v0_1.md", "cr-v0_9.md").encode())
    assert run(*arguments).err.startswith("receipt-proof: ")
    sealed.write(elsewhere / receipt.name, b"{}")
    assert run(*arguments).err.startswith("receipt-syntax: ")
    assert run("receipt", "README.md").status == 4
    assert json.loads(run("receipt", ARCHIVED, "-o", "-").out)["format"] == "record-receipt/1"


def test_a_receipt_without_a_signature_is_no_proof_for_a_key(project: sealed.Project, run: Run, key: Path) -> None:
    run("receipt", ARCHIVED, "-o", "r.json")
    done = run("verify", "--receipt", "r.json", "--key", key.with_suffix(".pub"))
    assert (done.status, done.err.split(":")[0]) == (5, "signature-missing")


def test_stamp(project: sealed.Project, run: Run, key: Path) -> None:
    before = parse_stamp((project.site / paths.STAMP).read_bytes())
    rest = {path: digest for path, digest in sealed.tree(project.site).items() if path not in BESIDE}
    done = run("stamp", "--days", "30", "--key", key)
    assert done.status == 0, done.err
    after = parse_stamp((project.site / paths.STAMP).read_bytes())
    assert after.manifest == before.manifest
    assert after.sequence > before.sequence
    assert after.expires - after.sequence == 30 * sealed.DAY
    assert {path: digest for path, digest in sealed.tree(project.site).items() if path not in BESIDE} == rest
    assert run("verify", "site", "--key", key.with_suffix(".pub")).status == 0
    assert run("stamp").status == 0  # no key: no signature that would not fit
    assert not (project.site / paths.SIGNATURE).exists()
    assert run("verify", "site").status == 0
    (project.site / paths.STAMP).unlink()
    assert run("stamp").status == 2


def test_stamp_with_another_key_than_the_site_publishes(project: sealed.Project, run: Run, key: Path) -> None:
    done = run("stamp", "--key", key)
    assert (done.status, "set signing_key and build again" in done.err) == (0, True)  # built without a key
    sealed.build(project, project.site, key=key)
    assert run("stamp", "--key", key).err == ""
    before = sealed.tree(project.site)
    other = project.root / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    done = run("stamp", "--key", other)
    assert (done.status, done.err.count("\n"), "of another key" in done.err) == (6, 1, True)
    assert sealed.tree(project.site) == before


def test_stamp_with_a_key_that_cannot_sign(project: sealed.Project, run: Run, key: Path) -> None:
    before = (project.site / paths.STAMP).read_bytes()
    done = run("stamp", "--key", "mkdocs.yml")
    assert (done.status, done.err.count("\n")) == (6, 1)
    assert (project.site / paths.STAMP).read_bytes() == before


def test_export(project: sealed.Project, run: Run) -> None:
    assert run("export", "--bagit", "bag", "--site").status == 0
    bagit.Bag("bag").validate(processes=1)
    assert parse_log(Path("bag/data/record.log.jsonl").read_bytes()) == project.log
    assert run("export", "--bagit", "bag").status == 2


def test_publish_says_why_a_build_failed(project: sealed.Project, run: Run) -> None:
    sealed.write(project.root / "mkdocs.yml", b"site_name: x\nsite_url: https://x.example/\ndocs_dir: nowhere\n")
    done = run("publish", "www")
    assert done.status == 1
    assert done.err.startswith("record: the build failed (")
    assert done.err.count("\n") == 1
    assert not Path("www/current").exists()


@pytest.mark.parametrize("name", ["verify", "fresh", "log", "withdraw", "receipt", "stamp", "publish", "export"])
def test_help_has_an_example_and_the_exit_codes(name: str, run: Run) -> None:
    done = run(name, "--help")
    assert done.status == 0
    assert "Example:" in done.out
    assert "Exit status:" in done.out
