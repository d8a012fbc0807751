"""docs/python.md: its programs run as printed, and each name of its table is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import loomworks_record
import pytest
from support.site import PROJECT, write_content

DOCS = (PROJECT / "docs/python.md").read_text("utf-8")
PROGRAM = "\n".join(re.findall(r"^```python\n(.*?)^```", DOCS, re.M | re.S))
ROWS = re.findall(r"^\| `(\w+)` \| (.+) \|$", DOCS, re.M)


def test_the_programs_run_as_printed(tmp_path: Path) -> None:
    notes = {
        "rates-v0_2.md": "# Rates\n\n**Version.** 0.2\n\nTwo prices.\n",
        "archive/rates-v0_1.md": "# Rates\n\n**Version.** 0.1\n\nOne price.\n",
        "call-v0_1.md": "# Call\n\n**Version.** 0.1\n\nAs `rates-v0_1.md` has it.\n",
        "gone/archive/old-v0_1.md": "# Old\n\n**Version.** 0.1\n",
    }
    write_content(notes, tmp_path / "notes")
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    run = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert "rates-v0_2.md current 0.2" in run.stdout
    assert "gone/old has no version in force" in run.stdout
    assert "call-v0_1.md:5 cites rates-v0_1.md, now rates-v0_2.md" in run.stdout


def test_the_table_lists_every_name_that_is_for_others() -> None:
    functions = {"__version__", "load_project", "open_record"}
    assert {name for name, _ in ROWS} | functions == set(loomworks_record.__all__)


@pytest.mark.parametrize(("name", "text"), ROWS)
def test_each_class_has_what_the_table_says(name: str, text: str) -> None:
    cls = getattr(loomworks_record, name)
    fields = {*dir(cls), *getattr(cls, "__dataclass_fields__", ())}
    named = set(re.findall(r"`(\w+)(?:[(\[]\w+[)\]])?`", text)) - {"mkdocs", "open_record"}
    assert named
    assert named <= fields


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, loomworks_record; print([m for m in sys.modules if m.startswith('loomworks_record.')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert run.stdout.strip() == "[]"


def test_another_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'chains'"):
        _ = loomworks_record.chains
