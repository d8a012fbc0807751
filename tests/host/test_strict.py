"""``--strict``: errors and warnings of the record stop a build, notices and oddities of the host do not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.site import Build, mkdocs

SEARCHLESS = {"plugins": [{"record": {"search": False}}]}
MARKER = '<meta name="record" content="loomworks-record/1">'


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"a-v0_1.md": "# A\n"}, 0),
        ({"a-v0_1.md": "# A\n", "archive/.gitkeep": ""}, 0),
        ({"templates/a-v0_1.md": "# A\n", "with space-v0_1.md": "# Space\n"}, 0),
        ({"archive/a-v0_1.md": "# A\n", "a-v0_3.md": "# A\n"}, 0),
        ({"a-v0_1.md": ""}, 1),
        ({"a-v0_1.md": "# A\n", "a-v0_2.md": "# A\n"}, 1),
        ({"a-v0_1.md": "# A".encode("utf-16")}, 1),
        ({"a-v0_1.md": b"\xff\xfe\xfd"}, 1),
    ],
    ids=["clean", "kept folder", "notices", "a gap", "a warning", "misplaced", "utf-16", "an error"],
)
def test_strict(build_site: Callable[..., Build], content: dict[str, str | bytes], status: int) -> None:
    built = build_site(content, config=SEARCHLESS, strict=True)
    assert built.status == status, built.output
    assert "Traceback" not in built.output and "Deprecation" not in built.output


def test_strict_holds_where_the_host_counts_no_warning(build_site: Callable[..., Build]) -> None:
    """``mkdocs build --strict --quiet`` passes with a broken link; a problem of the record fails it all the same."""
    built = build_site({"a-v0_1.md": "# A\n", "a-v0_2.md": "# A\n"}, config=SEARCHLESS)
    assert built.status == 0, built.output
    status, output = mkdocs(built.folder, "build", "--strict", "--quiet")
    assert (status, "in the record; see above" in output) == (1, True), output


def test_without_strict_no_problem_stops_a_build(build_site: Callable[..., Build]) -> None:
    built = build_site({"a-v0_1.md": b"\xff\xfe\xfd", "a-v0_2.md": "", "archive/b-v0_1.md": "# B\n"}, config=SEARCHLESS)
    assert built.status == 0, built.output


@pytest.mark.parametrize("quiet", ["", "1"])
def test_the_notice_of_the_theme_is_answered_where_it_is_shown(build_site: Callable[..., Build], quiet: str) -> None:
    config = {**SEARCHLESS, "theme": {"name": "material"}}
    built = build_site({"a-v0_1.md": "# A\n"}, config=config, environment={"NO_MKDOCS_2_WARNING": quiet})
    assert built.output.count("Material's notice above asks nothing of you") == (0 if quiet else 1)


def test_a_readme_beside_an_index_is_no_fault(build_site: Callable[..., Build]) -> None:
    """MkDocs would leave it out and warn of it; here both are documents."""
    built = build_site({"a/README.md": "# R\n", "a/index.md": "# I\n"}, config=SEARCHLESS, strict=True)
    assert built.status == 0, built.output
    assert "Excluding" not in built.output
    assert all((built.site / f"view/a/{name}.md.html").is_file() for name in ("README", "index"))


def test_an_option_that_is_wrong_is_one_clear_line(build_site: Callable[..., Build]) -> None:
    built = build_site({"a-v0_1.md": "# A\n"}, config={"plugins": [{"record": {"hots": "none"}}]})
    assert built.status == 1
    assert "option 'hots' is not known" in built.output
    assert "Traceback" not in built.output and "Deprecation" not in built.output


def test_a_record_without_documents_is_built(build_site: Callable[..., Build]) -> None:
    built = build_site({}, config=SEARCHLESS, strict=True)
    assert built.status == 0, built.output
    assert json.loads(built.text("api/record.json"))["documents"] == []


# Another host may ignore a plugin without a word: what it then builds must be told from a record.


def test_a_site_that_the_plugin_did_not_build_is_seen(build_site: Callable[..., Build]) -> None:
    content = {"a-v0_1.md": "# A\n", "archive/a-v0_0.md": "# A\n"}
    ours = build_site(content, config=SEARCHLESS)
    assert list(unmarked(ours)) == []
    without = build_site(content, config={"plugins": [], "theme": {"name": "mkdocs"}})
    assert without.status == 0, without.output
    assert (without.site / "a-v0_1" / "index.html").is_file()
    assert list(unmarked(without)) == ["index.html", "404.html", "documents/index.html", "view/a-v0_1.md.html"]


def unmarked(built: Build) -> list[str]:
    """Of the pages that every record with this document has, those that are not there or carry no marker."""
    pages = ("index.html", "404.html", "documents/index.html", "view/a-v0_1.md.html")
    files = {page: built.site / page for page in pages}
    return [page for page, file in files.items() if not file.is_file() or MARKER not in file.read_text("utf-8")]


def test_the_sample_site_is_ours_page_by_page(sample_site: Build) -> None:
    pages = [page for page in sample_site.site.rglob("*.html") if not page.is_relative_to(sample_site.site / "raw")]
    documents = json.loads(sample_site.text("api/record.json"))["documents"]
    assert len(documents) >= 45
    assert len(pages) > 3 * len(documents)
    assert [page for page in pages if MARKER not in page.read_text("utf-8")] == []
    assert all((sample_site.site / document["url"].lstrip("/")).is_file() for document in documents)


def test_mkdocs_is_not_imported_by_the_reading_commands(tmp_path: Path) -> None:
    (tmp_path / "a-v0_1.md").write_text("# A\n")
    code = (
        "import sys\nfrom loomworks_record.cli.main import main\n"
        "try:\n    main([sys.argv[1], '--content', sys.argv[2]])\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('mkdocs', 'material')])"
    )
    for command in ("list", "check"):
        finished = subprocess.run([sys.executable, "-c", code, command, str(tmp_path)], capture_output=True, text=True)
        assert finished.stdout.endswith("[]\n"), finished
