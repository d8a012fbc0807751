"""The baseline of known problems: it only shrinks, unless a reason is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filing_support import LAMP, document, make_project, record, write
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.source.baseline import Baseline, BaselineError, compare_problems, grown, parse_baseline, shrunk
from loomworks_record.source.problem import CODES, Problem

_problems = st.lists(
    st.builds(
        Problem,
        path=st.sampled_from(["a-v0_1.md", "archive/a-v0_1.md", "b/é.md", "b/c.md"]),
        line=st.one_of(st.none(), st.integers(1, 3)),
        code=st.sampled_from(sorted(CODES)[:4]),
        message=st.sampled_from(["one", "two – “quoted”"]),
    ),
    max_size=12,
)


@given(_problems)
def test_written_and_read(problems: list[Problem]) -> None:
    made = grown(Baseline(), problems, "as filed")
    assert parse_baseline(bytes(made), name="known.json") == made
    assert bytes(made).count(b"\n") == (len(problems) + 2 if problems else 1)
    compared = compare_problems(made, problems)
    assert (compared.new, len(compared.known), compared.gone) == ((), len(problems), ())


@given(_problems, _problems)
def test_shrinking_adds_nothing_and_growing_forgets_nothing(before: list[Problem], after: list[Problem]) -> None:
    held = grown(Baseline(), before, "first")
    compared = compare_problems(held, after)
    assert len(compared.new) + len(compared.known) == len(after)
    assert len(compared.known) + len(compared.gone) == len(before)
    small = shrunk(held, after)
    assert len(small.known) == len(compared.known)
    assert set(small.known) <= set(held.known)
    assert compare_problems(small, after).new == compared.new
    large = grown(held, after, "second")
    assert compare_problems(large, after) == compare_problems(grown(Baseline(), after, "x"), after)
    assert sum(each.reason == "second" for each in large.known) == len(compared.new)


def test_a_document_keeps_its_known_problems_in_the_archive() -> None:
    problem = Problem("p/a-v0_1.md", 3, "date-invalid", "x")
    held = grown(Baseline(), [problem], "as filed")
    moved = Problem("p/archive/a-v0_1.md", 3, "date-invalid", "said otherwise")
    assert compare_problems(held, [moved]).known == (moved,)
    assert compare_problems(held, [Problem("p/a-v0_2.md", 3, "date-invalid", "x")]).known == ()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_growth_without_a_reason(reason: str) -> None:
    with pytest.raises(BaselineError, match="a baseline grows only for a reason"):
        grown(Baseline(), [], reason)


def _with_row(**wrong: object) -> bytes:
    row = {"code": "x", "path": "", "line": 1, "message": "", "reason": "", **wrong}
    return json.dumps({"format": "loomworks-baseline/1", "problems": [row]}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"format": "loomworks-baseline/2", "problems": []}',
        b'{"format": "loomworks-baseline/1"}',
        b'{"format": "loomworks-baseline/1", "problems": [{"code": "x"}]}',
        _with_row(path=1),
        _with_row(line=True),
        _with_row(reason=None),
    ],
)
def test_what_is_no_baseline_is_refused(data: bytes) -> None:
    with pytest.raises(BaselineError, match=r"^known\.json: cannot be read as a baseline \(.+\); restore it from git$"):
        parse_baseline(data, name="known.json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A record with two warnings that fail a strict check."""
    texts = {f"{LAMP}/phase-7-{name}-v0_1.md": document("0.1", name, date="2026-02-30") for name in ("cr-a", "cr-b")}
    return make_project(tmp_path / "project", texts)


GROW = ("--update-baseline", "--grow", "--reason", "filed so")


def test_known_problems_never_fail(project: Path) -> None:
    assert record(project, "check", "--strict").status == 1
    begun = record(project, "check", "--strict", "--baseline", "known.json", *GROW)
    assert (begun.status, begun.out) == (0, "")
    assert begun.err == "known.json: 0 known problems before, 2 now\n2 documents: no problems (2 known)\n"
    assert json.loads((project / "known.json").read_text())["problems"][0]["reason"] == "filed so"
    assert record(project, "check", "--strict").status == 1
    assert record(project, "check", "--strict", "--baseline", "known.json").status == 0
    write(project / "content" / LAMP / "phase-7-cr-c-v0_1.md", document("0.1", "C", date="2026-02-31"))
    failed = record(project, "check", "--strict", "--baseline", "known.json")
    assert failed.status == 1
    assert failed.out.count("\n") == 1
    assert failed.err == ("to mend [date-invalid]: Mend it in the next version.\n3 documents: 1 warning (2 known)\n")
    rows = json.loads(record(project, "check", "--json", "--baseline", "known.json").out)
    assert [row["known"] for row in rows] == [True, True, False]
    assert "known" not in json.loads(record(project, "check", "--json").out)[0]


def test_it_shrinks_by_itself_and_grows_only_when_told(project: Path) -> None:
    assert record(project, "check", "--baseline", "known.json", *GROW).status == 0
    held = (project / "known.json").read_bytes()
    write(project / "content" / LAMP / "phase-7-cr-c-v0_1.md", document("0.1", "C", date="2026-02-31"))
    told = record(project, "check", "--strict", "--baseline", "known.json", "--update-baseline")
    assert told.status == 1
    assert (project / "known.json").read_bytes() == held
    (project / "content" / LAMP / "phase-7-cr-a-v0_1.md").unlink()
    gone = record(project, "check", "--baseline", "known.json")
    assert "1 in the baseline no longer there: take them out with --update-baseline" in gone.err
    record(project, "check", "--baseline", "known.json", "--update-baseline")
    assert len(json.loads((project / "known.json").read_text())["problems"]) == 1


def test_the_configuration_names_it(project: Path) -> None:
    config = project / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - record", "  - record:\n      baseline: known.json"))
    missing = record(project, "check")
    assert missing.status == 2
    assert "there is no such file; begin it with --update-baseline --grow --reason" in missing.err
    assert record(project, "check", *GROW).status == 0
    folder = project / "content" / LAMP
    assert record(folder, "check", "--strict").status == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--update-baseline"], "there is no baseline to update"),
        (["--baseline", "known.json", "--grow", "--reason", "x"], "--grow belongs to --update-baseline"),
        (["--baseline", "known.json", "--update-baseline", "--grow"], "--grow and --reason belong together"),
        (["--baseline", "known.json", "--update-baseline", "--reason", "x"], "--grow and --reason belong together"),
        (["--baseline", "known.json", "--update-baseline", "--grow", "--reason", " "], "grows only for a reason"),
        (["--baseline", "known.json", "--update-baseline"], "there is no such file"),
        (["--baseline", "mkdocs.yml"], "cannot be read as a baseline"),
    ],
)
def test_bad_calls(project: Path, options: list[str], said: str) -> None:
    refused = record(project, "check", *options)
    assert (refused.status, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert said in refused.err
    assert not (project / "known.json").exists()
