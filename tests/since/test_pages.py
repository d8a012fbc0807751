"""What pages, JSON and problems say of the ground of citations, and since when sections read as they do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from build.workshop import Workshop, held
from click.testing import CliRunner
from loomworks_record.cli.main import record
from loomworks_record.errors import UsageError
from loomworks_record.render.notes import SideNote, with_marks

_RULES = """# Rules

**Version.** 0.{}

## 1. Lamps

The lamps burn until {}.

## {}. Doors

The doors are shut.
"""
_CITING = """# Note

By rules-v0_1.md §1 we lock late, by rules-v0_1.md §2 the doors are shut, by rules-v0_1.md §3 gone.
"""
_OLD = _RULES.format(1, "ten", 2) + "\n## 3. Keys\n\nThe keys hang in the hall.\n"
_BETWEEN = _RULES.format(2, "nine", 3).replace("## 3.", "## 2. Stairs\n\nThe stairs are swept.\n\n## 3.")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path)
    shop.write("notes/archive/rules-v0_1.md", _OLD)
    shop.write("notes/rules-v0_2.md", _BETWEEN)
    shop.write("notes/note-v0_1.md", _CITING)
    shop.write("other/other-v0_1.md", "# Other\n\nIt cites nothing.\n")
    shop.build()
    return shop


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("\u00a0", " ")


def test_a_mention_says_whether_its_ground_moved(workshop: Workshop) -> None:
    page = (workshop.site / "view/notes/note-v0_1.md.html").read_text("utf-8")
    said = _words(page)
    assert "rules-v0_1.md §1 superseded, changed in v0.2; now v0.2 we lock late" in said
    assert "rules-v0_1.md §2 superseded, reads the same in v0.2, as §3 the doors" in said
    assert "rules-v0_1.md §3 superseded, no longer there in v0.2 gone" in said
    assert 'href="../../compare/notes/rules-v0_1-to-v0_2.html#r-change-1">v0.2</a>' in page
    assert 'href="rules-v0_2.md.html#s3">v0.2</a>, as §3' in page


def test_the_cited_side_says_the_same(workshop: Workshop) -> None:
    said = _words((workshop.site / "view/notes/rules-v0_1.md.html").read_text("utf-8"))
    assert "§1 changed in v0.2; now v0.2 · §2 reads the same in v0.2, as §3 · §3 no longer there in v0.2" in said


def test_what_moved_is_registered_counted_and_a_notice(workshop: Workshop) -> None:
    register = _words((workshop.site / "registers/moved/index.html").read_text("utf-8"))
    assert "1 current document relies on text that has changed, in 2 places." in register
    assert "reads the same" not in register.split("no longer reads the same")[-1]
    needs = json.loads((workshop.site / "api/dashboard/needs-you.json").read_text("utf-8"))["items"]
    assert [need["documents"] for need in needs if need["kind"] == "ground-moved"] == [1]
    result = CliRunner().invoke(record, ["check", "--strict", "--json", "--content", str(workshop.content)])
    found = [(each["severity"], each["line"]) for each in json.loads(result.stdout) if "ground" in each["code"]]
    assert (result.exit_code, found) == (0, [("notice", 3), ("notice", 3)])


def test_headings_say_since_when(workshop: Workshop) -> None:
    page = (workshop.site / "view/notes/rules-v0_2.md.html").read_text("utf-8")
    marks = [_words(mark) for mark in re.findall(r'<p class="r-since">.*?</p>', page)]
    assert marks == ["changed in v0.2", "new in v0.2", "unchanged since v0.1; §2 until v0.1"]
    assert "Lamps changed" in _words(page.split('aria-label="On this page"')[1])


def test_headings_of_an_archived_version_say_whether_they_hold(workshop: Workshop) -> None:
    page = (workshop.site / "view/notes/rules-v0_1.md.html").read_text("utf-8")
    marks = [_words(mark) for mark in re.findall(r'<p class="r-since">.*?</p>', page)]
    assert marks == ["changed in v0.2", "reads the same in v0.2, as §3", "no longer there in v0.2"]
    assert "changed" not in page.split('aria-label="On this page"')[1].split("</nav>")[0]
    workshop.write("notes/archive/rules-v0_2.md", _BETWEEN)
    (workshop.content / "notes/rules-v0_2.md").unlink()
    workshop.write("notes/rules-v0_3.md", _BETWEEN.replace("0.2", "0.3").replace("shut", "open"))
    workshop.build()
    page = (workshop.site / "view/notes/rules-v0_2.md.html").read_text("utf-8")
    assert [_words(mark) for mark in re.findall(r'<p class="r-since">.*?</p>', page)] == [
        "changed in v0.2; reads the same in v0.3",
        "new in v0.2; reads the same in v0.3",
        "unchanged since v0.1; §2 until v0.1; then changed in v0.3",
    ]
    assert held(workshop.site) == workshop.build_anew()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("notes/rules-v0_2.md", _BETWEEN.replace("shut", "open")),
        ("notes/rules-v0_2.md", _BETWEEN.replace("nine", "ten")),
        ("notes/archive/rules-v0_1.md", _OLD.replace("ten", "nine")),
        ("notes/archive/rules-v0_1_1.md", _OLD.replace("0.1", "0.1.1").replace("shut", "locked")),
    ],
)
def test_a_warm_build_is_a_cold_one_where_the_ground_moves(workshop: Workshop, path: str, text: str) -> None:
    """The citing document cites no version that is edited here but one."""
    workshop.write(path, text)
    counted = workshop.build()
    assert "view/notes/note-v0_1.md.html" in counted.rendered
    assert "view/other/other-v0_1.md.html" not in counted.rendered
    assert held(workshop.site) == workshop.build_anew()


def test_an_edit_that_moves_no_cited_ground_leaves_the_citing_page(workshop: Workshop) -> None:
    workshop.write("notes/rules-v0_2.md", _BETWEEN.replace("swept", "waxed"))
    counted = workshop.build()
    assert "view/notes/rules-v0_2.md.html" in counted.rendered
    assert "view/notes/note-v0_1.md.html" not in counted.rendered
    assert held(workshop.site) == workshop.build_anew()


def test_the_picture_is_a_table_that_leads_to_the_changes(workshop: Workshop) -> None:
    page = (workshop.site / "since/notes/rules.html").read_text("utf-8")
    rows = [_words(row) for row in re.findall(r"<tr class=.*?</tr>", page)]
    assert rows == [
        "1 Lampsin v0.1changed in v0.2, 24 %changed in v0.2",
        "2 Stairsnew in v0.2new in v0.2",
        "3 Doorsin v0.1the same in v0.2unchanged since v0.1; §2 until v0.1",
        "3 Keysin v0.1gone in v0.2gone in v0.2",
    ]
    assert 'href="../../compare/notes/rules-v0_1-to-v0_2.html#r-change-1" title="changed in v0.2, 24 %"' in page
    runs = [_words(run) for run in re.findall(r'<div class="r-run">.*?</div></div>', page, re.DOTALL)]
    assert runs[0].startswith("v0.1 1 Lamps")
    assert [run.split(" ")[0] for run in runs] == ["v0.1", "v0.2", "v0.1"]
    assert not (workshop.site / "since/other/other.html").exists()


def test_a_long_chain_with_many_sections_is_folded(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    for version in range(1, 16):
        parts = "".join(f"\n## {n}. Part {n}\n\nThe text of part {n}.\n" for n in range(1, 220))
        path = f"notes/{'archive/' * (version < 15)}many-v0_{version}.md"
        shop.write(path, f"# Many\n\nIts version {version}.\n{parts}")
    shop.build()
    page = (shop.site / "since/notes/many.html").read_text("utf-8")
    assert "The picture leaves out 19 sections, rows and labels and 3 versions" in page
    assert page.count("<tr class=") == 200
    assert page.split("<thead>")[1].split("</thead>")[0].count("<a ") == 12


def test_blame_gives_each_block_the_version_of_its_words(workshop: Workshop) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(record, ["blame", *arguments, "--content", str(workshop.content)])
        assert result.exit_code == 0, result.output
        return result.stdout

    told = json.loads(run("notes/rules-v0_2.md", "--json"))
    assert [(each["version"], each["text"]) for each in told["blocks"]] == [
        ("0.1", "## 1 Lamps"),
        ("0.2", "The lamps burn until nine."),
        ("0.2", "## 2 Stairs"),
        ("0.2", "The stairs are swept."),
        ("0.1", "## 3 Doors"),
        ("0.1", "The doors are shut."),
    ]
    assert run("notes/rules-v0_2.md").splitlines()[1] == "v0.2              The lamps burn until nine."
    assert {each["version"] for each in json.loads(run("rules v0.1", "--json"))["blocks"]} == {"0.1"}
    assert json.loads(run("notes/note-v0_1.md", "--json"))["blocks"][0]["version"] == "0.1"


def test_blame_of_what_cannot_be_followed_says_why(workshop: Workshop) -> None:
    workshop.write("notes/archive/rules-v0_0.html", "<title>Rules</title><p>Once.</p>")
    result = CliRunner().invoke(record, ["blame", "notes/rules-v0_2.md", "--content", str(workshop.content)])
    assert isinstance(result.exception, UsageError)
    assert "v0.2 cannot be followed back" in str(result.exception)


@pytest.mark.parametrize("count", [1, 10, 200])
@pytest.mark.parametrize("size", [20, 2_000])
def test_marks_are_bounded(count: int, size: int) -> None:
    body = "".join(f'<h2 id="s{at}">{at}</h2><p>{"x" * size}</p>' for at in range(count))
    marks = [SideNote(f"s{at}", "changed in v0.2", "x" * 150, "heading", at % 2 == 0) for at in range(count)]
    shown = with_marks(body, marks)
    assert shown.count("r-since") > 0 or size < 100
    assert len(shown) - len(body) <= 0.1 * (len(body) + 10_000)


def test_marks_stand_where_they_belong() -> None:
    body = (
        '<h2 id="s1"><a href="#s1">1</a> One</h2>\n<table><tr id="gate-1"><td>1</td><td>Text</td></tr></table>'
        '<p id="candidate-a"><b>Candidate A.</b></p><h3 id="other">O</h3>'
    )
    kinds = (("s1", "heading"), ("gate-1", "row"), ("candidate-a", "label"), ("gone", "row"))
    shown = with_marks(body, [SideNote(anchor, "new", "", kind, True) for anchor, kind in kinds])
    assert shown == (
        '<h2 id="s1"><a href="#s1">1</a> One</h2><p class="r-since">new</p>\n<table><tr id="gate-1"><td>1'
        '<small class="r-since">new</small></td><td>Text</td></tr></table><p id="candidate-a">'
        '<small class="r-since">new</small><b>Candidate A.</b></p><h3 id="other">O</h3>'
    )
